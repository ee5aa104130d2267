# bridge status without names: what runs, has run or is defined.
. "$(dirname "$0")/lib.sh"

_names() {
	json "$OUT" '" ".join(b["name"] for b in d["bridges"])'
}

_state() {
	json "$OUT" "[b['state'] for b in d['bridges'] if b['name'] == '$1'][0]"
}

what_is_defined_is_listed_among_what_runs_in_order() {
	ready_bridges b d
	expect 0 bridge up --wait 60 d
	expect 0 bridge up --wait 60 b
	expect 0 bridge down b
	add_bridge "$T/ops" a "$(free_port)" 9
	add_bridge "$T/ops" c "$(free_port)" 9 'enabled: false'
	commit "$T/ops"
	write_config "$T/ops" tunnels: "$(inline e "$(free_port)" 9)"

	expect 0 bridge status --json
	same "$(_names)" "a b c d e"
	same "$(_state a) $(_state b) $(_state c) $(_state d) $(_state e)" \
		"stopped stopped stopped connected stopped"
	same "$(json "$OUT" '[d["bridges"][0][k] for k in ("uptime_seconds", "pid", "last_event")]')" \
		'[null, null, {}]'
	err_lacks .
	expect 0 bridge status
	same "$(awk 'NR > 1 { print $1 $2 }' "$OUT" | paste -sd' ')" \
		"astopped bstopped cstopped dconnected estopped"
	expect 0 bridge down
}

what_is_defined_is_listed_without_a_supervisor() {
	ready_bridges one
	expect 0 bridge status
	out_has '^one +stopped .* 127.0.0.1 '
	err_has 'no supervisor runs; `bridge up` starts it'
	expect 0 bridge status --rev HEAD --json
	same "$(_names)" one
	[ ! -e "$BRIDGE_STATE_DIR" ] || fail "to look has made a state directory"
}

what_this_host_does_not_select_is_not_listed() {
	ready_bridges one two
	echo 'tags: [here]' >>"$T/ops/domains/edge/bridges/two.yaml"
	commit "$T/ops"
	write_config "$T/ops" 'catalog_select: {tags: [here]}'
	expect 0 bridge status --json
	same "$(_names)" two
	expect 0 bridge up --wait 60 one
	expect 0 bridge status --json
	same "$(_names)" "one two"
	expect 0 bridge down
}

a_catalog_that_cannot_be_read_hides_nothing_that_runs() {
	ready_bridges one two
	expect 0 bridge up --wait 60 one
	mv "$T/ops" "$T/away"

	expect 0 bridge status
	out_has '^one +connected'
	out_lacks '^two'
	err_has "error: .*'$T/ops'.*\[io/read\]"
	expect 0 bridge status --json
	same "$(_names)" one
	err_has 'io/read'

	mv "$T/away" "$T/ops"
	rm -r "$T/ops/.git/objects"
	expect 0 bridge status
	out_has '^one +connected'
	err_has 'error: .*git/'

	echo '[' >"$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge status
	out_has '^one +connected'
	err_has 'tunnels.yaml:.*yaml/syntax'
	rm "$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge status
	out_has '^one +connected'
	err_lacks error
	expect 0 bridge down one
}

a_broken_definition_costs_only_its_own_line() {
	ready_bridges one two
	expect 0 bridge up --wait 60 one
	printf 'target: [\n' >"$T/ops/domains/edge/bridges/one.yaml"
	add_bridge "$T/ops" bad 70000 9 'unknown_key: 1'
	commit "$T/ops"

	expect 0 bridge status
	out_has '^one +connected'
	out_has '^two +stopped'
	out_lacks '^bad'
	err_has 'bad.yaml:2:14: error: .*70000'
	# It runs, and what is defined by its name was not asked for.
	err_lacks one.yaml
	err_lacks warning
	expect 0 bridge down
}

watching_shows_what_is_defined_later() {
	ready_bridges one
	expect 0 bridge up --wait 60
	bridge status --watch >"$T/watch" 2>&1 &
	started $!
	wait_until 10 grep -q '^one .*connected' "$T/watch"
	add_bridge "$T/ops" two "$(free_port)" 9
	commit "$T/ops"
	wait_until 20 grep -q '^two .*stopped' "$T/watch"
	expect 0 bridge down
}

run_tests
