# What differs between two revisions of a catalog, in its own words.
. "$(dirname "$0")/lib.sh"

_bridges() { echo "$T/ops/domains/edge/bridges"; }

_base() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	add_bridge "$T/ops" metrics 18001 9090 'tags: [a, b]'
	commit "$T/ops" base
}

fields_that_changed_are_named_with_both_values() {
	_base
	add_bridge "$T/ops" hub 18005 8000 'health_check: {url: "http://127.0.0.1:8000/"}'
	add_bridge "$T/ops" metrics 18001 9090 'tags: [b]'

	expect 0 bridge catalog diff

	out_has '^bridge hub: changed \(domains/edge/bridges/hub.yaml\)$'
	out_has '^    remote_port: 18000 -> 18005$'
	out_has '^    health_check.url: \(none\) -> http://127.0.0.1:8000/$'
	out_has '^    tags: \["a", ?"b"\] -> \["b"\]$'
	out_lacks 'local_port'
}

added_and_removed_definitions_of_every_kind_are_named() {
	_base
	printf 'class: human\n' >"$T/ops/actors/ops.kim.yaml"
	mkdir -p "$T/ops/domains/lab/targets"
	printf 'name: Lab\n' >"$T/ops/domains/lab/domain.yaml"
	printf 'host: bench.example\n' >"$T/ops/domains/lab/targets/bench.yaml"
	rm "$(_bridges)/metrics.yaml"

	expect 0 bridge catalog diff --json

	same "$(json "$OUT" '[[c["kind"], c["id"], c["change"]] for c in d["changes"]]')" \
		'[["domain", "lab", "added"], ["target", "bench", "added"], ["bridge", "metrics", "removed"], ["actor", "ops.kim", "added"]]'
	same "$(json "$OUT" 'd["changes"][2]["path"]')" null
	same "$(json "$OUT" 'd["changes"][2]["old_path"]')" domains/edge/bridges/metrics.yaml
}

a_renamed_definition_is_one_change() {
	_base
	mv "$(_bridges)/metrics.yaml" "$(_bridges)/numbers.yaml"
	sed -i 's/18001/18009/' "$(_bridges)/numbers.yaml"

	expect 0 bridge catalog diff

	out_has '^bridge metrics -> numbers: renamed \(domains/edge/bridges/numbers.yaml\)$'
	out_has '^    remote_port: 18001 -> 18009$'
	same "$(wc -l <"$OUT")" 2
}

a_definition_that_moves_to_another_domain_has_changed() {
	_base
	mkdir -p "$T/ops/domains/lab/bridges"
	printf 'name: Lab\n' >"$T/ops/domains/lab/domain.yaml"
	commit "$T/ops" lab
	mv "$(_bridges)/hub.yaml" "$T/ops/domains/lab/bridges/"

	expect 0 bridge catalog diff

	out_has '^bridge hub: changed \(domains/lab/bridges/hub.yaml\)$'
	out_has '^    domain: edge -> lab$'
	same "$(wc -l <"$OUT")" 2
}

a_domain_whose_folder_and_name_change_is_renamed() {
	_base
	git_here "$T/ops" mv domains/edge domains/border
	printf 'name: Border\nowner: ops\n' >"$T/ops/domains/border/domain.yaml"

	expect 0 bridge catalog diff

	out_has '^domain edge -> border: renamed \(domains/border/domain.yaml\)$'
	out_has '^    name: Edge -> Border$'
	out_has '^bridge hub: changed \(domains/border/bridges/hub.yaml\)$'
	out_has '^    domain: edge -> border$'
	out_lacks '(added|removed)'
}

what_is_equal_is_the_rename_and_not_what_is_alike() {
	_base
	mv "$(_bridges)/metrics.yaml" "$(_bridges)/numbers.yaml"
	sed 's/18001/18009/' "$(_bridges)/numbers.yaml" >"$(_bridges)/alike.yaml"

	expect 0 bridge catalog diff

	out_has '^bridge metrics -> numbers: renamed'
	out_has '^bridge alike: added'
}

# What `bridge catalog diff`, `bridge catalog log` and git make of the newest
# commit, which takes metrics away and adds numbers.
_verdicts() {
	expect 0 bridge catalog diff HEAD~1 HEAD --json
	json "$OUT" '[c["change"] for c in d["changes"] if c["id"] == "numbers"][0]'
	expect 0 bridge catalog log numbers --json
	json "$OUT" 'd["commits"][0]["change"]'
	git -C "$T/ops" diff -M --name-status HEAD~1 HEAD |
		sed -nE 's/^R.*numbers.yaml$/renamed/p; s/^A.*numbers.yaml$/added/p'
}

the_diff_the_log_and_git_agree_on_what_is_renamed() {
	_base
	local changed i seen=
	for i in 1 2 3 4 5 6 7; do
		echo "x-$i: the line with the number $i"
	done >>"$(_bridges)/metrics.yaml"
	commit "$T/ops" longer
	for changed in 0 1 2 3 4 5 6 7; do
		mv "$(_bridges)/metrics.yaml" "$(_bridges)/numbers.yaml"
		for i in $(seq "$changed"); do
			sed -i "s/^x-$i: .*/y-$i: other words stand in line $i/" "$(_bridges)/numbers.yaml"
		done
		commit "$T/ops" "$changed lines"
		same "$(_verdicts | sort -u | wc -l)" 1
		seen="$seen $(_verdicts | head -n 1)"
		git_here "$T/ops" reset -q --hard HEAD~1
	done
	same "$(printf '%s\n' $seen | sort -u | xargs)" 'added renamed'
}

what_is_more_alike_is_the_rename_in_diff_and_log() {
	_base
	mv "$(_bridges)/metrics.yaml" "$(_bridges)/numbers.yaml"
	sed -i 's/18001/18009/' "$(_bridges)/numbers.yaml"
	sed 's/9090/9091/' "$(_bridges)/numbers.yaml" >"$(_bridges)/alike.yaml"
	commit "$T/ops" 'two that may be it'
	same "$(_verdicts | head -n 2 | xargs)" 'renamed renamed'
	expect 0 bridge catalog diff HEAD~1 HEAD
	out_has '^bridge alike: added'
	expect 0 bridge catalog log alike
	out_has '^    added'
}

another_ending_and_another_mode_are_no_difference() {
	_base
	mv "$(_bridges)/hub.yaml" "$(_bridges)/hub.yml"
	chmod 755 "$(_bridges)/metrics.yaml"
	git_here "$T/ops" add -A

	expect 0 bridge catalog diff
	out_has '^nothing differs$'
	expect 0 bridge catalog diff HEAD INDEX
	out_has '^nothing differs$'
}

a_merge_and_its_revert_differ_like_any_two_revisions() {
	_base
	git_here "$T/ops" checkout -q -b side
	add_bridge "$T/ops" hub 18005 8000
	commit "$T/ops" side
	git_here "$T/ops" checkout -q main
	add_bridge "$T/ops" metrics 18006 9090 'tags: [a, b]'
	commit "$T/ops" main
	git_here "$T/ops" merge -q --no-edit side
	git_here "$T/ops" revert --no-edit -m 1 HEAD

	expect 0 bridge catalog diff HEAD~2 HEAD~1
	out_has '18000 -> 18005'
	out_lacks metrics
	expect 0 bridge catalog diff HEAD~1 HEAD
	out_has '18005 -> 18000'
	expect 0 bridge catalog diff HEAD~2 HEAD
	out_has '^nothing differs$'
}

comments_and_order_are_no_difference() {
	_base
	{ echo '# new words'; tac "$(_bridges)/hub.yaml"; } >"$T/turned"
	mv "$T/turned" "$(_bridges)/hub.yaml"
	expect 0 bridge catalog diff
	out_has '^nothing differs$'
}

any_two_revisions_can_be_compared() {
	_base
	git_here "$T/ops" tag v1
	add_bridge "$T/ops" hub 18005 8000
	commit "$T/ops" two
	add_bridge "$T/ops" hub 18006 8000
	git_here "$T/ops" add -A
	add_bridge "$T/ops" hub 18007 8000

	expect 0 bridge catalog diff v1 main
	out_has 'remote_port: 18000 -> 18005'
	expect 0 bridge catalog diff v1
	out_has 'remote_port: 18000 -> 18007'
	expect 0 bridge catalog diff HEAD INDEX
	out_has 'remote_port: 18005 -> 18006'
	expect 0 bridge catalog diff main v1
	out_has 'remote_port: 18005 -> 18000'
	expect 3 bridge catalog diff nosuch
	err_has "unknown revision 'nosuch'"
	expect 2 bridge catalog diff a b c
}

a_document_that_cannot_be_read_loses_no_fields_in_a_diff() {
	_base
	printf 'target: gateway\nremote_port: [\n' >"$(_bridges)/metrics.yaml"
	add_bridge "$T/ops" hub 18005 8000

	expect 1 bridge catalog diff

	out_has '^bridge metrics: changed'
	out_has '^    cannot be read at WORKTREE: domains/edge/bridges/metrics.yaml:2:15: error: .* \[yaml/syntax\]$'
	out_has '^    remote_port: 18000 -> 18005$'
	out_lacks ' -> \(none\)'
	commit "$T/ops" broken

	expect 1 bridge catalog diff HEAD~1 HEAD --json
	same "$(json "$OUT" '[(c["id"], c["fields"] != [], c["unreadable"] != []) for c in d["changes"]]')" \
		'[["hub", true, false], ["metrics", false, true]]'
	same "$(json "$OUT" '[[u[k] for k in ("rule", "path", "revision")] for u in d["changes"][1]["unreadable"]]')" \
		"[[\"yaml/syntax\", \"domains/edge/bridges/metrics.yaml\", \"$(git -C "$T/ops" rev-parse HEAD)\"]]"
	same "$(json "$OUT" 'd["changes"][1]["unreadable"][0]["range"]["start"]')" '{"line": 2, "column": 15}'
	# Broken on both sides it is no difference.
	expect 0 bridge catalog diff HEAD
	out_has '^nothing differs$'
}

what_is_no_map_cannot_be_read_either() {
	_base
	echo 'just words' >"$(_bridges)/metrics.yaml"
	commit "$T/ops" words
	: >"$(_bridges)/metrics.yaml"
	echo 'a: [' >"$T/ops/catalog.yaml"

	expect 1 bridge catalog diff

	out_has "^    cannot be read at $(git -C "$T/ops" rev-parse --short=12 HEAD): .*metrics.yaml:1:1: error: this value is a text, not a map"
	out_has '^    cannot be read at WORKTREE: .*metrics.yaml:1:1: error: this value is empty, not a map'
	out_has '^    cannot be read at WORKTREE: catalog.yaml:1:5: error: .*\[yaml/syntax\]$'
	# One that meets no schema, but has fields, is compared.
	git_here "$T/ops" checkout -q .
	rm "$T/ops/catalog.yaml"
	add_bridge "$T/ops" hub no 8000
	expect 0 bridge catalog diff
	out_has '^    remote_port: 18000 -> no$'
}

a_hostile_value_reaches_no_terminal() {
	_base
	add_bridge "$T/ops" hub 18000 8000 'description: "\e[31mred\n\u202ex"'
	expect 0 bridge catalog diff
	out_has 'description: \(none\) -> .*x1b\[31mred'
	! grep -q "$(printf '\033')" "$OUT" || fail "an escape character"
}

running_bridges_that_change_are_named() {
	start_sshd
	make_catalog
	local remote
	remote=$(free_port)
	add_bridge "$T/ops" hub "$remote" 9
	add_bridge "$T/ops" metrics "$(free_port)" 9
	commit "$T/ops" base
	expect 0 bridge up hub metrics
	sed -i 's/^ssh_user: .*/ssh_user: other/' "$T/ops/domains/edge/targets/gateway.yaml"
	add_bridge "$T/ops" metrics "$remote" 9 'ssh_user: me'
	commit "$T/ops" two
	expect 0 bridge catalog diff 'HEAD~1' HEAD --json
	same "$(json "$OUT" 'd["touches"]')" '["hub", "metrics"]'
	# hub changes with its target, though its own document does not
	same "$(json "$OUT" '[c["id"] for c in d["changes"]]')" '["gateway", "metrics"]'

	printf 'name: Edges\n' >"$T/ops/domains/edge/domain.yaml"
	expect 0 bridge catalog diff
	out_has '^domain edge: changed'
	out_lacks 'running'
}

running_bridges_that_go_or_break_are_named_and_inline_ones_not() {
	start_sshd
	make_catalog
	local inline
	inline=$(free_port)
	add_bridge "$T/ops" hub "$(free_port)" 9
	add_bridge "$T/ops" metrics "$(free_port)" 9
	add_bridge "$T/ops" idle "$(free_port)" 9
	add_bridge "$T/ops" own "$(free_port)" 9
	commit "$T/ops" base
	write_config "$T/ops" 'tunnels:' "$(inline own "$inline" 9)"
	expect 0 bridge up hub metrics own
	rm "$(_bridges)/hub.yaml"
	echo 'a: [' >"$(_bridges)/metrics.yaml"
	add_bridge "$T/ops" idle 18001 9
	add_bridge "$T/ops" own 18002 9

	expect 1 bridge catalog diff --json

	same "$(json "$OUT" 'd["touches"]')" '["hub", "metrics"]'
}

a_diff_starts_no_supervisor() {
	_base
	rm "$(_bridges)/hub.yaml"
	expect 0 bridge catalog diff --json
	same "$(json "$OUT" 'd["touches"]')" '[]'
	[ ! -e "$BRIDGE_STATE_DIR" ] || fail "something was started"
}

run_tests
