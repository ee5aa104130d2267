# The history of one definition.
. "$(dirname "$0")/lib.sh"

_bridges() { echo "$T/ops/domains/edge/bridges"; }

# added, changed, renamed, and commits in between that touch others.
_history() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops" 'add hub'
	add_bridge "$T/ops" other 18009 8009
	commit "$T/ops" 'add other'
	add_bridge "$T/ops" hub 18001 8000
	GIT_AUTHOR_DATE='2026-03-01T10:00:00+0530' commit "$T/ops" 'move hub to 18001'
	git_here "$T/ops" mv domains/edge/bridges/hub.yaml domains/edge/bridges/centre.yaml
	commit "$T/ops" 'rename hub'
	add_bridge "$T/ops" other 18010 8009
	commit "$T/ops" 'other again'
}

the_log_names_commits_authors_dates_and_what_changed() {
	_history
	expect 0 bridge catalog log centre
	out_has "^$(git -C "$T/ops" rev-parse --short=12 HEAD~1)  .*  t  rename hub$"
	out_has '^    renamed from domains/edge/bridges/hub.yaml$'
	out_has '  2026-03-01T10:00:00\+05:30  t  move hub to 18001$'
	out_has '^    remote_port: 18000 -> 18001$'
	out_has '  add hub$'
	out_lacks 'other'
}

the_json_log_agrees_with_git_itself() {
	_history
	expect 0 bridge catalog log centre --json
	same "$(json "$OUT" '" ".join(c["commit"] for c in d["commits"])')" \
		"$(git -C "$T/ops" log --follow --format=%H domains/edge/bridges/centre.yaml | xargs)"
	same "$(json "$OUT" '[c["change"] for c in d["commits"]]')" '["renamed", "changed", "added"]'
	same "$(json "$OUT" '[c["old_id"] for c in d["commits"]]')" '["hub", "hub", null]'
	same "$(json "$OUT" 'd["complete"]')" true
}

a_definition_that_moves_to_another_domain_is_followed() {
	_history
	mkdir -p "$T/ops/domains/lab/bridges"
	printf 'name: Lab\n' >"$T/ops/domains/lab/domain.yaml"
	git_here "$T/ops" mv domains/edge/bridges/centre.yaml domains/lab/bridges/centre.yaml
	commit "$T/ops" 'to the lab'
	expect 0 bridge catalog log centre --json
	same "$(json "$OUT" 'len(d["commits"])')" 4
	same "$(json "$OUT" 'd["commits"][0]["fields"]')" \
		'[{"field": "domain", "old": "edge", "new": "lab"}]'
}

targets_actors_and_domains_have_a_log_too() {
	_history
	for id in gateway agent.test edge; do
		expect 0 bridge catalog log "$id"
		out_has '  add hub$'
		same "$(wc -l <"$OUT")" 2
	done
	expect 1 bridge catalog log centrr
	err_has "'centre'"
}

a_merge_that_takes_one_side_is_passed_over() {
	_history
	git_here "$T/ops" checkout -q -b side HEAD~1
	add_bridge "$T/ops" centre 18005 8000
	commit "$T/ops" 'side changes it'
	git_here "$T/ops" checkout -q main
	git_here "$T/ops" merge -q --no-edit side
	expect 0 bridge catalog log centre --json
	same "$(json "$OUT" '[c["summary"] for c in d["commits"]]')" \
		'["side changes it", "rename hub", "move hub to 18001", "add hub"]'
}

# The changes and the old ids of a definition's commits, newest first.
_steps() {
	expect 0 bridge catalog log "$1" --json
	json "$OUT" '" ".join("%s:%s" % (c["change"], c["old_id"] or "") for c in d["commits"])'
}

a_merge_into_a_branch_with_the_old_name_is_a_rename() {
	_history
	git_here "$T/ops" checkout -q -b side HEAD~2
	sed -i 's/^local_port: .*/local_port: 8005/' "$(_bridges)/hub.yaml"
	commit "$T/ops" 'side changes the port'
	git_here "$T/ops" merge -q --no-edit main
	same "$(_steps centre | tr ' ' '\n' | sort | xargs)" \
		'added: changed:hub changed:hub renamed:hub renamed:hub'
	same "$(json "$T/out" 'd["commits"][0]["old_id"]')" hub
}

a_rename_may_change_lines_too() {
	_history
	git_here "$T/ops" mv domains/edge/bridges/centre.yaml domains/edge/bridges/middle.yaml
	sed -i 's/18001/18002/' "$(_bridges)/middle.yaml"
	commit "$T/ops" 'rename and renumber'
	same "$(_steps middle)" 'renamed:centre renamed:hub changed:hub added:'
	same "$(json "$T/out" 'd["commits"][0]["fields"]')" \
		'[{"field": "remote_port", "old": 18001, "new": 18002}]'
}

an_id_is_followed_however_much_its_file_changes() {
	_history
	git_here "$T/ops" mv domains/edge/bridges/centre.yaml domains/edge/bridges/centre.yml
	commit "$T/ops" 'another ending'
	same "$(_steps centre)" 'renamed:centre renamed:hub changed:hub added:'
	git_here "$T/ops" rm -q domains/edge/bridges/centre.yml
	printf 'host: h\nremote_port: 1\nlocal_port: 2\nssh_user: u\nactor: agent.test\n' \
		>"$(_bridges)/centre.yaml"
	commit "$T/ops" 'written anew'
	same "$(_steps centre)" 'renamed:centre renamed:centre renamed:hub changed:hub added:'
}

a_domain_is_followed_by_what_lies_in_it() {
	_history
	git_here "$T/ops" mv domains/edge domains/border
	printf 'name: Border\nowner: ops\n' >"$T/ops/domains/border/domain.yaml"
	commit "$T/ops" 'another name, inside and outside'
	same "$(_steps border)" 'renamed:edge added:'
	same "$(_steps gateway)" 'renamed:gateway added:'
	same "$(_steps centre)" 'renamed:centre renamed:hub changed:hub added:'
	same "$(json "$T/out" 'd["commits"][0]["fields"]')" \
		'[{"field": "domain", "old": "edge", "new": "border"}]'
}

a_catalog_that_moves_takes_its_history_with_it() {
	_history
	mkdir "$T/ops/cat" "$T/ops/other"
	git_here "$T/ops" mv domains actors cat/
	cp -r "$T/ops/cat/domains" "$T/ops/other/"
	commit "$T/ops" 'a folder of its own, and a copy'
	git_here "$T/ops" mv cat/domains/edge/bridges/centre.yaml cat/domains/edge/bridges/x.yaml
	git_here "$T/ops" mv other/domains/edge/bridges/centre.yaml other/domains/edge/bridges/x.yml
	commit "$T/ops" 'both at once'
	write_config "$T/ops/cat"
	same "$(_steps x)" 'renamed:centre renamed:centre renamed:hub changed:hub added:'
	same "$(json "$T/out" 'd["commits"][0]["old_path"]')" cat/domains/edge/bridges/centre.yaml
	same "$(json "$T/out" 'd["commits"][1]["fields"]')" '[]'
}

catalogs_beside_each_other_keep_to_themselves() {
	_history
	mkdir "$T/ops/cat" "$T/ops/dog"
	git_here "$T/ops" mv domains actors dog/
	cp -r "$T/ops/dog/domains" "$T/ops/cat/"
	commit "$T/ops" 'two catalogs'
	local catalog
	for catalog in cat dog; do
		mkdir -p "$T/ops/$catalog/domains/lab"
		mv "$T/ops/$catalog/domains/edge/"* "$T/ops/$catalog/domains/lab/"
		echo 'owner: me' >>"$T/ops/$catalog/domains/lab/domain.yaml"
		mv "$T/ops/$catalog/domains/lab/bridges/other.yaml" "$T/ops/$catalog/domains/lab/bridges/$catalog.yaml"
	done
	commit "$T/ops" 'both rename alike'
	write_config "$T/ops/dog"
	_steps centre
	same "$(json "$T/out" 'd["commits"][0]["old_path"]')" dog/domains/edge/bridges/centre.yaml
	_steps lab
	same "$(json "$T/out" 'd["commits"][0]["old_path"]')" dog/domains/edge/domain.yaml
	_steps dog
	same "$(json "$T/out" 'd["commits"][0]["old_path"]')" dog/domains/edge/bridges/other.yaml
}

a_new_mode_is_no_change() {
	_history
	chmod 755 "$(_bridges)/centre.yaml"
	commit "$T/ops" 'a mode'
	same "$(_steps centre)" 'renamed:hub changed:hub added:'
}

a_revert_is_a_change_like_any_other() {
	_history
	git_here "$T/ops" revert --no-edit HEAD~2
	same "$(_steps centre)" 'changed:centre renamed:hub changed:hub added:'
	git_here "$T/ops" revert --no-edit HEAD~2
	same "$(_steps hub)" 'renamed:centre changed:centre renamed:hub changed:hub added:'
	git_here "$T/ops" rm -q domains/edge/bridges/hub.yaml
	git_here "$T/ops" commit -q -m gone
	git_here "$T/ops" revert --no-edit HEAD
	same "$(_steps hub)" \
		'added: removed:hub renamed:centre changed:centre renamed:hub changed:hub added:'
}

what_was_renamed_away_has_a_log_that_ends_there() {
	_history
	expect 0 bridge catalog log hub
	out_has "^$(git -C "$T/ops" rev-parse --short=12 HEAD~1)  .*  t  rename hub$"
	out_has '^    removed \(domains/edge/bridges/hub.yaml\)$'
	same "$(_steps hub)" 'removed:hub changed:hub added:'
	same "$(json "$T/out" '[d["kind"], d["id"], d["complete"]]')" '["bridge", "hub", true]'
	same "$(json "$T/out" 'd["commits"][0]["path"]')" null
}

what_was_deleted_has_a_log_under_all_its_names() {
	_history
	git_here "$T/ops" rm -q domains/edge/bridges/centre.yaml
	git_here "$T/ops" commit -q -m 'no centre'
	add_bridge "$T/ops" other 18011 8009
	commit "$T/ops" 'other once more'
	same "$(_steps centre)" 'removed:centre renamed:hub changed:hub added:'
	same "$(_steps edge/centre)" 'removed:centre renamed:hub changed:hub added:'
	same "$(json "$T/out" 'd["id"]')" centre
	same "$(json "$T/out" 'd["commits"][0]["summary"]')" 'no centre'
	expect 1 bridge catalog log lab/centre
	expect 0 bridge catalog log centre --rev HEAD~2
	out_lacks removed
}

targets_actors_and_domains_that_are_gone_have_a_log() {
	_history
	mkdir -p "$T/ops/domains/lab"
	printf 'name: Lab\n' >"$T/ops/domains/lab/domain.yml"
	git_here "$T/ops" rm -q -r domains/edge actors
	commit "$T/ops" 'start anew'
	same "$(_steps gateway)" 'removed:gateway added:'
	same "$(_steps agent.test)" 'removed:agent.test added:'
	same "$(_steps edge)" 'removed:edge added:'
	same "$(json "$T/out" 'd["kind"]')" domain
}

what_a_branch_deleted_is_gone_where_the_branch_did_it() {
	_history
	git_here "$T/ops" checkout -q -b side
	git_here "$T/ops" rm -q domains/edge/bridges/centre.yaml
	git_here "$T/ops" commit -q -m 'deleted aside'
	git_here "$T/ops" checkout -q main
	add_bridge "$T/ops" other 18011 8009
	commit "$T/ops" 'meanwhile'
	git_here "$T/ops" merge -q --no-edit side
	same "$(_steps centre)" 'removed:centre renamed:hub changed:hub added:'
	same "$(json "$T/out" 'd["commits"][0]["summary"]')" 'deleted aside'
}

what_a_merge_left_out_is_gone_with_the_merge() {
	_history
	git_here "$T/ops" checkout -q -b side
	add_bridge "$T/ops" aside 18020 8009
	commit "$T/ops" 'add aside'
	git_here "$T/ops" checkout -q main
	git_here "$T/ops" merge -q --no-ff -s ours -m 'without it' side
	same "$(_steps aside)" 'removed:aside added:'
	same "$(json "$T/out" 'd["commits"][0]["summary"]')" 'without it'
}

what_never_was_there_has_no_log() {
	_history
	expect 1 bridge catalog log hubb
	expect 1 bridge catalog log othre
	err_has "no definition is called 'othre'; did you mean 'other'"
	err_lacks 'shallow'
	expect 1 bridge catalog log ../hub --json
	same "$(cat "$OUT")" ''
	git clone -q --depth 1 "file://$T/ops" "$T/shallow"
	expect 1 bridge catalog log hub --catalog "$T/shallow"
	err_has 'shallow'
}

what_is_gone_is_found_below_the_catalogs_folder() {
	mkdir "$T/repo"
	make_catalog "$T/repo/cat"
	mv "$T/repo/cat/.git" "$T/repo/"
	add_bridge "$T/repo/cat" hub 18000 8000
	commit "$T/repo" 'add hub'
	rm "$T/repo/cat/domains/edge/bridges/hub.yaml"
	commit "$T/repo" 'no hub'
	write_config "$T/repo/cat"
	same "$(_steps hub)" 'removed:hub added:'
	same "$(json "$T/out" 'd["commits"][0]["old_path"]')" cat/domains/edge/bridges/hub.yaml
}

what_was_removed_before_the_catalog_moved_is_found() {
	_history
	git_here "$T/ops" rm -q domains/edge/bridges/centre.yaml
	git_here "$T/ops" commit -q -m 'no centre'
	mkdir "$T/ops/opscatalog"
	git_here "$T/ops" mv domains actors opscatalog/
	commit "$T/ops" 'in a folder'
	mkdir "$T/ops/deep"
	git_here "$T/ops" mv opscatalog deep/er
	rm "$T/ops/deep/er/domains/edge/bridges/other.yaml"
	commit "$T/ops" 'deeper, without other'
	write_config "$T/ops/deep/er"
	same "$(_steps centre)" 'removed:centre renamed:hub changed:hub added:'
	same "$(json "$T/out" 'd["commits"][0]["summary"]')" 'no centre'
	same "$(_steps other | cut -d ' ' -f 1,2)" 'removed:other renamed:other'
	same "$(json "$T/out" 'd["commits"][0]["old_path"]')" opscatalog/domains/edge/bridges/other.yaml
	same "$(json "$T/out" 'd["commits"][1]["summary"]')" 'in a folder'

	git_here "$T/ops" mv deep/er/domains deep/er/actors .
	commit "$T/ops" 'back at the top'
	write_config "$T/ops"
	same "$(_steps hub)" 'removed:hub changed:hub added:'
	expect 1 bridge catalog log never
}

a_shallow_clone_says_where_it_ends() {
	_history
	git clone -q --depth 2 "file://$T/ops" "$T/shallow"
	expect 0 bridge catalog log centre --catalog "$T/shallow"
	err_has "run git -C $T/shallow fetch --unshallow"
	expect 0 bridge catalog log centre --catalog "$T/shallow" --json
	same "$(json "$OUT" 'd["complete"]')" false
}

a_log_starts_at_a_commit() {
	_history
	expect 0 bridge catalog log hub --rev 'HEAD~2'
	out_has '18000 -> 18001'
	expect 3 bridge catalog log centre --rev WORKTREE
	err_has 'is no commit'
}

a_document_that_could_not_be_read_lost_no_fields_in_the_log() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops" 'add hub'
	echo 'remote_port: [' >"$(_bridges)/hub.yaml"
	commit "$T/ops" 'break it'
	echo 'words' >"$(_bridges)/hub.yaml"
	commit "$T/ops" 'only words'
	local at
	at=$(git -C "$T/ops" rev-parse --short=12 HEAD~1)

	expect 0 bridge catalog log hub

	same "$(grep -c "^    cannot be read at $at: .*hub.yaml:1:15: error: .* \[yaml/syntax\]$" "$OUT")" 2
	out_has '^    cannot be read at .*hub.yaml:1:1: error: the document is not a map \[schema/type\]$'
	out_lacks '->'
	expect 0 bridge catalog log hub --json
	same "$(json "$OUT" '[[len(c["fields"]) > 0, len(c["unreadable"])] for c in d["commits"]]')" \
		'[[false, 2], [false, 1], [true, 0]]'
}

an_author_cannot_write_to_the_terminal() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	git -C "$T/ops" add -A
	git -C "$T/ops" -c user.name=$'e\033[31mve' -c user.email=e@example.org commit -q -m $'red \033]0;x\a'
	expect 0 bridge catalog log hub
	out_has 'e\\x1b\[31mve  red \\x1b'
	! grep -q "$(printf '\033')" "$OUT" || fail "an escape character"
}

of_two_definitions_with_one_id_the_kind_decides() {
	make_catalog
	add_bridge "$T/ops" both 18000 8000
	commit "$T/ops" 'a bridge'
	cp "$T/ops/domains/edge/targets/gateway.yaml" "$T/ops/domains/edge/targets/both.yaml"
	commit "$T/ops" 'a target'
	expect 0 bridge catalog log both
	out_has 'a bridge'
	out_lacks 'a target'
	err_has "'both' is a bridge here; there is a target of that id, too: .bridge catalog log target:both."
	expect 0 bridge catalog log target:both
	out_has 'a target'
	out_lacks 'a bridge'
	err_lacks .
	expect 1 bridge catalog log actor:both
}

run_tests
