# up --resume: after a crash or a reboot, what was wanted comes back.
. "$(dirname "$0")/lib.sh"

_wanted() {
	json "$BRIDGE_STATE_DIR/.desired.json" 'sorted(d)'
}

_end() {
	local pid
	pid=$(supervisor_pid)
	kill "-$1" "$pid"
	wait_until 10 is_gone "$pid"
}

what_ran_comes_back_after_a_crash() {
	ready_bridges one two three
	expect 0 bridge up one two
	_end KILL
	# It needs no catalog for that, nor a config.
	rm -rf "$T/ops" "$HOME/.config"
	expect 0 bridge up --resume
	out_has '^one +connected'
	out_has '^two +connected'
	out_lacks three
	expect 0 bridge up --resume
	err_has 'nothing to resume'
}

what_ran_comes_back_after_an_orderly_end_by_a_signal() {
	ready_bridges one two
	expect 0 bridge up
	_end TERM
	state_is one stopped
	same "$(_wanted)" '["one", "two"]'
	expect 0 bridge up --resume --json
	same "$(json "$OUT" 'sorted(b["name"] for b in d["bridges"])')" '["one", "two"]'
}

what_cannot_be_read_is_kept_and_said() {
	local damage
	ready_bridges one two
	for damage in 0 50; do
		expect 0 bridge up
		_end KILL
		truncate -s $damage "$BRIDGE_STATE_DIR/.desired.json"
		expect 3 bridge up --resume
		err_has 'what was wanted cannot be read: .*desired.json.damaged'
		expect 3 bridge up --resume
		# Nothing is forgotten while that is so.
		mv "$T/ops/domains/edge/bridges/one.yaml" "$T/one.yaml"
		commit "$T/ops"
		expect 0 bridge apply --prune
		out_lacks forget
		mv "$T/one.yaml" "$T/ops/domains/edge/bridges"
		commit "$T/ops"
		expect 0 bridge up one
		same "$(wc -c <"$BRIDGE_STATE_DIR/.desired.json.damaged")" $damage
		expect 3 bridge up --resume
		rm "$BRIDGE_STATE_DIR/.desired.json.damaged"
		expect 0 bridge up --resume
		expect 0 bridge down
	done
	# Also when a supervisor is there first.
	expect 0 bridge up
	_end KILL
	echo nonsense >"$BRIDGE_STATE_DIR/.desired.json"
	expect 0 bridge up one
	same "$(cat "$BRIDGE_STATE_DIR/.desired.json.damaged")" nonsense
}

what_was_taken_down_does_not_come_back() {
	ready_bridges one two three
	expect 0 bridge up
	expect 0 bridge down one
	_end TERM
	# Not while no supervisor runs either, nor beside one that does.
	expect 0 bridge down two
	same "$(_wanted)" '["three"]'
	expect 0 bridge up one
	same "$(_wanted)" '["one", "three"]'
	expect 0 bridge down three
	_gone() { [ "$(_wanted)" = '["one"]' ]; }
	wait_until 5 _gone
	expect 0 bridge up --resume
	err_has 'nothing to resume'
	expect 0 bridge down
	_none() { [ "$(_wanted)" = '[]' ]; }
	wait_until 5 _none
}

another_bridge_that_comes_up_first_takes_nothing_away() {
	ready_bridges one two
	expect 0 bridge up one
	_end KILL
	expect 0 bridge up two
	expect 0 bridge up --resume
	out_has '^one +connected'
	out_lacks two
}

resume_takes_no_names() {
	expect 2 bridge up --resume one
	err_has 'takes no names'
}

run_tests
