# validate --since: what a change causes, and nothing that was wrong before.
. "$(dirname "$0")/lib.sh"

_bridges=domains/edge/bridges

# _one [LINE...]: a catalog with a bridge, these lines in it, committed.
_one() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	[ $# = 0 ] || printf '%s\n' "$@" >>"$T/ops/$_bridges/hub.yaml"
	commit "$T/ops" one
}

# _since STATUS: what is staged, against HEAD.
_since() {
	git_here "$T/ops" add -A
	expect "$1" bridge catalog validate --rev INDEX --since HEAD "${@:2}"
}

since_reports_what_changed_documents_cause() {
	_one
	add_bridge "$T/ops" second 18002 8000
	echo 'old_typo: 1' >>"$T/ops/domains/edge/bridges/hub.yaml"
	echo 'old_typo: 1' >>"$T/ops/domains/edge/bridges/second.yaml"
	commit "$T/ops" mistakes
	expect 0 bridge catalog validate --since HEAD --strict
	out_has ', 0 warnings.* since '

	# A changed document answers for all it says.
	echo '# touched' >>"$T/ops/domains/edge/bridges/hub.yaml"
	commit "$T/ops" touched
	expect 1 bridge catalog validate --since 'HEAD~1' --strict
	out_has 'hub.yaml:5:1: warning'
	out_lacks 'second.yaml'

	# So does one that unchanged documents refer to.
	git_here "$T/ops" rm -q domains/edge/targets/gateway.yaml
	expect 1 bridge catalog validate --rev INDEX --since HEAD
	out_has 'hub.yaml:1:9: error: .*\[reference/target\]'
	out_has 'second.yaml:1:9: error: .*\[reference/target\]'
	out_lacks 'old_typo'
}

since_a_revision_without_a_catalog_everything_is_new() {
	mkdir "$T/ops" && git init -q -b main "$T/ops"
	git_here "$T/ops" commit -q --allow-empty -m none
	git_here "$T/ops" tag none
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	echo 'typo: 1' >>"$T/ops/domains/edge/bridges/hub.yaml"
	commit "$T/ops" one
	expect 1 bridge catalog validate --since none --strict
	out_has 'hub.yaml:5:1: warning'
	expect 3 bridge catalog validate --since nosuch
	err_has "unknown revision 'nosuch'"
	mkdir "$T/ops/opscatalog"
	git_here "$T/ops" mv domains actors opscatalog/
	commit "$T/ops" two
	expect 1 bridge catalog validate "$T/ops" --since HEAD~1 --strict
	out_has 'opscatalog/domains/edge/bridges/hub.yaml:5:1: warning'
	out_has ', since HEAD~1\)$'
}

an_old_mistake_stays_old_when_a_better_suggestion_is_there() {
	_one 'proxy_jump: nowhere'
	echo 'host: new.example.net' >"$T/ops/domains/edge/targets/nowhere2.yaml"
	expect 1 bridge catalog validate --rev WORKTREE
	out_has "'nowhere' is no target; did you mean 'nowhere2'"
	_since 0 -q
	out_lacks 'error'
}

an_old_mistake_stays_old_when_its_schema_only_moves() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	mkdir "$T/ops/schemas"
	printf 'properties:\n  remote_port: {maximum: 9999}\n' \
		>"$T/ops/schemas/bridge.schema.yaml"
	commit "$T/ops" one
	sed -i '1i # what we agreed on' "$T/ops/schemas/bridge.schema.yaml"
	_since 0
	out_lacks 'hub.yaml'

	# A new constraint is a new mistake, also at the same place.
	printf 'properties:\n  remote_port: {maximum: 9999, multipleOf: 7}\nrequired: [ssh_user]\n' \
		>"$T/ops/schemas/bridge.schema.yaml"
	_since 1
	out_has "hub.yaml:1:1: error: required key 'ssh_user' is missing"
	out_lacks 'above 9999'
}

of_two_bridges_on_a_port_the_changed_one_is_told() {
	_one
	add_bridge "$T/ops" first 18000 8001
	expect 1 bridge catalog validate --rev WORKTREE
	out_has "hub.yaml:2:14: error: bridge 'hub' listens on port 18000 .* as bridge 'first' does"
	_since 1
	out_has "first.yaml:2:14: error: bridge 'first' listens on port 18000 .* as bridge 'hub' does at $_bridges/hub.yaml:2"
	same "$(grep -c 'port/clash' "$OUT")" 1

	# A third clashes with both; what was there is not said again.
	commit "$T/ops" two
	add_bridge "$T/ops" another 18000 8002
	_since 1
	out_lacks '^[^:]*/first.yaml|^[^:]*/hub.yaml'
	out_has "another.yaml:2:14: error: bridge 'another' .* as bridge '(first|hub)' does"
}

an_old_clash_is_told_only_of_a_bridge_that_changed() {
	_one
	add_bridge "$T/ops" first 18000 8001
	commit "$T/ops" two
	sed -i '1i # a comment' "$T/ops/$_bridges/first.yaml"
	_since 1
	out_has "first.yaml:3:14: error: bridge 'first' listens on port 18000"
	git_here "$T/ops" checkout -q HEAD -- .
	echo '# a comment' >>"$T/ops/domains/edge/domain.yaml"
	_since 0
	out_lacks 'port/clash'
}

run_tests
