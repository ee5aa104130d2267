# The main job: from a catalog's revision to a living reverse tunnel.
. "$(dirname "$0")/lib.sh"

bytes_sent_to_the_remote_port_arrive_at_the_local_service() {
	start_sshd
	local remote local_port
	remote=$(free_port) local_port=$(free_port)
	start_service "$local_port" hello-from-here
	make_catalog
	add_bridge "$T/ops" hub "$remote" "$local_port"
	commit "$T/ops"

	expect 0 bridge up hub

	out_has '^hub +connected +127.0.0.1:'
	same "$(fetch "http://127.0.0.1:$remote/")" hello-from-here
	state_is hub connected || fail "the state file lags behind"
	same "$(cat "$BRIDGE_STATE_DIR/hub.pid")" "$(supervisor_pid)"
}

the_same_id_overridden_inline_goes_where_the_inline_definition_says() {
	start_sshd
	local remote one two
	remote=$(free_port) one=$(free_port) two=$(free_port)
	start_service "$one" from-the-catalog
	start_service "$two" from-inline
	make_catalog
	add_bridge "$T/ops" hub "$remote" "$one"
	commit "$T/ops"
	write_config "$T/ops" tunnels: "$(inline hub "$remote" "$two")"

	expect 0 bridge up hub

	same "$(fetch "http://127.0.0.1:$remote/")" from-inline
	expect 0 bridge status hub --json
	same "$(json "$OUT" 'd["bridges"][0]["source"]')" inline
	expect 0 bridge catalog show hub
	out_has 'shadows +domains/edge/bridges/hub.yaml:1'
}

an_older_revision_brings_up_the_older_definition() {
	start_sshd
	local remote old new
	remote=$(free_port) old=$(free_port) new=$(free_port)
	start_service "$old" the-older
	start_service "$new" the-newer
	make_catalog
	add_bridge "$T/ops" hub "$remote" "$old"
	commit "$T/ops" one
	git_here "$T/ops" tag v1
	add_bridge "$T/ops" hub "$remote" "$new"
	commit "$T/ops" two

	expect 0 bridge up hub --rev v1
	same "$(fetch "http://127.0.0.1:$remote/")" the-older
	expect 0 bridge status hub --json
	same "$(json "$OUT" 'd["bridges"][0]["revision"]')" \
		"$(git -C "$T/ops" rev-parse v1)"

	expect 0 bridge up hub
	err_has "restart hub"
	same "$(fetch "http://127.0.0.1:$remote/")" the-older
	expect 0 bridge restart hub
	same "$(fetch "http://127.0.0.1:$remote/")" the-newer
}

extends_changes_only_what_it_writes() {
	start_sshd
	local remote one two
	remote=$(free_port) one=$(free_port) two=$(free_port)
	start_service "$two" extended
	make_catalog
	add_bridge "$T/ops" hub "$remote" "$one"
	commit "$T/ops"
	write_config "$T/ops" tunnels: '  mine:' '    extends: hub' "    local_port: $two"

	expect 0 bridge up mine

	same "$(fetch "http://127.0.0.1:$remote/")" extended
	expect 0 bridge catalog show mine --origins
	out_has 'local_port .*tunnels.yaml:5'
	out_has 'remote_port .*domains/edge/bridges/hub.yaml:2'
	out_has '^host .*domains/edge/targets/gateway.yaml:1'
}

up_without_a_name_brings_up_everything_and_down_ends_it_all() {
	start_sshd
	make_catalog
	local i
	for i in a b c d e f; do
		add_bridge "$T/ops" "b-$i" "$(free_port)" 9
	done
	add_bridge "$T/ops" off "$(free_port)" 9 'enabled: false'
	commit "$T/ops"

	expect 0 bridge up
	same "$(grep -c connected "$OUT")" 6
	out_lacks '^off'
	local supervisor
	supervisor=$(supervisor_pid)

	expect 0 bridge down
	same "$(grep -c stopped "$OUT")" 6
	wait_until 5 is_gone "$supervisor"
	[ ! -e "$BRIDGE_STATE_DIR/.supervisor.sock" ] || fail "the socket is still there"
	[ ! -e "$BRIDGE_STATE_DIR/b-a.pid" ] || fail "a pid file is still there"
	state_is b-a stopped
}

a_second_up_is_no_error_and_changes_nothing() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	local before
	before=$(ssh_pid hub)

	expect 0 bridge up hub

	out_has 'was up already'
	same "$(ssh_pid hub)" "$before"
}

two_ups_at_the_same_instant_make_one_supervisor() {
	start_sshd
	make_catalog
	local i pids=
	for i in 1 2 3 4 5 6; do
		add_bridge "$T/ops" "b$i" "$(free_port)" 9
	done
	commit "$T/ops"

	for i in 1 2 3 4 5 6; do
		bridge up "b$i" --wait 60 >"$T/up$i" 2>&1 &
		pids="$pids $!"
	done
	for i in $pids; do
		wait "$i" || fail "an up failed: $(cat "$T"/up*)"
	done

	same "$(cat "$BRIDGE_STATE_DIR"/b?.pid | sort -u | wc -l)" 1
	expect 0 bridge status --json
	same "$(json "$OUT" 'len(d["bridges"])')" 6
	same "$(json "$OUT" '{b["state"] for b in d["bridges"]} == {"connected"}')" true
}

a_killed_ssh_comes_back() {
	start_sshd
	local remote local_port
	remote=$(free_port) local_port=$(free_port)
	start_service "$local_port" back
	make_catalog
	add_bridge "$T/ops" hub "$remote" "$local_port"
	commit "$T/ops"
	expect 0 bridge up hub
	local before
	before=$(ssh_pid hub)

	kill -9 "$before"

	wait_until 10 log_has hub bridge_disconnected
	wait_until 20 state_is hub connected
	[ "$(ssh_pid hub)" != "$before" ] || fail "the same process id"
	same "$(fetch "http://127.0.0.1:$remote/")" back
	log_has hub bridge_reconnecting
}

a_killed_supervisor_leaves_no_ssh_and_up_starts_again() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	local supervisor ssh
	supervisor=$(supervisor_pid) ssh=$(ssh_pid hub)

	kill -9 "$supervisor"

	wait_until 5 is_gone "$ssh"
	expect 0 bridge status --json
	same "$(json "$OUT" 'd["bridges"][0]["state"]')" stopped
	same "$(json "$OUT" 'd["supervisor_pid"]')" null
	wait_until 10 is_gone "$supervisor"
	expect 0 bridge up hub
	[ "$(supervisor_pid)" != "$supervisor" ] || fail "the dead supervisor's id"
}

down_cleans_up_after_a_killed_supervisor() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	kill -9 "$(supervisor_pid)"

	expect 0 bridge down hub

	[ ! -e "$BRIDGE_STATE_DIR/hub.pid" ] || fail "a stale pid file"
	state_is hub stopped
}

a_terminated_supervisor_stops_its_bridges_and_says_so() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	local supervisor ssh
	supervisor=$(supervisor_pid) ssh=$(ssh_pid hub)

	kill "$supervisor"

	wait_until 10 is_gone "$supervisor"
	wait_until 1 is_gone "$ssh"
	state_is hub stopped || fail "state is $(cat "$BRIDGE_STATE_DIR/hub.state")"
	expect 0 bridge logs hub --lines 1
	out_has 'bridge_stopped .*told to end'
}

one_broken_document_stops_nobody_elses_bridge() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" good "$(free_port)" 9
	add_bridge "$T/ops" bad 70000 9
	printf 'a: [\n' >"$T/ops/domains/edge/bridges/worse.yaml"
	commit "$T/ops"

	expect 1 bridge up

	out_has '^good +connected'
	err_has 'bad.yaml:2:14: error:.*70000'
	err_has 'worse.yaml:'
	state_is good connected
}

a_state_directory_with_a_long_path_works() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	export BRIDGE_STATE_DIR=$T/$(printf 'long%.0s' $(seq 50))/state

	expect 0 bridge up hub
	expect 0 bridge down hub
}

the_audit_log_has_the_promised_form() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	expect 0 bridge down hub

	python3 - "$BRIDGE_STATE_DIR/hub.log" <<-'PYTHON'
		import json, re, sys
		events = [json.loads(line) for line in open(sys.argv[1])]
		assert [e["event"] for e in events] == [
		    "bridge_started", "bridge_connected", "bridge_stopped"], events
		for e in events:
		    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", e["ts"])
		    assert list(e)[:6] == ["ts", "tunnel", "event", "actor",
		                           "actor_class", "detail"], list(e)
		    assert e["tunnel"] == "hub" and e["actor"] == "agent.test"
		    assert e["actor_class"] == "automation"
		    assert isinstance(e["detail"], str), e
	PYTHON
}

logs_follow_prints_what_comes() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	bridge logs hub --follow >"$T/follow" &
	started $!
	wait_until 5 grep -q bridge_connected "$T/follow"

	kill -9 "$(ssh_pid hub)"

	wait_until 10 grep -q bridge_disconnected "$T/follow"
}

up_does_not_wait_with_no_wait() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"

	expect 0 bridge up hub --no-wait

	wait_until 10 state_is hub connected
}

pinned_host_keys_are_the_only_ones_trusted() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	printf 'host_keys:\n  - %s\n' "$(cut -d' ' -f1,2 "$T/sshd/host.pub")" \
		>>"$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"
	expect 0 bridge up hub
	expect 0 bridge down hub
	[ ! -e "$BRIDGE_STATE_DIR/.known_hosts" ] || fail "a key was learned"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/other"
	sed -i "s|- ssh-ed25519.*|- $(cut -d' ' -f1,2 "$T/other.pub")|" \
		"$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"

	expect 1 bridge up hub

	out_has '^hub +failed .*Host key verification failed'
}

run_tests
