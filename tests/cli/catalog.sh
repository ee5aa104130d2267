# Reading catalogs: where they are, at which revision, what is said of them.
. "$(dirname "$0")/lib.sh"

_two_versions() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops" one
	git_here "$T/ops" tag v1
	add_bridge "$T/ops" hub 18001 8000
	add_bridge "$T/ops" second 18002 8000
	commit "$T/ops" two
}

_remote_port() {
	expect 0 bridge catalog show hub --json "$@"
	json "$OUT" 'd["remote_port"]'
}

list_counts_targets_and_bridges() {
	_two_versions
	expect 0 bridge catalog list
	out_has '^edge +1 +2 .*Edge'
	expect 0 bridge catalog list --rev v1 --json
	same "$(json "$OUT" 'd["domains"][0]["bridges"]')" '["hub"]'
	same "$(json "$OUT" 'd["revision"]')" "$(git -C "$T/ops" rev-parse v1)"
}

the_revision_comes_from_the_option_then_the_environment_then_the_config() {
	_two_versions
	write_config "$T/ops" 'catalog_revision: v1'
	same "$(_remote_port)" 18000
	same "$(BRIDGE_CATALOG_REV=main _remote_port)" 18001
	same "$(BRIDGE_CATALOG_REV=v1 _remote_port --rev main)" 18001
	same "$(_remote_port --rev 'main~1')" 18000
}

worktree_and_index_are_revisions_too() {
	_two_versions
	add_bridge "$T/ops" hub 18005 8000
	git_here "$T/ops" add -A
	add_bridge "$T/ops" hub 18006 8000
	same "$(_remote_port)" 18001
	same "$(_remote_port --rev INDEX)" 18005
	same "$(_remote_port --rev WORKTREE)" 18006
}

head_with_a_differing_working_tree_gives_one_notice() {
	_two_versions
	expect 0 bridge catalog list
	err_lacks 'working tree'
	add_bridge "$T/ops" hub 18006 8000
	expect 0 bridge catalog list
	err_has 'working tree differs'
	expect 0 bridge catalog list --rev HEAD
	err_lacks 'working tree'
}

only_what_a_catalog_reads_makes_it_differ() {
	_two_versions
	echo draft >"$T/ops/notes.txt"
	echo draft >"$T/ops/domains/edge/notes.md"
	mkdir "$T/ops/docs" && echo 'a: 1' >"$T/ops/docs/x.yaml"
	expect 0 bridge catalog list
	err_lacks 'working tree'
	mkdir -p "$T/ops/domains/new" && echo 'name: New' >"$T/ops/domains/new/domain.yaml"
	expect 0 bridge catalog list
	err_has 'working tree differs'
}

a_catalog_that_is_not_committed_is_said_to_be_there() {
	git init -q "$T/new"
	git_here "$T/new" commit -q --allow-empty -m none
	expect 0 bridge catalog init "$T/new/opscatalog"
	for path in "$T/new" "$T/new/opscatalog"; do
		expect 3 bridge catalog validate "$path"
		err_has "the catalog in '$T/new/opscatalog' is not in revision 'HEAD'; commit it, or use --rev WORKTREE"
		expect 0 bridge catalog validate "$path" --rev WORKTREE
	done
}

bare_repositories_and_linked_worktrees_work() {
	_two_versions
	git clone -q --bare "$T/ops" "$T/ops.git" 2>/dev/null
	same "$(_remote_port --catalog "$T/ops.git")" 18001
	git_here "$T/ops" worktree add -q "$T/linked" v1 2>/dev/null
	same "$(_remote_port --catalog "$T/linked")" 18000
	# libgit2 1.5 leaks a match of its own when it reads extensions.*
	echo 'leak:libgit2' >"$T/suppressions"
	export ASAN_OPTIONS=fast_unwind_on_malloc=0
	export LSAN_OPTIONS=suppressions=$T/suppressions:print_suppressions=0
	git_here "$T/ops" config extensions.worktreeConfig true
	git_here "$T/ops" config core.repositoryformatversion 1
	same "$(_remote_port --catalog "$T/linked")" 18000
	same "$(_remote_port --catalog "$T/ops")" 18001
}

a_folder_in_a_repository_is_a_catalog() {
	_two_versions
	mkdir "$T/mono"
	git init -q -b main "$T/mono"
	cp -r "$T/ops/domains" "$T/ops/actors" "$T/mono/" && mkdir "$T/mono/opscatalog"
	mv "$T/mono/domains" "$T/mono/actors" "$T/mono/opscatalog/"
	commit "$T/mono"
	same "$(_remote_port --catalog "$T/mono/opscatalog")" 18001
	rm "$HOME/.config/bridge/tunnels.yaml"
	cd "$T/mono/opscatalog/domains/edge"
	expect 0 bridge catalog list
	out_has '^edge'
	cd "$T/mono"
	expect 0 bridge catalog validate
	expect 0 bridge targets
	out_has '^gateway'
}

# A repository with its catalog in opscatalog/, and no configuration.
_mono() {
	_two_versions
	mkdir "$T/mono"
	cp -r "$T/ops/domains" "$T/ops/actors" "$T/mono/"
	git init -q -b main "$T/mono"
	commit "$T/mono" 'at the top'
	mkdir "$T/mono/opscatalog"
	git_here "$T/mono" mv domains actors opscatalog/
	commit "$T/mono" 'in a folder'
	rm "$HOME/.config/bridge/tunnels.yaml"
}

a_repository_that_is_named_has_its_catalog_in_opscatalog() {
	_mono
	git clone -q --bare "$T/mono" "$T/mono.git"
	local at rev
	cd "$T/mono"
	for at in . "$T/mono" "$T/mono/" "$T/mono.git"; do
		for rev in HEAD INDEX WORKTREE HEAD:opscatalog; do
			case $at,$rev in *.git,INDEX | *.git,WORKTREE) continue ;; esac
			same "$(_remote_port --catalog "$at" --rev $rev)" 18001
			expect 0 bridge catalog validate "$at" --rev $rev
			expect 0 bridge catalog graph "$at" --rev $rev
			out_has '^digraph'
			expect 0 bridge catalog list --catalog "$at" --rev $rev
			out_has '^edge'
			expect 0 bridge targets --catalog "$at" --rev $rev
			out_has '^gateway'
		done
		expect 0 bridge catalog log gateway --catalog "$at"
		out_has 'in a folder$'
		expect 0 bridge catalog diff HEAD HEAD --catalog "$at"
		expect 1 bridge up nosuch --catalog "$at"
		err_has "no bridge is called 'nosuch'"
	done
	write_config "$T/mono"
	same "$(_remote_port)" 18001
	expect 3 bridge catalog list --catalog "$T/mono/opscatalog/domains"
	err_has "neither 'opscatalog/domains/domains/' nor"
}

what_is_found_here_may_lie_elsewhere_in_the_revision() {
	_mono
	cd "$T/mono/opscatalog/domains"
	same "$(_remote_port --rev HEAD~1)" 18001
	same "$(_remote_port --rev HEAD:opscatalog)" 18001
	expect 0 bridge catalog diff HEAD~1 HEAD
	out_has '^nothing differs$'
	git clone -q --no-checkout "$T/mono" "$T/bare-bones"
	cd "$T/bare-bones"
	same "$(_remote_port)" 18001
}

a_folder_outside_any_repository_is_read_as_it_is() {
	_two_versions
	cp -r "$T/ops" "$T/plain" && rm -rf "$T/plain/.git"
	expect 0 bridge catalog list --catalog "$T/plain" --rev WORKTREE
	out_has '^edge'
}

validate_says_yes_no_and_cannot() {
	_two_versions
	expect 0 bridge catalog validate
	out_has '^valid: 5 documents, 0 errors'
	sed -i 's/18001/99999/' "$T/ops/domains/edge/bridges/hub.yaml"
	expect 1 bridge catalog validate --rev WORKTREE
	out_has 'domains/edge/bridges/hub.yaml:2:14: error: .*99999.*\[schema/range\]'
	out_has '^invalid: 5 documents, 1 error,'
	expect 0 bridge catalog validate
	expect 3 bridge catalog validate "$T/nowhere"
	expect 2 bridge catalog validate --format yaml
	err_has 'text, json'
}

warnings_count_with_strict() {
	_two_versions
	echo 'helth_check: {}' >>"$T/ops/domains/edge/bridges/hub.yaml"
	expect 0 bridge catalog validate --rev WORKTREE
	out_has "hub.yaml:5:1: warning: .*helth_check.*health_check.*\[schema/unknown-key\]"
	expect 1 bridge catalog validate --rev WORKTREE --strict
}

the_json_report_has_positions_and_goes_where_it_is_told() {
	_two_versions
	sed -i 's/18001/99999/' "$T/ops/domains/edge/bridges/hub.yaml"
	expect 1 bridge catalog validate --rev WORKTREE --format text --format "json=$T/report.json"
	out_has '^invalid'
	same "$(json "$T/report.json" 'd["valid"]')" false
	same "$(json "$T/report.json" '[d["findings"][0][k] for k in ("rule", "path")]')" \
		'["schema/range", "domains/edge/bridges/hub.yaml"]'
	same "$(json "$T/report.json" 'd["findings"][0]["range"]["start"]')" \
		'{"line": 2, "column": 14}'
}

the_same_input_gives_the_same_bytes() {
	_two_versions
	printf 'x: 1\n' >"$T/ops/domains/edge/stray.yaml"
	sed -i 's/18001/99999/' "$T/ops/domains/edge/bridges/hub.yaml"
	commit "$T/ops"
	expect 1 bridge catalog validate --json
	cp "$OUT" "$T/first"
	expect 1 bridge catalog validate --json
	cmp "$T/first" "$OUT"
}

references_between_documents_are_checked() {
	_two_versions
	sed -i 's/gateway/gatewya/; s/agent.test/agent.tset/' "$T/ops/domains/edge/bridges/hub.yaml"
	expect 1 bridge catalog validate --rev WORKTREE
	out_has "hub.yaml:1:9: error: .*gatewya.*gateway.*\[reference/target\]"
	out_has "hub.yaml:4:8: error: .*agent.tset.*agent.test.*\[reference/actor\]"
}

a_type_or_an_id_that_contradicts_the_place_is_found() {
	_two_versions
	printf 'type: target\nid: hbu\n' >>"$T/ops/domains/edge/bridges/hub.yaml"
	expect 1 bridge catalog validate --rev WORKTREE
	out_has 'hub.yaml:5:7: error: .*\[type/mismatch\]'
	out_has 'hub.yaml:6:5: error: .*\[id/mismatch\]'
}

a_bridge_without_target_and_host_is_told_of_both() {
	_two_versions
	sed -i '/^target/d' "$T/ops/domains/edge/bridges/hub.yaml"
	expect 1 bridge catalog validate --rev WORKTREE
	out_has "hub.yaml:1:1: error: .*'target'.*'host'"
}

show_tells_who_set_what() {
	_two_versions
	expect 0 bridge catalog show hub --origins
	out_has '^remote_port +18001 +domains/edge/bridges/hub.yaml:2'
	out_has '^host +127.0.0.1 +domains/edge/targets/gateway.yaml:1'
	out_has '^local_host +127.0.0.1 +default'
	expect 0 bridge catalog show hub --origins --json
	same "$(json "$OUT" 'd["origins"]["remote_port"]')" domains/edge/bridges/hub.yaml:2
}

targets_are_listed_and_shown() {
	_two_versions
	expect 0 bridge targets
	out_has '^gateway +edge +- +127.0.0.1'
	expect 0 bridge targets --json
	same "$(json "$OUT" 'd["targets"][0]["id"]')" gateway
	expect 0 bridge targets show gateway
	out_has '^bridges .*hub.*second'
	expect 1 bridge targets show gatewya
	err_has "did you mean 'gateway'"
	expect 1 bridge targets --domain egde
	err_has "did you mean 'edge'"
}

schemas_are_printed_for_editors() {
	local kind
	for kind in catalog domain target bridge actor tunnels; do
		expect 0 bridge catalog schema $kind
		same "$(json "$OUT" 'd["$schema"]')" https://json-schema.org/draft/2020-12/schema
	done
	expect 1 bridge catalog schema brigde
	err_has "did you mean 'bridge'"
}

the_example_catalog_is_valid() {
	cp -r "$ROOT/opscatalog.example" "$T/example"
	git init -q -b main "$T/example"
	commit "$T/example"
	expect 0 bridge catalog validate "$T/example" --strict
}

what_is_wrong_in_catalog_yaml_or_a_schema_is_named() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	printf 'name: [\n' >"$T/ops/catalog.yaml"
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has '^catalog.yaml:.* error: '
	printf 'rules: {no/such-rule: note}\n' >"$T/ops/catalog.yaml"
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has "^catalog.yaml:.* error: there is no rule 'no/such-rule'"
	same "$(grep -c 'catalog.yaml:.* error: ' "$OUT")" 1

	printf 'name: Ops\n' >"$T/ops/catalog.yaml"
	mkdir "$T/ops/schemas"
	ln -s /etc/passwd "$T/ops/schemas/bridge.schema.yaml"
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has '^schemas/bridge.schema.yaml: error: .* is a symbolic link'

	rm -r "$T/ops/schemas"
	commit "$T/ops"
	expect 0 bridge catalog validate --catalog "$T/ops"
	printf 'tunels: {}\n' >>"$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge catalog validate
	out_lacks 'tunels'
}

run_tests
