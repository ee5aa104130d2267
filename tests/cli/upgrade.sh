# bridge supervise --upgrade: the supervisor becomes another program, and no
# tunnel notices.
. "$(dirname "$0")/lib.sh"

# Two versions of the real programs: the one that is tested, and the same with
# a later version, in a folder of their own.
_two_versions() {
	NEWER=$BUILD/newer
	NEW=$NEWER/bridge
	[ -x "$NEW" ] || fail "no $NEW: run make test, or make cli"
}

_ready() {
	_two_versions
	ready_bridges "$@"
}

_field() {
	bridge status "$1" --json >"$T/field" && json "$T/field" "d['bridges'][0]['$2']"
}

a_newer_bridge_says_that_the_supervisor_is_older() {
	_ready one
	expect 0 bridge up
	err_lacks 'is version'
	expect 0 "$NEW" status
	err_has 'running supervisor .pid [0-9]+. is version 0.*, this is 99.1; .bridge supervise --upgrade'
	same "$(grep -c 'is version' "$ERR")" 1
	expect 0 "$NEW" up
	err_has 'is version'
	# The other way round there is nothing to be done.
	expect 0 "$NEW" supervise --upgrade
	expect 0 bridge status
	err_lacks 'is version'
}

tunnels_live_through_an_upgrade() {
	local web pid ssh_one since port lines
	_ready one two
	web=$(free_port)
	start_service "$web" hello
	port=$(free_port)
	add_bridge "$T/ops" web "$port" "$web" \
		"health_check: {url: 'http://127.0.0.1:$web/', interval_seconds: 1}"
	commit "$T/ops"
	expect 0 bridge up
	pid=$(supervisor_pid)
	ssh_one=$(ssh_pid one) since=$(_field one since)
	lines=$(wc -l <"$BRIDGE_STATE_DIR/one.log")
	# A connection that is open all the time, and asks again afterwards.
	exec 7<>"/dev/tcp/127.0.0.1/$port"

	expect 0 "$NEW" supervise --upgrade
	out_has "supervisor .pid $pid. runs version 99.1; 3 bridges kept"

	same "$(readlink "/proc/$pid/exe")" "$NEWER/bridge-supervisor"
	same "$(supervisor_pid)" "$pid"
	same "$(ssh_pid one)" "$ssh_one"
	same "$(_field one since)" "$since"
	same "$(_field one state)" connected
	same "$(wc -l <"$BRIDGE_STATE_DIR/one.log")" "$lines"
	printf 'GET / HTTP/1.0\r\n\r\n' >&7
	grep -q hello <&7 || fail "the connection through the tunnel was cut"
	_checked() { bridge status web --json | grep -q '"ok": true'; }
	wait_until 10 _checked

	# It is their parent still: a drop is seen and mended, a stop is one.
	kill "$ssh_one"
	wait_until 10 has_another_ssh one "$ssh_one"
	wait_until 5 log_has one bridge_disconnected
	expect 0 bridge down
	wait_until 10 is_gone "$pid"
	_closed() { ! listens "$port"; }
	wait_until 10 _closed
}

shared_connections_live_through_an_upgrade() {
	local pid master
	_ready one
	for name in a b c; do
		add_bridge "$T/ops" $name "$(free_port)" 9 'share_connection: true'
	done
	commit "$T/ops"
	expect 0 bridge up
	pid=$(supervisor_pid) master=$(ssh_pid a)
	expect 0 "$NEW" supervise --upgrade
	same "$(ssh_pid b)" "$master"
	# Forwards come and go on it as before.
	expect 0 bridge down b
	! listens "$(sed -n 's/remote_port: //p' "$T/ops/domains/edge/bridges/b.yaml")" ||
		fail "b still listens"
	expect 0 bridge up b
	same "$(ssh_pid b)" "$master"
	kill -9 "$master"
	wait_until 15 has_another_ssh a "$master"
	wait_until 15 has_another_ssh c "$master"
	expect 0 bridge down
	wait_until 10 is_gone "$pid"
}

what_waits_goes_on_waiting_and_what_failed_stays_failed() {
	local retry
	_ready one
	cat >>"$HOME/.config/bridge/tunnels.yaml" <<-YAML
		defaults: {reconnect: {backoff_initial: 300, backoff_max: 300}}
		tunnels:
		  waits: {extends: one, host: 127.0.0.1, ssh_port: 1, remote_port: 20001}
		  failed: {extends: one, remote_port: 20002, host_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"]}
	YAML
	expect 1 bridge up
	state_is waits reconnecting
	state_is failed failed
	retry=$(_field waits retry_in_seconds)
	expect 0 "$NEW" supervise --upgrade
	same "$(_field waits state)" reconnecting
	[ "$(_field waits retry_in_seconds)" -le "$retry" ] || fail "the wait began anew"
	[ "$(_field waits retry_in_seconds)" -gt 200 ] || fail "the wait was cut short"
	same "$(_field waits attempts)" 1
	same "$(_field failed state)" failed
	_field failed last_event | grep -q '"reason": "host-key"' || fail "the cause is lost"
	_field failed last_event | grep -qi 'host key' || fail "the reason is lost"
}

a_program_that_cannot_take_over_is_refused_and_nothing_happens() {
	local pid
	_ready one
	expect 0 bridge up
	pid=$(ssh_pid one)
	mkdir "$T/broken"
	cp "$NEW" "$T/broken/bridge"
	printf '#!/bin/sh\nexit 1\n' >"$T/broken/bridge-supervisor"
	chmod 755 "$T/broken/bridge-supervisor"
	expect 3 "$T/broken/bridge" supervise --upgrade
	err_has "does not run, or cannot take over"
	# Also one that goes away between the question and the act.
	python3 - "$BRIDGE_STATE_DIR/.supervisor.sock" <<-'PY'
		import json, socket, sys
		s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
		f = s.makefile("rw")
		f.readline()
		for request in ({"op": "hello", "protocol": 1, "version": "x", "id": 1},
		        {"op": "upgrade", "program": "/nowhere/bridge-supervisor", "id": 2}):
		    f.write(json.dumps(request) + "\n"); f.flush()
		    reply = json.loads(f.readline())
		assert reply["error"]["code"] == "upgrade", reply
		assert "No such file" in reply["error"]["message"], reply
	PY
	same "$(ssh_pid one)" "$pid"
	state_is one connected
	expect 0 bridge down
}

without_a_supervisor_there_is_nothing_to_upgrade() {
	_two_versions
	expect 0 "$NEW" supervise --upgrade
	err_has 'no supervisor runs'
}

the_foreground_goes_along_and_systemd_hears_nothing_of_it() {
	local pid
	_ready one
	mkdir "$T/installed"
	cp "$BUILD/bridge" "$BUILD/bridge-supervisor" "$T/installed"
	python3 "$ROOT/tests/cli/notify.py" "$T/notify" "$T/said" &
	started $!
	wait_until 10 test -S "$T/notify"
	NOTIFY_SOCKET=$T/notify WATCHDOG_USEC=200000 "$T/installed/bridge" supervise \
		--quiet >"$T/log" 2>&1 &
	pid=$!
	started $pid
	wait_until 10 grep -q READY=1 "$T/said"
	expect 0 bridge up
	ssh_one=$(ssh_pid one)
	# As a package manager would: new files in place of the old.
	for program in bridge bridge-supervisor; do
		cp "$NEWER/$program" "$T/installed/new"
		mv "$T/installed/new" "$T/installed/$program"
	done
	expect 0 "$T/installed/bridge" supervise --upgrade
	_new() { [ "$(readlink "/proc/$pid/exe")" = "$T/installed/bridge" ]; }
	wait_until 10 _new
	same "$(ssh_pid one)" "$ssh_one"
	_ready_again() { [ "$(grep -c READY=1 "$T/said")" = 2 ]; }
	wait_until 10 _ready_again
	_beats() { tail -n 3 "$T/said" | grep -q WATCHDOG=1; }
	wait_until 10 _beats
	kill -TERM $pid
	wait $pid || fail "it did not end well"
	state_is one stopped
}

run_tests
