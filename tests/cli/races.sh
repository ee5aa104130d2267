# Two things at once, and what is true when a command returns.
. "$(dirname "$0")/lib.sh"

# An ssh that begins two seconds late, and one that ends four seconds late.
_slow_to_begin() {
	printf '#!/bin/sh\nsleep 2\nexec %s -F /dev/null "$@"\n' "$REAL_SSH" >"$T/bin/ssh"
}

_slow_to_end() {
	cat >"$T/bin/ssh" <<-SH
		#!/bin/sh
		trap 'kill \$ssh; exec sleep 4' TERM
		$REAL_SSH -F /dev/null "\$@" &
		ssh=\$!
		wait \$ssh
	SH
}

_last_event() {
	tail -n 1 "$BRIDGE_STATE_DIR/$1.log" | grep -o '"event":"[a-z_]*"'
}

the_files_of_the_last_bridge_are_true_when_down_returns() {
	ready_bridges a
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		expect 0 bridge up a
		expect 0 bridge down a
		state_is a stopped || fail "it says $(cat "$BRIDGE_STATE_DIR/a.state")"
		[ ! -e "$BRIDGE_STATE_DIR/a.pid" ] || fail "its .pid is there"
		same "$(_last_event a)" '"event":"bridge_stopped"'
	done
}

what_is_wanted_is_on_disk_when_a_command_returns() {
	ready_bridges a b
	expect 0 bridge up
	expect 0 bridge down a
	kill -9 "$(cat "$BRIDGE_STATE_DIR/b.pid")"
	grep -q '"a":{' "$BRIDGE_STATE_DIR/.desired.json" && fail "a would come back"
	expect 0 bridge up b
	expect 0 bridge up a --no-wait
	kill -9 "$(cat "$BRIDGE_STATE_DIR/b.pid")"
	grep -q '"a":{' "$BRIDGE_STATE_DIR/.desired.json" || fail "a would not come back"
}

# _during_an_upgrade COMMAND...: it is stopped behind its first request, and goes
# on with the second once another program has taken the supervisor's place.
_during_an_upgrade() {
	need strace strace
	ASAN_OPTIONS=detect_leaks=0 strace -o "$T/trace" -e trace=sendto -e inject=sendto:signal=SIGSTOP:when=2 \
		"$@" >"$T/said" 2>&1 &
	local command=$!
	wait_until 10 grep -q 'stopped by SIGSTOP' "$T/trace"
	expect 0 bridge supervise --upgrade
	kill -CONT "$(pgrep -P $command)"
	wait $command || fail "$* failed: $(cat "$T/said")"
	[ "$(grep -c '^sendto' "$T/trace")" -gt 2 ] || fail "it had said all: $(cat "$T/trace")"
}

down_holds_for_the_supervisor_that_takes_over() {
	ready_bridges a keep
	expect 0 bridge up
	local ssh
	ssh=$(ssh_pid a)
	_during_an_upgrade bridge down a
	is_gone "$ssh" || fail "its ssh still runs"
	state_is a stopped
	state_is keep connected
}

up_and_restart_wait_through_an_upgrade() {
	_slow_to_begin
	ready_bridges a
	local command
	for command in up restart; do
		bridge $command a --wait 120 >"$T/said" 2>&1 &
		local pid=$!
		wait_until 10 state_is a starting
		expect 0 bridge supervise --upgrade
		wait $pid || fail "$command: $(cat "$T/said")"
		grep -q '^a  connected' "$T/said"
	done
}

a_signal_in_the_middle_of_an_upgrade_is_obeyed_after_it() {
	ready_bridges a
	for i in 1 2 3 4 5 6 7 8; do
		expect 0 bridge up
		local pid
		pid=$(cat "$BRIDGE_STATE_DIR/a.pid")
		bridge supervise --upgrade -q >/dev/null 2>&1 &
		perl -e "select undef, undef, undef, 0.00${i}5"
		kill -TERM "$pid"
		wait $! || true
		wait_until 10 is_gone "$pid"
		state_is a stopped || fail "it says $(cat "$BRIDGE_STATE_DIR/a.state")"
		same "$(_last_event a)" '"event":"bridge_stopped"'
	done
}

who_restarts_hears_that_it_was_taken_down() {
	_slow_to_end
	ready_bridges a keep
	expect 0 bridge up
	bridge restart a >"$T/said" 2>&1 &
	local restart=$!
	wait_until 10 state_is a stopping
	expect 0 bridge down a
	wait $restart && fail "restart succeeded"
	grep -q 'refused *it was taken down meanwhile' "$T/said" || fail "it says $(cat "$T/said")"
	state_is a stopped
}

a_restart_by_name_keeps_what_another_asked_for() {
	_slow_to_end
	ready_bridges a keep
	expect 0 bridge up
	local port
	port=$(free_port)
	python3 - "$BRIDGE_STATE_DIR" "$port" <<-'PYTHON'
		import json, os, socket, sys
		os.chdir(sys.argv[1])
		def client():
		    s = socket.socket(socket.AF_UNIX)
		    s.settimeout(60)
		    s.connect(".supervisor.sock")
		    f = s.makefile("rw")
		    f.readline()
		    ask(f, "hello", protocol=1, version="x")
		    return f
		def send(f, op, **rest):
		    f.write(json.dumps({"op": op, "id": 1, **rest}) + "\n")
		    f.flush()
		def ask(f, op, **rest):
		    send(f, op, **rest)
		    return json.loads(f.readline())
		first, second = client(), client()
		bridge = ask(first, "status", names=["a"], definitions=True)["bridges"][0]["definition"]
		bridge["remote_port"] = int(sys.argv[2])
		send(first, "restart", bridge=bridge)
		while ask(second, "status", names=["a"])["bridges"][0]["state"] != "stopping": pass
		assert ask(second, "restart", name="a")["ok"]
		assert json.loads(first.readline())["ok"]
		port = ask(second, "status", names=["a"])["bridges"][0]["remote_port"]
		assert port == int(sys.argv[2]), port
	PYTHON
}

a_failed_bridge_begins_anew_as_it_is_defined_now() {
	ready_bridges a
	local port
	port=$(free_port)
	start_service "$port" taken
	add_bridge "$T/ops" a "$port" 9 'reconnect: {max_attempts: 2, backoff_initial: 0.1, backoff_max: 0.1}'
	commit "$T/ops"
	bridge up a >/dev/null || true
	wait_until 10 state_is a failed
	bridge up a >/dev/null || true
	wait_until 10 state_is a failed
	same "$(grep -c bridge_reconnecting "$BRIDGE_STATE_DIR/a.log")" 2
	grep -q 'attempt [3-9] of 2' "$BRIDGE_STATE_DIR/a.log" && fail "old attempts count"
	add_bridge "$T/ops" a "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up a
	out_has '^a +connected'
	out_lacks already
	err_lacks older
}

attempts_that_cannot_start_are_counted_too() {
	ready_bridges a
	local port
	port=$(free_port)
	add_bridge "$T/ops" a "$port" 9 'share_connection: true'
	add_bridge "$T/ops" b "$port" 9 'share_connection: true' \
		'reconnect: {max_attempts: 2, backoff_initial: 0.1, backoff_max: 0.1}'
	commit "$T/ops"
	expect 0 bridge up a
	bridge up b >/dev/null || true
	wait_until 10 state_is b failed
	wait_until 5 grep -q "bridge 'a' listens on port $port there (attempt 2 of 2)\"" "$BRIDGE_STATE_DIR/b.log"
}

a_stalled_link_keeps_no_down_waiting_and_cuts_nobody_off() {
	local name pid
	ready_bridges a
	for name in a b c; do
		add_bridge "$T/ops" $name "$(free_port)" 9 'share_connection: true'
	done
	commit "$T/ops"
	expect 0 bridge up a b
	local ssh
	ssh=$(ssh_pid a)
	for pid in $(pgrep -P "$SSHD_PID"); do
		for pid in $pid $(pgrep -P "$pid"); do
			kill -STOP "$pid"
			started "$pid"
		done
	done
	expect 0 bridge up c --no-wait
	# b is waited for, five seconds; c, which has never been up, is not.
	local begin=${EPOCHREALTIME/./} down_c both
	expect 0 bridge down c
	down_c=$((${EPOCHREALTIME/./} - begin))
	expect 0 bridge down b
	both=$((${EPOCHREALTIME/./} - begin))
	[ $down_c -lt $((both - down_c)) ] || fail "down took $down_c us, then $((both - down_c)) us"
	[ $both -lt 30000000 ] || fail "both took $both us"
	same "$(ssh_pid a)" "$ssh"
	state_is a connected
	# Once it goes on, what was asked for in vain is taken back.
	for pid in $(pgrep -P "$SSHD_PID"); do
		for pid in $(pgrep -P "$pid") $pid; do kill -CONT "$pid"; done
	done
	expect 0 bridge up b c
	same "$(ssh_pid c)" "$ssh"
}

a_hook_is_ended_with_all_that_it_has_started() {
	ready_bridges a
	printf '#!/bin/sh\nsleep 98765 &\necho $! >>%s/sleeps\nwait\n' "$T" >"$T/hook"
	chmod 755 "$T/hook"
	write_config "$T/ops" "defaults: {on_event: ['$T/hook']}"
	expect 0 bridge up a
	wait_until 20 grep -q 'was ended after' "$BRIDGE_STATE_DIR/a.log"
	wait_until 5 is_gone "$(head -n 1 "$T/sleeps")"
	# The next one would outlive a supervisor that is killed.
	_next() { [ "$(wc -l <"$T/sleeps")" = 2 ]; }
	wait_until 5 _next
	printf '#!/bin/sh\n' >"$T/hook"
	kill "$(tail -n 1 "$T/sleeps")"
	expect 0 bridge down a
}

a_hook_that_fails_after_the_last_event_is_told() {
	ready_bridges a
	printf '#!/bin/sh\ncat >/dev/null\n[ $BRIDGE_EVENT != bridge_stopped ] || exit 3\n' >"$T/hook"
	chmod 755 "$T/hook"
	write_config "$T/ops" "defaults: {on_event: ['$T/hook']}"
	expect 0 bridge up a
	expect 0 bridge down a
	wait_until 5 log_has a hook_failed
	tail -n 1 "$BRIDGE_STATE_DIR/a.log" | grep -q '"actor":"agent.test".*exit code 3' ||
		fail "it says $(tail -n 1 "$BRIDGE_STATE_DIR/a.log")"
}

run_tests
