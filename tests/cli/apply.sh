# bridge apply: what runs becomes what is defined, and nothing else is touched.
. "$(dirname "$0")/lib.sh"

_set() {
	local file=$T/ops/domains/edge/bridges/$1.yaml
	sed -i "/^$2:/d" "$file"
	printf '%s: %s\n' "$2" "$3" >>"$file"
}

_get() {
	sed -n "s/^$2: //p" "$T/ops/domains/edge/bridges/$1.yaml"
}

apply_starts_restarts_updates_stops_and_keeps() {
	local same_pid text_pid port_pid port
	ready_bridges same text port off gone
	expect 0 bridge up same text port off gone
	same_pid=$(ssh_pid same) text_pid=$(ssh_pid text) port_pid=$(ssh_pid port)
	port=$(free_port)
	add_bridge "$T/ops" new "$(free_port)" 9
	_set text description 'another one'
	_set text actor agent.other
	printf 'class: automation\n' >"$T/ops/actors/agent.other.yaml"
	_set port remote_port "$port"
	_set off enabled false
	rm "$T/ops/domains/edge/bridges/gone.yaml"
	commit "$T/ops"

	expect 0 bridge apply --dry-run
	out_has '^start +new +127.0.0.1:[0-9]+ -> 9$'
	out_has "^restart +port +remote_port: [0-9]+ -> $port"
	out_has '^update +text +description: .none. -> another one; actor: agent.test -> agent.other'
	out_has '^stop +off +disabled by domains/edge/bridges/off.yaml:5'
	out_has '^leave +gone +not defined; --prune stops it'
	out_lacks '^keep'
	state_is new connected && fail "--dry-run did something"
	same "$(ssh_pid port)" "$port_pid"

	expect 0 bridge apply
	out_has '^new +connected'
	out_has '^port +connected'
	listens "$port" || fail "nothing listens at the new port"
	state_is off stopped
	state_is gone connected
	same "$(ssh_pid same)" "$same_pid"
	same "$(ssh_pid text)" "$text_pid"
	[ "$(ssh_pid port)" != "$port_pid" ] || fail "port was not restarted"
	log_has text bridge_updated
	tail -n 1 "$BRIDGE_STATE_DIR/text.log" | grep -q '"actor":"agent.other"' ||
		fail "the new actor is not in the audit log"

	expect 0 bridge apply --prune
	out_has '^stop +gone +not defined$'
	state_is gone stopped
	expect 0 bridge apply
	err_has 'nothing to do'
	same "$(wc -l <"$OUT")" 0

	# What has stopped and is defined no longer is listed until it is pruned.
	expect 0 bridge status
	out_has '^gone +stopped'
	expect 0 bridge apply --prune
	out_has '^forget +gone +not defined, and stopped; its log is kept'
	expect 0 bridge status
	out_lacks gone
	out_has '^off +stopped'
	expect 0 bridge logs gone
	out_has bridge_stopped
}

a_change_of_something_long_is_shown_where_it_is() {
	local long
	long=$(printf 'long%.0s' $(seq 30))
	ready_bridges one
	_set one description "${long}A"
	commit "$T/ops"
	expect 0 bridge up
	_set one description "${long}B"
	commit "$T/ops"
	expect 0 bridge apply --dry-run
	out_has '^update +one +description: \.\.\.nglonglongA -> \.\.\.nglonglongB$'
}

# What runs says from where its definition is, also when only that has moved.
an_unchanged_bridge_learns_the_revision_that_was_applied() {
	local pid head
	ready_bridges one two
	expect 0 bridge up
	pid=$(ssh_pid one)
	_set two description new
	commit "$T/ops"
	head=$(git_here "$T/ops" rev-parse HEAD)
	expect 0 bridge apply
	expect 0 bridge status one --json
	same "$(json "$OUT" 'd["bridges"][0]["revision"]')" "$head"
	same "$(ssh_pid one)" "$pid"
	! log_has one bridge_updated || fail "a moved revision is no update"
}

bridges_may_change_places() {
	local one two three
	ready_bridges one two three
	one=$(_get one remote_port) two=$(_get two remote_port) three=$(_get three remote_port)
	expect 0 bridge up
	_set one remote_port "$two"
	_set two remote_port "$three"
	_set three remote_port "$one"
	commit "$T/ops"
	expect 0 bridge apply
	for name in one two three; do
		! log_has "$name" bridge_reconnecting || fail "$name found its port taken"
	done
	expect 0 bridge status --json
	same "$(json "$OUT" '[b["remote_port"] for b in d["bridges"]]')" "[$two, $one, $three]"
}

a_new_bridge_may_take_the_port_of_one_that_moves() {
	local port
	ready_bridges one
	port=$(_get one remote_port)
	expect 0 bridge up
	_set one remote_port "$(free_port)"
	add_bridge "$T/ops" after "$port" 9
	commit "$T/ops"
	expect 0 bridge apply
	! log_has after bridge_reconnecting || fail "it found its port taken"
}

a_broken_definition_stops_nothing() {
	local pid
	ready_bridges one two
	expect 0 bridge up
	pid=$(ssh_pid one)
	_set one remote_port 99999
	commit "$T/ops"
	expect 1 bridge apply --prune
	out_has '^leave +one +its definition has errors'
	err_has 'one.yaml:4:.*99999'
	same "$(ssh_pid one)" "$pid"
	state_is two connected
}

a_catalog_that_cannot_be_read_changes_nothing() {
	ready_bridges one
	expect 0 bridge up
	mv "$T/ops/.git" "$T/away"
	rm -rf "$T/ops"
	expect 3 bridge apply --prune
	state_is one connected
	expect 3 bridge apply --rev nowhere
	state_is one connected
}

prune_does_not_stop_everything_because_nothing_is_defined() {
	ready_bridges one
	expect 0 bridge up
	rm -r "$T/ops/domains/edge/bridges"
	commit "$T/ops"
	expect 3 bridge apply --prune
	err_has 'bridge down'
	state_is one connected
}

what_runs_is_not_given_up_for_a_key_that_cannot_be_used() {
	local pid
	ready_bridges one
	expect 0 bridge up
	pid=$(ssh_pid one)
	sed -i "s|^ssh_key:.*|ssh_key: $T/nowhere|" "$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"
	expect 1 bridge apply
	out_has '^leave +one +its new key cannot be used'
	err_has 'cannot read its key'
	same "$(ssh_pid one)" "$pid"
}

one_whose_key_is_missing_is_not_started() {
	ready_bridges one two
	printf 'ssh_key: %s\n' "$T/nowhere" >>"$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	expect 1 bridge apply
	out_has '^leave +one +its key cannot be used'
	out_has '^two +connected'
}

one_that_had_failed_is_tried_again() {
	ready_bridges one
	ssh-keygen -q -t ed25519 -N '' -f "$T/other"
	printf '%s\n' "$(cut -d' ' -f1,2 "$T/other.pub")" >"$T/pin"
	_set one host_keys "['$(cat "$T/pin")']"
	commit "$T/ops"
	expect 1 bridge up
	state_is one failed
	expect 1 bridge apply
	out_has '^start +one +it had failed'
	_set one host_keys "['$(cut -d' ' -f1,2 "$T/sshd/host.pub")']"
	commit "$T/ops"
	expect 0 bridge apply
	out_has '^restart +one +host_keys'
	state_is one connected
}

the_health_check_changes_without_a_new_connection() {
	local pid web
	ready_bridges one
	web=$(free_port)
	_set one health_check "{url: 'http://127.0.0.1:$web/', interval_seconds: 1}"
	commit "$T/ops"
	expect 0 bridge up
	pid=$(ssh_pid one)
	wait_until 10 state_is one degraded
	start_service "$web" hello
	_set one health_check "{url: 'http://127.0.0.1:$web/fine', interval_seconds: 1}"
	commit "$T/ops"
	expect 0 bridge apply
	out_has '^update +one +health_check.url'
	wait_until 10 state_is one connected
	same "$(ssh_pid one)" "$pid"
	sed -i /^health_check/d "$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
	expect 0 bridge apply
	expect 0 bridge status one --json
	same "$(json "$OUT" 'd["bridges"][0]["health"]')" null
	same "$(ssh_pid one)" "$pid"
}

the_plan_is_json_too() {
	ready_bridges one
	expect 0 bridge apply --dry-run --json
	same "$(json "$OUT" '[d["applied"], [(r["action"], r["name"]) for r in d["plan"]], d["bridges"]]')" \
		'[false, [["start", "one"]], []]'
	expect 0 bridge apply --json
	same "$(json "$OUT" '[d["applied"], [(b["name"], b["state"]) for b in d["bridges"]]]')" \
		'[true, [["one", "connected"]]]'
	_set one local_port 10
	commit "$T/ops"
	expect 0 bridge apply --json
	same "$(json "$OUT" 'd["plan"][0]["changes"]')" \
		'[{"field": "local_port", "old": 9, "new": 10}]'
}

run_tests
