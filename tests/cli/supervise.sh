# bridge supervise: the supervisor in the foreground, as systemd wants it.
. "$(dirname "$0")/lib.sh"

# _supervise [OPTION...]: in the background, told as systemd would tell it.
_supervise() {
	python3 "$ROOT/tests/cli/notify.py" "$T/notify" "$T/said" &
	started $!
	wait_until 10 test -S "$T/notify"
	NOTIFY_SOCKET=$T/notify bridge supervise "$@" >"$T/log" 2>"$T/complaints" &
	SUPERVISE=$!
	started $SUPERVISE
	wait_until 10 grep -q READY=1 "$T/said"
	SUPERVISOR=$(supervisor_pid)
}

_end() {
	local status=0
	kill -TERM $SUPERVISE
	wait $SUPERVISE || status=$?
	same $status 0
	is_gone "$SUPERVISOR" || fail "the supervisor lives on"
}

_said() {
	tail -n 1 "$T/said" | grep -qE "$1"
}

_has_port() {
	[ "$(bridge status "$1" --json | python3 -c \
		'import json,sys; print(json.load(sys.stdin)["bridges"][0].get("remote_port"))')" = "$2" ]
}

it_stays_without_a_bridge_and_ends_with_the_supervisor() {
	ready_bridges one
	_supervise
	_said 'READY=1 STATUS=0 bridges'
	expect 0 bridge up
	wait_until 5 _said 'STATUS=1 bridge: 1 connected'
	expect 0 bridge down
	wait_until 5 _said 'STATUS=0 bridges'
	is_running "$SUPERVISOR" || fail "it has gone with its last bridge"
	wait_until 5 grep -q '^one  bridge_connected' "$T/log"
	_end
	wait_until 5 grep -q STOPPING=1 "$T/said"
}

what_ran_is_resumed_and_stays_wanted() {
	ready_bridges one two
	expect 0 bridge up
	kill -9 "$(supervisor_pid)"
	_supervise
	wait_until 10 state_is one connected
	wait_until 10 state_is two connected
	_end
	state_is one stopped
	expect 0 bridge up --resume
	out_has '^two +connected'
}

a_supervisor_that_runs_already_is_taken_over() {
	local pid
	ready_bridges one
	expect 0 bridge up
	pid=$(ssh_pid one)
	_supervise
	_said 'STATUS=1 bridge: 1 connected'
	same "$(ssh_pid one)" "$pid"
	_end
	is_gone "$pid" || fail "its ssh lives on"
}

the_watchdog_hears_of_it_while_the_supervisor_answers() {
	local count
	ready_bridges
	export WATCHDOG_USEC=100000
	_supervise
	_beats() { [ "$(grep -c '^WATCHDOG=1' "$T/said")" -ge "$1" ]; }
	wait_until 10 _beats 4
	kill -STOP "$SUPERVISOR"
	# What was answered before may still be on its way.
	_still() {
		count=$(grep -c WATCHDOG "$T/said")
		! timeout 0.5 tail -n 0 -f "$T/said" | grep -q WATCHDOG
	}
	wait_until 10 _still
	kill -CONT "$SUPERVISOR"
	wait_until 10 _beats $((count + 2))
	_end
}

without_a_supervisor_it_ends_with_a_word() {
	local pid status=0
	ready_bridges one
	_supervise
	expect 0 bridge up
	pid=$(ssh_pid one)
	kill -9 "$SUPERVISOR"
	wait $SUPERVISE || status=$?
	same $status 3
	grep -q "supervisor (pid $SUPERVISOR) is gone" "$T/complaints" || fail "no word"
	wait_until 5 is_gone "$pid"
}

a_second_one_is_refused() {
	ready_bridges
	_supervise
	expect 3 timeout 60 bridge supervise
	err_has 'another .bridge supervise.'
	_end
}

what_it_starts_does_not_speak_for_it() {
	ready_bridges one
	_supervise
	expect 0 bridge up
	! tr '\0' '\n' <"/proc/$SUPERVISOR/environ" | grep -q NOTIFY_SOCKET ||
		fail "the supervisor was given the socket"
	grep -q '^SigBlk:.*0000$' "/proc/$SUPERVISOR/status" || fail "signals are blocked"
	_end
}

follow_applies_each_commit() {
	local port
	ready_bridges one
	_supervise --follow --prune
	wait_until 10 state_is one connected
	port=$(free_port)
	add_bridge "$T/ops" two "$(free_port)" 9
	sed -i "s/^remote_port:.*/remote_port: $port/" "$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	wait_until 10 state_is two connected
	wait_until 10 _has_port one "$port"
	rm "$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	wait_until 10 state_is one stopped
	grep -q '^restart  one' "$T/log" || fail "no plan in the log"
	_end
}

follow_sees_what_is_pushed_to_a_bare_repository() {
	ready_bridges one
	git clone -q --bare "$T/ops" "$T/ops.git"
	git -C "$T/ops.git" pack-refs --all
	git_here "$T/ops" branch -q deep/er/live
	write_config "$T/ops.git" 'catalog_revision: deep/er/live'
	git_here "$T/ops" push -q "$T/ops.git" deep/er/live
	_supervise --follow
	wait_until 10 state_is one connected
	add_bridge "$T/ops" two "$(free_port)" 9
	git_here "$T/ops" checkout -q deep/er/live
	commit "$T/ops"
	git_here "$T/ops" push -q "$T/ops.git" deep/er/live
	wait_until 10 state_is two connected
	# A change that only moves references to another file changes nothing.
	git -C "$T/ops.git" pack-refs --all
	add_bridge "$T/ops" three "$(free_port)" 9
	commit "$T/ops"
	git_here "$T/ops" push -q "$T/ops.git" deep/er/live
	wait_until 10 state_is three connected
	_end
}

follow_waits_for_a_branch_that_is_not_there_yet() {
	ready_bridges one
	write_config "$T/ops" 'catalog_revision: live'
	expect 0 bridge up --rev main
	expect 0 bridge down
	_supervise --follow
	grep -q "'live'" "$T/complaints" || fail "no word"
	git_here "$T/ops" branch live
	wait_until 15 state_is one connected
	_end
}

follow_applies_what_an_editor_writes_to_tunnels_yaml() {
	local config=$HOME/.config/bridge/tunnels.yaml
	ready_bridges one
	_supervise --follow
	wait_until 10 state_is one connected
	{
		cat "$config"
		echo tunnels:
		inline more "$(free_port)" 9
	} >"$T/new"
	mv "$T/new" "$config"
	wait_until 10 state_is more connected
	sed '/^tunnels/,$d' "$config" >"$T/short"
	cat "$T/short" >"$config"
	wait_until 10 grep -q '^leave *more' "$T/log"
	state_is more connected
	_end
}

follow_keeps_what_runs_while_the_catalog_is_broken() {
	ready_bridges one two
	_supervise --follow --prune
	wait_until 10 state_is two connected
	printf 'target: [\n' >"$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	wait_until 10 grep -q one.yaml "$T/complaints"
	rm "$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	wait_until 10 state_is one stopped
	state_is two connected
	# The repository is away for a while: cloned anew, say.
	mv "$T/ops" "$T/away"
	wait_until 10 grep -q "$T/ops" "$T/complaints"
	state_is two connected
	add_bridge "$T/away" three "$(free_port)" 9
	commit "$T/away"
	git clone -q "$T/away" "$T/new"
	mv "$T/new" "$T/ops"
	wait_until 15 state_is three connected
	same "$(grep -c "$T/ops" "$T/complaints")" 1
	_end
}

a_hangup_applies_at_once() {
	ready_bridges one
	_supervise --follow
	wait_until 10 state_is one connected
	expect 0 bridge down one
	kill -HUP $SUPERVISE
	wait_until 10 state_is one connected
	_end
}

what_cannot_be_followed_is_wrong_usage() {
	ready_bridges one
	expect 2 timeout 60 bridge supervise --follow --rev WORKTREE
	err_has 'needs a revision that Git moves'
	expect 2 timeout 60 bridge supervise --prune
	err_has 'goes with --follow'
	[ ! -e "$BRIDGE_STATE_DIR/.supervisor.sock" ] || fail "a supervisor was started"
}

the_unit_is_one_that_systemd_takes() {
	need systemd-analyze systemd
	make -C "$ROOT" -s install B="${BUILD#"$ROOT/"}" DESTDIR="$T/root" PREFIX=/usr >/dev/null
	unit=$T/root/usr/lib/systemd/user/bridge.service
	grep -q '^ExecStart=/usr/bin/bridge supervise' "$unit" || fail "no command"
	sed -i "s|/usr/bin/bridge|$T/root/usr/bin/bridge|" "$unit"
	mkdir -m 700 "$T/run"
	export XDG_RUNTIME_DIR=$T/run
	expect 0 systemd-analyze verify --user --man=no "$unit"
	[ ! -s "$ERR" ] || fail "it complains"
}

run_tests
