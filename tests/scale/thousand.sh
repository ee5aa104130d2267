# A thousand bridges: what each costs, and that none of them is in the way.
. "$(dirname "$0")/lib.sh"

_thousand() {
	many 1000
	expect 0 bridge up bridge-1
	PID=$(supervisor_pid)
	BEFORE=$(own_memory "$PID")
}

a_bridge_costs_less_than_ten_kibibytes() {
	local each
	! ldd "$BUILD/bridge" | grep -q libasan || skip "sanitizers take memory of their own"
	_thousand
	expect 0 bridge up --quiet --wait 120
	expect 0 bridge status --json
	same "$(json "$OUT" 'sum(b["state"] == "connected" for b in d["bridges"])')" 1000
	each=$(($(own_memory "$PID") - BEFORE))
	note "memory of 999 bridges more: $each KiB"
	[ $each -lt 9990 ] || fail "$each KiB"
	expect 0 bridge down --quiet
}

a_thousand_that_are_quiet_wake_nobody() {
	need strace strace
	_thousand
	expect 0 bridge up --quiet --wait 120
	# What their start had put off is done by now.
	_quiet() {
		timeout 1 strace -f -o "$T/trace" -p "$PID" >/dev/null 2>&1 || true
		[ "$(grep -vcE 'resumed|detached|unfinished|restart_syscall' "$T/trace")" = 0 ]
	}
	wait_until 30 _quiet
	_quiet || fail "$(head -n 5 "$T/trace")"
	expect 0 bridge down --quiet
}

requests_are_answered_while_a_thousand_start() {
	local up
	_thousand
	bridge up --quiet --wait 120 &
	up=$!
	# The slowest answer until all are up, next to the whole start.
	python3 - "$BRIDGE_STATE_DIR/.supervisor.sock" >"$T/starts" <<-'PY' ||
		import json, socket, sys, time
		s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
		f = s.makefile("rw")
		def ask(**request):
		    f.write(json.dumps(request) + "\n"); f.flush()
		    return json.loads(f.readline())
		f.readline()
		ask(op="hello", protocol=1, version="x", id=0)
		begin = time.monotonic(); worst = 0; count = 0
		while True:
		    start = time.monotonic()
		    reply = ask(op="status", brief=True, id=1)
		    took = time.monotonic() - start
		    worst = max(worst, took); count += 1
		    up = sum(b["state"] == "connected" for b in reply["bridges"])
		    if up == 1000:
		        break
		    if time.monotonic() - begin > 120:
		        sys.exit("not all came up")
		whole = time.monotonic() - begin
		print(f"1,000 starts: {whole:.1f} s, {count} requests meanwhile, the slowest {worst * 1000:.0f} ms")
		# Counted against the run itself: a slow machine slows both.
		sys.exit(worst > 0.5 and worst > whole / 4)
	PY
		fail "requests starve: $(cat "$T/starts")"
	note "$(cat "$T/starts")"
	wait $up || fail "up failed"
	expect 0 bridge down --quiet
}

status_of_a_thousand_is_a_matter_of_milliseconds() {
	need strace strace
	_thousand
	expect 0 bridge up --quiet --wait 120
	note "$(python3 - "$BUILD/bridge" "$BRIDGE_STATE_DIR/.supervisor.sock" <<-'PY'
		import json, socket, statistics, subprocess, sys, time
		s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[2])
		f = s.makefile("rw"); f.readline()
		def ask(line):
		    f.write(line + "\n"); f.flush()
		    return f.readline()
		ask('{"op":"hello","protocol":1,"id":0}')
		def run(*words):
		    subprocess.run([sys.argv[1], *words], stdout=subprocess.DEVNULL, check=True)
		def median(what):
		    times = []
		    for _ in range(40):
		        start = time.perf_counter()
		        what()
		        times.append((time.perf_counter() - start) * 1000)
		    return statistics.median(times)
		print("status of 1,000, medians: the supervisor's answer %.1f ms, `bridge status` %.1f ms,"
		      " `bridge status NAME` %.1f ms, `bridge --version` %.1f ms" % (
		      median(lambda: ask('{"op":"status","brief":true,"id":1}')),
		      median(lambda: run("status")), median(lambda: run("status", "bridge-500")),
		      median(lambda: run("--version"))))
	PY
	)"
	# No bound in time for a test: what it writes and reads is bounded instead.
	expect 0 bridge status
	same "$(wc -l <"$OUT")" 1001
	expect 0 strace -f -e trace=recvfrom -o "$T/trace" bridge status bridge-500 --json
	same "$(json "$OUT" 'd["bridges"][0]["name"]')" bridge-500
	[ "$(awk '/recvfrom/ { sum += $NF } END { print sum }' "$T/trace")" -lt 4096 ] ||
		fail "one bridge is asked for, and more is sent: $(cat "$T/trace")"
	expect 1 bridge status bridge-5000
	err_has "no bridge is called 'bridge-5000'"
	expect 0 bridge down --quiet
}

a_subscriber_that_never_reads_costs_nobody_anything() {
	local before after
	_thousand
	python3 - "$BRIDGE_STATE_DIR/.supervisor.sock" "$T/stuck" <<-'PY' &
		import socket, sys, time
		s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
		s.recv(4096)
		s.sendall(b'{"op":"hello","protocol":1,"id":1}\n{"op":"subscribe","id":2}\n')
		open(sys.argv[2], "w").close()
		time.sleep(600)
	PY
	started $!
	wait_until 10 test -e "$T/stuck"
	python3 - "$BRIDGE_STATE_DIR/.supervisor.sock" "$T/reads" >"$T/events" <<-'PY' &
		import socket, sys
		s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
		f = s.makefile("rw"); f.readline()
		f.write('{"op":"hello","protocol":1,"id":1}\n{"op":"subscribe","id":2}\n'); f.flush()
		f.readline(); f.readline()
		open(sys.argv[2], "w").close()
		for line in f:
		    print(line, end="", flush=True)
	PY
	started $!
	wait_until 10 test -e "$T/reads"
	expect 0 bridge up --quiet --wait 120
	before=$(own_memory "$PID")
	# Far more than it may leave unread.
	for _ in 1 2 3 4; do
		pkill -KILL -P "$PID" ssh
		_all() { [ "$(bridge status | grep -c ' connected ')" = 1000 ]; }
		wait_until 60 _all
	done
	after=$(own_memory "$PID")
	note "memory with a stuck subscriber: $before KiB, after 8,000 events more $after KiB"
	[ $((after - before)) -lt 8192 ] || fail "its memory grew by $((after - before)) KiB"
	_heard() { [ "$(grep -c bridge_connected "$T/events")" -ge 4999 ]; }
	wait_until 20 _heard
	expect 0 bridge down --quiet
}

run_tests
