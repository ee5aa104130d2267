# Faults of the supervisor itself, of its clients, and of what it stands on.
. "$(dirname "$0")/lib.sh"

_ready() {
	start_sshd
	make_catalog
	for name in "$@"; do
		add_bridge "$T/ops" "$name" "$(free_port)" 9 'reconnect: {backoff_initial: 1, backoff_max: 2}'
	done
	commit "$T/ops"
}

# A small disk under the state directory.
_small_disk() {
	[ "$(id -u)" = 0 ] || skip "mounting needs root: run as root"
	mkdir "$BRIDGE_STATE_DIR"
	mount -t tmpfs -o "size=$1,mode=700" tmpfs "$BRIDGE_STATE_DIR" 2>/dev/null ||
		skip "nothing can be mounted here: run on a machine that lets root mount"
	echo "$BRIDGE_STATE_DIR" >>"$T/mounts"
}

_remote_port() {
	sed -n 's/^remote_port: //p' "$T/ops/domains/edge/bridges/$1.yaml"
}

it_is_told_to_end() {
	local pid ssh
	_ready one two
	expect 0 bridge up
	pid=$(supervisor_pid) ssh=$(ssh_pid one)
	clock
	kill -TERM "$pid"
	nothing_is_left "$pid" "$ssh"
	state_is one stopped
	log_has one bridge_stopped
	[ ! -e "$BRIDGE_STATE_DIR/one.pid" ] || fail "a .pid was left"
	report 'supervisor SIGTERM' stopped "$(elapsed) to the end" nothing
	clock
	expect 0 bridge up --resume
	report 'and bridge up --resume' connected "$(elapsed)" nothing
}

it_is_killed() {
	local pid ssh
	_ready one two
	expect 0 bridge up
	pid=$(supervisor_pid) ssh=$(ssh_pid one)
	clock
	kill -KILL "$pid"
	nothing_is_left "$pid" "$ssh"
	expect 0 bridge status
	err_has 'no supervisor runs'
	out_has '^one +stopped'
	expect 0 bridge up --resume
	report 'supervisor SIGKILL' 'stopped (no supervisor runs)' "$(elapsed) with up --resume" 'open connections'
}

it_is_stopped_and_goes_on() {
	local pid ssh port
	_ready one
	expect 0 bridge up
	pid=$(supervisor_pid) ssh=$(ssh_pid one) port=$(_remote_port one)
	kill -STOP "$pid"
	listens "$port" || fail "the tunnel is gone"
	expect 3 timeout 60 bridge status
	err_has 'does not answer'
	# Its ssh dies while it cannot see that.
	kill -9 "$ssh"
	clock
	kill -CONT "$pid"
	wait_until 10 has_another_ssh one "$ssh"
	report 'supervisor SIGSTOP, ssh killed, SIGCONT' 'does not answer; connected' "$(elapsed)" nothing
}

a_client_is_killed_in_mid_command() {
	local client
	_ready $(seq -f 'b%02g' 20)
	for signal in KILL TERM INT; do
		bridge up >/dev/null 2>&1 &
		client=$!
		wait_until 10 state_is b01 connected
		kill -$signal $client 2>/dev/null || true
		wait $client 2>/dev/null || true
		# What it had asked for goes on, and what it had not can be asked for.
		expect 0 bridge up --wait 60
		same "$(bridge status --json | grep -c '"state": "connected"')" 20
		bridge down >/dev/null 2>&1 &
		client=$!
		kill -$signal $client 2>/dev/null || true
		wait $client 2>/dev/null || true
		expect 0 bridge down
		wait_until 10 state_is b20 stopped
	done
	report 'client killed in mid-command' 'no half-done bridge' 'at once' nothing
}

the_disk_is_full() {
	local ssh
	_small_disk 128k
	_ready one
	expect 0 bridge up
	ssh=$(ssh_pid one)
	# The log's last page has no room either.
	python3 - "$BRIDGE_STATE_DIR/one.log" <<-'PY'
		import os, sys
		line = '{"ts":"2026-01-01T00:00:00.000000","event":"filler","detail":"%s"}\n'
		with open(sys.argv[1], "a") as log:
		    room = -os.path.getsize(sys.argv[1]) % 4096
		    log.write(line % ("x" * (room - len(line) + 2)))
	PY
	dd if=/dev/zero of="$BRIDGE_STATE_DIR/fill" bs=4k 2>/dev/null || true
	while printf x >>"$BRIDGE_STATE_DIR/fill" 2>/dev/null; do :; done
	clock
	kill -9 "$ssh"
	wait_until 15 has_another_ssh one "$ssh"
	report 'disk full, ssh killed' connected "$(elapsed)" 'audit lines, counted'
	rm "$BRIDGE_STATE_DIR/fill"
	clock
	# In five seconds at the latest the files are true again.
	ssh=$(ssh_pid one)
	kill -9 "$ssh"
	wait_until 15 log_has one audit_lost
	wait_until 15 state_is one connected
	python3 - "$BRIDGE_STATE_DIR/one.log" <<-'PY'
		import json, sys
		for line in open(sys.argv[1]):
		    json.loads(line)
	PY
	report 'disk with room again' 'audit_lost, with their number' "$(elapsed)" nothing
	all_down
}

# Root may write everywhere: this is done as somebody else.
_as_nobody() {
	[ "$(id -u)" = 0 ] || return 0
	chmod 755 "$T"
	mkdir -p "$BRIDGE_STATE_DIR"
	chown -R nobody "$BRIDGE_STATE_DIR" "$HOME" "$T/key"
	git config --file "$GIT_CONFIG_GLOBAL" safe.directory '*'
	bridge() {
		setpriv --reuid=nobody --regid=nogroup --clear-groups "$BUILD/bridge" "$@"
	}
	bridge --version >/dev/null 2>&1 || skip "others may not run $BUILD/bridge: build where they may"
}

the_state_directory_is_read_only() {
	local ssh
	_ready one
	_as_nobody
	expect 0 bridge up
	ssh=$(ssh_pid one)
	chmod 500 "$BRIDGE_STATE_DIR"
	clock
	kill -9 "$ssh"
	wait_until 15 has_another_ssh one "$ssh"
	report 'state directory read-only, ssh killed' connected "$(elapsed)" nothing
	expect 0 bridge down --json
	chmod 700 "$BRIDGE_STATE_DIR"
	clock
	expect 0 bridge up
	wait_until 10 state_is one connected
	report 'and writable again' connected "$(elapsed)" nothing
	expect 0 bridge down
	state_is one stopped
}

the_state_directory_is_removed() {
	local pid ssh
	_ready one two
	expect 0 bridge up
	pid=$(supervisor_pid) ssh=$(ssh_pid one)
	clock
	rm -rf "$BRIDGE_STATE_DIR"
	wait_until 10 state_is one connected
	report 'state directory removed' 'connected; made again' "$(elapsed)" 'the audit log so far'
	_answers() { [ "$(supervisor_pid)" = "$pid" ]; }
	wait_until 5 _answers
	same "$(ssh_pid one)" "$ssh"
	wait_until 5 grep -qx "$pid" "$BRIDGE_STATE_DIR/two.pid"
	same "$(stat -c %a "$BRIDGE_STATE_DIR")" 700
	_wanted() { [ "$(json "$BRIDGE_STATE_DIR/.desired.json" 'sorted(d)')" = '["one", "two"]' ]; }
	wait_until 5 _wanted
	# Once more, and the socket alone; and moved away.
	rm "$BRIDGE_STATE_DIR/.supervisor.sock"
	wait_until 10 _answers
	mv "$BRIDGE_STATE_DIR" "$T/elsewhere"
	wait_until 10 _answers
	kill -9 "$ssh"
	wait_until 15 has_another_ssh one "$ssh"
	expect 0 "$BUILD/newer/bridge" supervise --upgrade
	_answers || fail "it did not survive the upgrade"
	all_down
}

one_whose_place_was_taken_meanwhile_ends() {
	local pid other
	_ready one
	expect 0 bridge up
	pid=$(supervisor_pid)
	kill -STOP "$pid"
	mv "$BRIDGE_STATE_DIR" "$T/elsewhere"
	expect 1 bridge up --wait 1
	other=$(supervisor_pid)
	[ "$other" != "$pid" ] || fail "no other supervisor"
	clock
	kill -CONT "$pid"
	wait_until 15 is_gone "$pid"
	wait_until 15 state_is one connected
	same "$(supervisor_pid)" "$other"
	grep -q 'another supervisor has taken' "$T/elsewhere/one.log" || fail "no word in the log"
	report 'state directory replaced, another supervisor there' 'the first ends' "$(elapsed)" 'open connections'
}

no_descriptor_is_left() {
	local pid hard
	_ready one two
	expect 0 bridge up one
	pid=$(supervisor_pid)
	hard=$(ulimit -Hn)
	prlimit --pid "$pid" --nofile=$(($(ls "/proc/$pid/fd" | wc -l) + 2)):"$hard"
	expect 1 bridge up two --wait 5
	out_has 'Too many open files'
	listens "$(_remote_port one)" || fail "the other tunnel has suffered"
	prlimit --pid "$pid" --nofile="$hard:$hard"
	clock
	wait_until 15 state_is two connected
	report 'no descriptor left' 'reconnecting (Too many open files)' "$(elapsed)" nothing
	all_down
}

a_log_is_rotated_while_it_is_followed() {
	local pid
	_ready one
	expect 0 bridge up
	bridge logs one --follow --json >"$T/followed" 2>&1 &
	pid=$!
	started $pid
	wait_until 10 grep -q bridge_connected "$T/followed"
	# As long as it may be: the next line goes into a new file.
	python3 - "$BRIDGE_STATE_DIR/one.log" <<-'PY'
		import sys
		line = '{"ts":"2026-01-01T00:00:00.000000","event":"filler","detail":"%s"}\n' % ("x" * 4000)
		with open(sys.argv[1], "a") as log:
		    while log.tell() < 10 * 1024 * 1024:
		        log.write(line)
	PY
	clock
	kill -9 "$(ssh_pid one)"
	wait_until 10 grep -q bridge_disconnected "$T/followed"
	wait_until 10 state_is one connected
	_both() { [ "$(grep -c bridge_connected "$T/followed")" = 2 ]; }
	wait_until 10 _both
	[ -s "$BRIDGE_STATE_DIR/one.log.1" ] || fail "the log was not rotated"
	report 'log rotated while followed' 'every line, once' "$(elapsed)" nothing
	same "$(grep -c bridge_disconnected "$T/followed")" 1
}

run_tests
