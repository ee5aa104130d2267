# The contract with the first users: files as they write them, every command
# with its options, the state directory, the audit line. What is here stays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/seed_lib.sh"

_state() {
	cat "$BRIDGE_STATE_DIR/$1.state"
}

# _log NAME EXPRESSION: of its events, in Python
_log() {
	python3 - "$BRIDGE_STATE_DIR/$1.log" "$2" <<-'PY'
		import json, sys
		events = [json.loads(line) for line in open(sys.argv[1])]
		print(eval(sys.argv[2]))
	PY
}

_health() {
	[ "$(_log hub-east "sum(e['event'] == 'health_check_$1' for e in events)")" = 1 ]
}

the_minimal_file_is_enough() {
	_first_users minimal
	_start_hello

	expect 0 bridge up --wait 60 hub-east
	out_has '^hub-east +connected +east.example.org:18000 -> 8000'
	_hello_comes_through
	expect 0 bridge catalog show hub-east --json
	same "$(json "$OUT" '[d[k] for k in ("host", "remote_port", "local_port", "ssh_user", "ssh_key", "actor", "actor_class")]')" \
		"[\"east.example.org\", 18000, 8000, \"ubuntu\", \"$HOME/.ssh/id_ops\", \"agent.coder-east\", \"automation\"]"

	expect 0 bridge down hub-east
	! listens 18000 || fail "the remote port is still there"
}

the_full_file_brings_up_its_own_and_the_catalogs() {
	_first_users full
	_start_hello

	expect 0 bridge up --wait 60
	same "$(grep -c ' connected ' "$OUT")" 2
	err_lacks 'error|warning'
	_hello_comes_through 18000
	_hello_comes_through 18001
	expect 0 bridge catalog show hub-east --json
	same "$(json "$OUT" '[d["reconnect"], d["health_check"]["interval_seconds"], d["health_check"]["timeout_seconds"]]')" \
		'[{"max_attempts": 0, "backoff_initial": 5, "backoff_max": 60}, 30, 5]'
	expect 0 bridge down
}

a_health_check_of_the_remote_port_is_a_note() {
	_first_users full
	expect 0 bridge catalog show hub-east -v
	err_has 'tunnels.yaml:11:12: note: .*port 18000 .*\[health/remote-port\]'
	err_lacks 'error|warning'
	printf 'health_check: {url: "http://127.0.0.1:18001/"}\n' \
		>>"$HOME/ops-infra/opscatalog/domains/east/bridges/metrics-east.yaml"
	commit "$HOME/ops-infra"
	expect 0 bridge catalog validate --strict
	out_has 'metrics-east.yaml:5:21: note: .*\[health/remote-port\]'
}

actors_may_stand_in_the_configuration_alone() {
	_first_users full
	expect 0 bridge catalog validate --strict
	out_has "metrics-east.yaml:4:8: note: actor 'operator.kim' .*\[reference/local-actor\]"
	# In CI there is no configuration.
	cd "$HOME/ops-infra"
	mv "$HOME/.config/bridge/tunnels.yaml" "$T/away.yaml"
	expect 0 bridge catalog validate --strict
	out_has 'note: .*no actors/.*\[reference/local-actor\]'
	out_has ' 0 errors, 0 warnings, 1 note'
	# One that nobody defines is still wrong where that can be known.
	sed -i '/operator.kim/d' "$T/away.yaml"
	expect 1 bridge catalog validate --config "$T/away.yaml"
	out_has "metrics-east.yaml:4:8: error: actor 'operator.kim' is not defined"
}

an_actor_is_human_or_automation() {
	local class
	_first_users minimal
	for class in human automation; do
		sed -i "s/class: .*/class: $class/" "$HOME/.config/bridge/tunnels.yaml"
		expect 0 bridge catalog show hub-east
		out_has "^actor_class +$class\$"
		err_lacks .
	done
	sed -i "s/class: .*/class: robot/" "$HOME/.config/bridge/tunnels.yaml"
	bridge catalog show hub-east >"$T/out" 2>"$T/err" || true
	grep -q 'tunnels.yaml:11:12: error: .*robot' "$T/err" || fail "$(cat "$T/err")"
}

inline_wins_over_the_catalog_by_name() {
	_first_users full
	sed 's/metrics-east/hub-east/; s/18001/18009/' \
		"$HOME/ops-infra/opscatalog/domains/east/bridges/metrics-east.yaml" \
		>"$HOME/ops-infra/opscatalog/domains/east/bridges/hub-east.yaml"
	commit "$HOME/ops-infra"
	expect 0 bridge catalog show hub-east --json
	same "$(json "$OUT" '[d["source"], d["remote_port"]]')" '["inline", 18000]'
	expect 0 bridge catalog show metrics-east --json
	same "$(json "$OUT" '[d["source"], d["remote_port"], d["host"], d["actor_class"]]')" \
		'["catalog", 18001, "east.example.org", "human"]'
}

files_are_where_they_were_said_to_be() {
	_first_users minimal
	local state=$BRIDGE_STATE_DIR
	unset BRIDGE_STATE_DIR
	expect 0 bridge up --wait 60 hub-east
	export BRIDGE_STATE_DIR=$HOME/.local/state/bridge
	same "$(_state hub-east)" connected
	expect 0 bridge down hub-east

	export BRIDGE_STATE_DIR=$state BRIDGE_CONFIG=$T/other.yaml
	expect 3 bridge up hub-east
	sed 's/hub-east/hub-west/' "$HOME/.config/bridge/tunnels.yaml" >"$BRIDGE_CONFIG"
	expect 0 bridge up --wait 60
	out_has '^hub-west +connected'
	same "$(_state hub-west)" connected
	expect 0 bridge down
}

the_state_directory_has_three_files_a_tunnel() {
	_first_users minimal
	expect 0 bridge up --wait 60 hub-east
	local manager ssh
	manager=$(cat "$BRIDGE_STATE_DIR/hub-east.pid")
	ssh=$(ssh_pid hub-east)

	is_running "$manager" || fail "the .pid is of nobody"
	same "$(cat "/proc/$manager/comm")" bridge-supervis
	same "$(sed -n 's/^PPid:\t//p' "/proc/$ssh/status")" "$manager"
	same "$(_state hub-east)" connected
	same "$(_log hub-east 'len(events)')" 2

	expect 0 bridge down hub-east
	[ ! -e "$BRIDGE_STATE_DIR/hub-east.pid" ] || fail "a .pid without a manager"
	same "$(_state hub-east)" stopped
	same "$(_log hub-east 'events[-1]["event"]')" bridge_stopped
}

every_event_is_written_with_its_six_keys() {
	_first_users full
	_start_hello
	sed -i 's/interval_seconds: 30/interval_seconds: 1/' "$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge up --wait 60 hub-east
	kill "$SERVICE_PID"
	wait_until 20 state_is hub-east degraded
	_start_hello
	wait_until 20 _health recovered
	same "$(_state hub-east)" connected
	kill -9 "$(ssh_pid hub-east)"
	wait_until 20 log_has hub-east bridge_reconnecting
	wait_until 20 state_is hub-east connected
	expect 0 bridge down hub-east

	python3 - "$BRIDGE_STATE_DIR/hub-east.log" <<-'PY' || fail "the log is not as promised"
		import datetime, json, re, sys
		events = [json.loads(line) for line in open(sys.argv[1])]
		assert {e["event"] for e in events} >= {
		    "bridge_started", "bridge_connected", "bridge_disconnected", "bridge_reconnecting",
		    "health_check_failed", "health_check_recovered", "bridge_stopped"}, events
		now = datetime.datetime.utcnow()
		for e in events:
		    for key in "ts", "tunnel", "event", "actor", "actor_class", "detail":
		        assert type(e[key]) is str, (key, e)
		    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", e["ts"]), e
		    assert abs(now - datetime.datetime.fromisoformat(e["ts"])).total_seconds() < 600, e
		    assert (e["tunnel"], e["actor"], e["actor_class"]) == (
		        "hub-east", "agent.coder-east", "automation"), e
		assert "" in {e["detail"] for e in events}
		assert [e["ts"] for e in events] == sorted(e["ts"] for e in events)
	PY
}

up_down_and_restart_take_one_tunnel_or_all() {
	_first_users full
	_start_hello
	expect 0 bridge up --wait 60 metrics-east
	same "$(_state metrics-east)" connected
	[ ! -e "$BRIDGE_STATE_DIR/hub-east.state" ] || fail "the other one was brought up, too"
	expect 0 bridge up --wait 60
	same "$(_state hub-east)" connected
	local hub metrics
	hub=$(ssh_pid hub-east) metrics=$(ssh_pid metrics-east)
	expect 0 bridge restart --wait 60 hub-east
	[ "$(ssh_pid hub-east)" != "$hub" ] || fail "it was not restarted"
	same "$(ssh_pid metrics-east)" "$metrics"
	expect 0 bridge restart --wait 60
	[ "$(ssh_pid metrics-east)" != "$metrics" ] || fail "it was not restarted"
	expect 0 bridge down hub-east
	same "$(_state hub-east)" stopped
	same "$(_state metrics-east)" connected
	expect 0 bridge down
	same "$(_state metrics-east)" stopped
}

status_tells_of_all_that_is_defined() {
	_first_users full
	expect 0 bridge up --wait 60 metrics-east

	expect 0 bridge status
	out_has '^hub-east +stopped'
	out_has '^metrics-east +connected +- +[0-9]+ s .*bridge_connected'
	expect 0 bridge status --json
	same "$(json "$OUT" '[(b["name"], b["state"]) for b in d["bridges"]]')" \
		'[["hub-east", "stopped"], ["metrics-east", "connected"]]'
	same "$(json "$OUT" '[type(b["uptime_seconds"]).__name__ for b in d["bridges"]]')" \
		'["NoneType", "int"]'
	same "$(json "$OUT" '[b["last_event"].get("event") for b in d["bridges"]]')" \
		'[null, "bridge_connected"]'
	expect 0 bridge down
}

logs_show_lines_and_follow() {
	_first_users minimal
	expect 0 bridge up --wait 60 hub-east
	expect 0 bridge logs hub-east --lines 1
	same "$(wc -l <"$OUT")" 1
	out_has '^20[0-9T:.-]+  bridge_connected  agent.coder-east$'
	bridge logs hub-east --lines 2 --follow >"$T/follow" &
	started $!
	wait_until 10 grep -q bridge_connected "$T/follow"
	expect 0 bridge down hub-east
	wait_until 10 grep -q bridge_stopped "$T/follow"
}

targets_and_the_catalog_are_listed_shown_and_checked() {
	_first_users full
	expect 0 bridge targets
	out_has '^box-east +east .* east.example.org '
	expect 0 bridge targets --domain east
	out_has '^box-east '
	expect 1 bridge targets --domain west
	expect 0 bridge targets show box-east
	out_has '^bridges +\["metrics-east"\]'
	expect 0 bridge catalog list
	out_has '^east +1 +1 '
	expect 0 bridge catalog show metrics-east
	out_has '^remote_port +18001$'
	expect 0 bridge catalog validate
	printf 'remote_port: 0\n' >"$HOME/ops-infra/opscatalog/domains/east/bridges/bad.yaml"
	commit "$HOME/ops-infra"
	expect 1 bridge catalog validate
	out_has 'bad.yaml:1:'
}

a_refused_forward_is_no_connection_and_is_tried_again() {
	_first_users minimal
	_start_hello
	python3 -c 'import socket, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 18000))
s.listen()
time.sleep(600)' &
	local blocker=$!
	started $blocker
	wait_until 10 listens 18000

	expect 1 bridge up --wait 60 hub-east
	out_has '^hub-east +reconnecting '
	same "$(_state hub-east)" reconnecting
	same "$(ssh_pid hub-east)" null
	_attempts() { [ "$(_log hub-east "sum(e['event'] == 'bridge_reconnecting' for e in events)")" -ge 2 ]; }
	wait_until 30 _attempts
	! log_has hub-east bridge_connected || fail "it was said to be connected"

	kill "$blocker"
	wait_until 40 state_is hub-east connected
	_hello_comes_through
	expect 0 bridge down
}

sigterm_ends_in_order() {
	_first_users full
	expect 0 bridge up --wait 60
	local manager ssh
	manager=$(supervisor_pid) ssh=$(ssh_pid hub-east)
	kill -TERM "$manager"
	wait_until 10 is_gone "$manager"
	is_gone "$ssh" || fail "its ssh lives on"
	same "$(_state hub-east)" stopped
	same "$(_state metrics-east)" stopped
	[ -z "$(ls "$BRIDGE_STATE_DIR" | grep '\.pid$')" ] || fail "a .pid is left"
	same "$(_log metrics-east 'events[-1]["event"]')" bridge_stopped
}

what_does_not_end_is_killed_after_five_seconds() {
	_first_users minimal
	sed -i "2i trap '' TERM" "$T/bin/ssh"
	expect 0 bridge up --wait 60 hub-east
	local ssh begin
	ssh=$(ssh_pid hub-east)
	begin=${EPOCHREALTIME/./}
	expect 0 bridge down hub-east
	is_gone "$ssh" || fail "its ssh lives on"
	[ $((${EPOCHREALTIME/./} - begin)) -ge 4900000 ] || fail "it had no five seconds"
	same "$(_state hub-east)" stopped
}

agents_find_the_server_and_the_skill_in_the_repository() {
	same "$(json "$ROOT/.mcp.json" 'd["mcpServers"]["bridge"]["command"]')" bridge
	same "$(json "$ROOT/.mcp.json" 'd["mcpServers"]["bridge"]["args"]')" '["mcp"]'
	grep -qx 'name: bridge-status' "$ROOT/cmd/mcp/skills/bridge-status/SKILL.md" ||
		fail "no skill is called bridge-status"
}

run_tests
