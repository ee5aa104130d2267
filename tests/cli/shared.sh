# share_connection: many bridges over one ssh.
. "$(dirname "$0")/lib.sh"

# _ready NAME...: bridges that share a connection, each with a port of its own
# in PORT_name, to a service behind all of them.
_ready() {
	local name
	LOCAL=$(free_port)
	start_service "$LOCAL" "the service"
	make_catalog
	for name in "$@"; do
		declare -g "PORT_$name=$(free_port)"
		local port=PORT_$name
		add_bridge "$T/ops" "$name" "${!port}" "$LOCAL" 'share_connection: true'
	done
	commit "$T/ops"
}

_pids() {
	bridge status --json 2>/dev/null >"$T/status" &&
		json "$T/status" 'len({b["pid"] for b in d["bridges"]})'
}

_children() {
	pgrep -c -P "$(supervisor_pid)" -x ssh
}

_count() {
	grep -c "\"event\":\"$2\"" "$BRIDGE_STATE_DIR/$1.log"
}

two_bridges_share_one_ssh() {
	start_sshd
	_ready one two

	expect 0 bridge up

	same "$(_pids)" 1
	same "$(_children)" 1
	same "$(fetch "http://127.0.0.1:$PORT_one/")" "the service"
	same "$(fetch "http://127.0.0.1:$PORT_two/")" "the service"
	same "$(_count one bridge_connected)$(_count two bridge_connected)" 11
}

a_forward_comes_and_goes_without_touching_the_others() {
	start_sshd
	_ready one two
	expect 0 bridge up one
	local pid
	pid=$(ssh_pid one)

	expect 0 bridge up two
	same "$(ssh_pid two)" "$pid"
	expect 0 bridge down one
	! listens "$PORT_one" || fail "its port is still there"
	same "$(fetch "http://127.0.0.1:$PORT_two/")" "the service"
	expect 0 bridge up one
	expect 0 bridge restart one
	same "$(ssh_pid one)" "$pid"
	same "$(fetch "http://127.0.0.1:$PORT_one/")" "the service"
	same "$(_count two bridge_connected)" 1
	! log_has two bridge_disconnected || fail "two lost its connection"
}

the_connection_ends_with_its_last_bridge() {
	start_sshd
	_ready one two
	expect 0 bridge up
	local pid supervisor
	pid=$(ssh_pid one)
	supervisor=$(supervisor_pid)
	expect 0 bridge down
	is_gone "$pid" || fail "ssh still runs"
	wait_until 5 is_gone "$supervisor"
	same "$(find "$BRIDGE_STATE_DIR" -name '.mux.*')" ''
	state_is one stopped
	state_is two stopped
}

a_port_that_is_taken_concerns_its_own_bridge_alone() {
	start_sshd
	_ready one two
	start_service "$PORT_two" "somebody else"
	expect 1 bridge up
	state_is one connected
	state_is two reconnecting
	same "$(tail -n 1 "$BRIDGE_STATE_DIR/two.log" >"$T/last" && json "$T/last" 'd["reason"]')" port-in-use
	kill "$SERVICE_PID"
	wait_until 5 is_gone "$SERVICE_PID"
	expect 0 bridge up two
	same "$(fetch "http://127.0.0.1:$PORT_two/")" "the service"
	same "$(_count one bridge_connected)" 1
}

a_second_bridge_on_the_same_port_is_told_of_the_first() {
	start_sshd
	_ready one
	{
		echo tunnels:
		inline two "$PORT_one" "$LOCAL" 'share_connection: true'
	} >>"$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge up one
	expect 1 bridge up two
	out_has "bridge 'one' listens on port $PORT_one there"
	same "$(fetch "http://127.0.0.1:$PORT_one/")" "the service"
	expect 0 bridge down one
	expect 0 bridge up two
	same "$(fetch "http://127.0.0.1:$PORT_one/")" "the service"
}

a_connection_that_dies_brings_all_back_on_a_new_one() {
	start_sshd
	_ready one two three
	expect 0 bridge up
	local pid
	pid=$(ssh_pid one)

	kill -9 "$pid"

	_back() { [ "$(_count "$1" bridge_connected)" = 2 ]; }
	for name in one two three; do
		wait_until 10 _back "$name"
		log_has "$name" bridge_disconnected
	done
	same "$(_pids)" 1
	same "$(_children)" 1
	[ "$(ssh_pid one)" != "$pid" ] || fail "the same process"
	same "$(fetch "http://127.0.0.1:$PORT_three/")" "the service"
}

a_server_that_goes_and_comes_brings_all_back() {
	start_sshd
	_ready one two
	expect 0 bridge up
	local session
	for session in $(pgrep -P "$SSHD_PID"); do
		started "$session"
		kill "$session"
	done
	_back() { [ "$(_count "$1" bridge_connected)" = 2 ]; }
	wait_until 10 _back one
	wait_until 10 _back two
}

a_refused_key_is_said_of_each() {
	start_sshd
	_ready one two
	: >"$T/sshd/authorized_keys"
	expect 1 bridge up
	same "$(grep -c 'Permission denied' "$OUT")" 2
	state_is one reconnecting
	state_is two reconnecting
}

an_ssh_that_hangs_does_not_hold_down_up() {
	start_sshd
	_ready one two
	expect 0 bridge up
	kill -STOP "$(ssh_pid one)"
	expect 0 bridge down one
	state_is one stopped
}

another_way_is_another_connection() {
	start_sshd
	_ready one two
	printf 'host_keys:\n  - %s\n' "$(cut -d' ' -f1,2 "$T/sshd/host.pub")" \
		>>"$T/ops/domains/edge/bridges/two.yaml"
	commit "$T/ops"
	expect 0 bridge up
	same "$(_pids)" 2
	expect 0 bridge down
	same "$(find "$BRIDGE_STATE_DIR" -name '.mux.*')" ''
}

checks_from_the_remote_end_do_not_fail_at_the_start() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	make_catalog
	local name
	for name in a b c d e f; do
		add_bridge "$T/ops" $name "$(free_port)" "$LOCAL" 'share_connection: true' \
			"health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 1, timeout_seconds: 60}"
	done
	commit "$T/ops"
	expect 0 bridge up
	_checked() { [ "$(bridge status --json | grep -c '"ok": true')" = 6 ]; }
	wait_until 10 _checked
	for name in a b c d e f; do
		log_has $name health_check_failed && fail "$name failed at first"
	done
	true
}

a_check_from_the_remote_end_works_on_it_too() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	make_catalog
	add_bridge "$T/ops" one "$(free_port)" "$LOCAL" 'share_connection: true' \
		"health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 1, timeout_seconds: 60}"
	add_bridge "$T/ops" two "$(free_port)" "$LOCAL" 'share_connection: true'
	commit "$T/ops"
	expect 0 bridge up
	_known() { bridge status one --json | grep -q '"ok": true'; }
	wait_until 5 _known

	kill "$SERVICE_PID"

	wait_until 10 state_is one degraded
	expect 0 bridge down one
	same "$(find "$BRIDGE_STATE_DIR" -name '.one.health')" ''
}

a_unix_socket_is_reached_through_it() {
	start_sshd
	_ready one
	start_socket_service "$T/service.sock" "the socket"
	sed -i "s|^local_port.*|local_host: $T/service.sock|" "$T/ops/domains/edge/bridges/one.yaml"
	echo 'local_port: 1' >>"$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	expect 0 bridge up
	same "$(fetch "http://127.0.0.1:$PORT_one/")" "the socket"
}

nothing_is_left_when_the_supervisor_is_killed() {
	start_sshd
	_ready one two
	expect 0 bridge up
	local pid
	pid=$(ssh_pid one)
	kill -9 "$(supervisor_pid)"
	wait_until 5 is_gone "$pid"
	: >"$BRIDGE_STATE_DIR/.mux.77.hosts"
	expect 0 bridge up
	same "$(_pids)" 1
	expect 0 bridge down
	same "$(find "$BRIDGE_STATE_DIR" -name '.mux.*')" ''
}

two_hundred_bridges_are_one_ssh() {
	start_sshd
	make_catalog
	local i
	for i in $(seq 200); do
		add_bridge "$T/ops" "b$i" "$(free_port)" 9 'share_connection: true'
	done
	commit "$T/ops"
	expect 0 bridge up --wait 120
	same "$(grep -c connected "$OUT")" 200
	same "$(_pids)" 1
	same "$(_children)" 1
	expect 0 bridge down
}

run_tests
