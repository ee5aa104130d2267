# One message per mistake, at the place that is wrong; and none is hidden.
. "$(dirname "$0")/lib.sh"

_HUB=domains/edge/bridges/hub.yaml

_catalog() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000 "$@"
}

# _validate ERRORS: as many errors, and nothing else.
_validate() {
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	same "$(grep -c ': error: ' "$OUT")" "$1"
	out_has ", $1 errors?, 0 warnings, 0 notes "
}

a_typo_in_a_required_key_is_one_error_at_the_typo() {
	_catalog
	sed -i 's/^actor/acter/' "$T/ops/$_HUB"
	_validate 1
	out_has "^$_HUB:4:1: error: unknown key 'acter', did you mean 'actor', which is required\? \[schema/required\]"
}

so_is_one_in_a_key_of_which_either_is_required() {
	_catalog
	sed -i 's/^target/traget/' "$T/ops/$_HUB"
	_validate 1
	out_has "^$_HUB:1:1: error: unknown key 'traget', did you mean 'target', which"
}

two_typos_are_two_errors_also_in_an_inner_map() {
	_catalog 'health_check: {urll: "http://127.0.0.1:8000/"}'
	sed -i 's/^local_port/locla_port/' "$T/ops/$_HUB"
	_validate 2
	out_has "^$_HUB:3:1: .* did you mean 'local_port', which"
	out_has "^$_HUB:5:16: .* did you mean 'url', which"
}

a_typo_beside_the_key_it_is_like_is_only_unknown() {
	_catalog 'actr: agent.test'
	expect 0 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has "^$_HUB:5:1: warning: unknown key 'actr' "
}

a_missing_key_stays_missing_beside_an_unknown_one() {
	_catalog
	sed -i 's/^actor/colour/' "$T/ops/$_HUB"
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has "^$_HUB:1:1: error: required key 'actor' is missing "
	out_has "^$_HUB:4:1: warning: unknown key 'colour' "
}

a_yes_is_one_error_that_says_what_to_write() {
	_catalog 'enabled: yes'
	_validate 1
	out_has "^$_HUB:5:10: error: 'enabled' is a text, not true or false; write true \[schema/type\]"
	sed -i 's/enabled: yes/enabled: Off/' "$T/ops/$_HUB"
	_validate 1
	out_has 'write false \['
	printf 'tunnels:\n  box: {enabled: no, host: h, remote_port: 1, local_port: 1}\n' \
		>>"$HOME/.config/bridge/tunnels.yaml"
	commit "$T/ops"
	expect 1 bridge up box
	same "$(grep -c "tunnels.yaml:3:18: " "$ERR")" 1
	err_has "'enabled' is a text, not true or false; write false"
}

a_mistake_against_two_schemas_is_one_error() {
	_catalog
	sed -i 's/18000/70000/; s/^actor.*//' "$T/ops/$_HUB"
	mkdir "$T/ops/schemas"
	printf 'required: [actor, description]\nproperties: {remote_port: {maximum: 9999}}\n' \
		>"$T/ops/schemas/bridge.schema.yaml"
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	same "$(grep -c 'remote_port' "$OUT")" 1
	same "$(grep -c "'actor'" "$OUT")" 1
	out_has "required key 'description' is missing \(schemas/bridge.schema.yaml:1\)"
}

a_typo_in_a_key_the_organisation_requires_is_one_error() {
	_catalog 'descripton: x'
	mkdir "$T/ops/schemas"
	echo 'required: [description]' >"$T/ops/schemas/bridge.schema.yaml"
	_validate 1
	out_has "^$_HUB:5:1: error: unknown key 'descripton', did you mean 'description', which is required\? \(schemas/bridge.schema.yaml:1\) \[schema/required\]"
}

a_schema_error_hides_no_wrong_reference_and_no_clash() {
	_catalog 'local_host: 7'
	sed -i 's/^target.*/target: nowhere/' "$T/ops/$_HUB"
	add_bridge "$T/ops" zeta 18001 8000 'local_host: 7'
	add_bridge "$T/ops" eta 18001 8000
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has "^$_HUB:1:9: error: target 'nowhere' is not defined"
	out_has "^$_HUB:5:13: error: 'local_host' is a number"
	out_has "zeta.yaml:2:14: error: bridge 'zeta' listens on port 18001 "
	same "$(grep -c ': error: ' "$OUT")" 4
}

what_the_schema_rejects_is_looked_at_by_no_rule() {
	_catalog
	sed -i 's/^target.*/target: "no such!"/' "$T/ops/$_HUB"
	add_bridge "$T/ops" first 70000 8000
	add_bridge "$T/ops" second 70000 8000
	_validate 3
	out_has "^$_HUB:1:9: error: 'target' is 'no such!', not "
}

an_unknown_rule_is_found_beside_other_mistakes_of_catalog_yaml() {
	_catalog
	printf 'name: 7\nrules: {no/such: note}\n' >"$T/ops/catalog.yaml"
	_validate 2
	out_has "^catalog.yaml:2:9: error: there is no rule 'no/such'"
}

a_nul_hides_nothing_of_a_message() {
	_catalog '"unk\0nown": 1'
	sed -i 's/^actor.*/actor: "a\\0b"/' "$T/ops/$_HUB"
	expect 1 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
	out_has "'actor' is 'a.x00b', not an id"
	out_has "unknown key 'unk.x00nown'"
}

run_tests
