# The control socket against those who do not play by PROTOCOL.md, and what
# a bridge does when ssh does not play along.
. "$(dirname "$0")/lib.sh"

_up() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
}

# talk BYTES-AS-PYTHON: what the supervisor says after its hello
_talk() {
	python3 - "$BRIDGE_STATE_DIR/.supervisor.sock" "$1" <<-'PYTHON'
		import os, socket, sys
		os.chdir(os.path.dirname(sys.argv[1]))
		s = socket.socket(socket.AF_UNIX)
		s.settimeout(60)
		s.connect(".supervisor.sock")
		f = s.makefile("rb")
		f.readline()
		try:
		    s.sendall(eval(sys.argv[2]))
		except OSError:
		    pass
		print(f.readline().decode(), end="")
	PYTHON
}

strangers_to_the_protocol_are_refused_in_words() {
	_up
	local before
	before=$(supervisor_pid)

	expect 0 _talk 'b"{\"op\":\"status\"}\n"'
	out_has 'must be a hello'
	expect 0 _talk 'b"{\"op\":\"hello\",\"protocol\":99}\n"'
	out_has 'speaks protocol 1, not 99'
	expect 0 _talk 'b"GET / HTTP/1.0\r\n\r\n"'
	out_has 'one JSON object on one line'
	expect 0 _talk 'b"x" * 1100000'
	out_has 'at most 1 MiB'
	expect 0 _talk 'b" " * (1 << 20) + b"x\n"'
	out_has 'at most 1 MiB'
	expect 0 _talk 'b" " * ((1 << 20) - 1) + b"x\n"'
	out_has 'one JSON object on one line'
	expect 0 _talk 'b"{\"op\":\"launch\"}\n"'
	out_has 'unknown-op'

	same "$(supervisor_pid)" "$before"
	state_is hub connected
}

bridge_trace_shows_what_the_supervisor_does() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	BRIDGE_TRACE=$T/trace expect 0 bridge up hub
	grep -qE '^[0-9:.]{15} request hub up$' "$T/trace" || fail "no request in $(cat "$T/trace")"
	grep -qE "^[0-9:.]{15} start - pid [0-9]+: '[^']*ssh' .* '-R' " "$T/trace" || fail "no ssh in $(cat "$T/trace")"
	grep -qE 'ssh - pid [0-9]+ says: .*forward' "$T/trace" || fail "no line of ssh in $(cat "$T/trace")"
	grep -q 'event hub confirmed: starting -> connected' "$T/trace" || fail "no event in $(cat "$T/trace")"
	same "$(stat -c %a "$T/trace")" 600
	expect 0 bridge down hub
	wait_until 10 grep -q 'request hub down' "$T/trace"
}

a_trace_that_cannot_be_written_is_said_and_stops_nothing() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	BRIDGE_TRACE=relative expect 0 bridge up hub
	grep -q "BRIDGE_TRACE 'relative' is no absolute path" "$BRIDGE_STATE_DIR/.supervisor.err" ||
		fail "not said"
	state_is hub connected
}

an_ssh_that_ignores_everything_is_killed() {
	_up
	local ssh
	ssh=$(ssh_pid hub)
	kill -STOP "$ssh"

	expect 0 bridge down hub

	is_gone "$ssh" || fail "ssh is still there"
	state_is hub stopped
}

sixty_bridges_come_up_under_the_default_max_startups() {
	MAX_STARTUPS=10:30:100
	start_sshd
	make_catalog
	local i
	for i in $(seq 60); do
		add_bridge "$T/ops" "b$i" "$(free_port)" 9
	done
	commit "$T/ops"

	expect 0 bridge up --wait 120 --json

	same "$(json "$OUT" '{b["state"] for b in d["bridges"]} == {"connected"}')" true
	! grep -q bridge_reconnecting "$BRIDGE_STATE_DIR"/b*.log || fail "some were dropped"
}

another_user_is_refused_in_words() {
	[ "$(id -u)" = 0 ] || skip "needs another user: run as root"
	_up
	chmod 755 "$T" "$BRIDGE_STATE_DIR"
	chmod 666 "$BRIDGE_STATE_DIR/.supervisor.sock"
	expect 0 setpriv --reuid=nobody --regid=nogroup --clear-groups "$PYTHON" -c '
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
print(s.makefile().read())' "$BRIDGE_STATE_DIR/.supervisor.sock"
	out_has '"code":"forbidden".*belongs to another user'
	out_lacks '"bridge":'
	state_is hub connected
}

a_quiet_supervisor_does_nothing() {
	need strace strace
	_up
	local pid
	pid=$(supervisor_pid)
	# What its start had put off is done by now.
	_quiet() {
		timeout 2 strace -f -o "$T/trace" -p "$pid" >/dev/null 2>&1 || true
		[ "$(grep -vcE 'resumed|detached|unfinished|restart_syscall' "$T/trace")" = 0 ]
	}
	wait_until 10 _quiet
	[ -s "$T/trace" ] || skip "strace may not attach: run as root"
	_quiet || fail "$(head -n 5 "$T/trace")"
}

run_tests
