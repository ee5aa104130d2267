# An organisation's own schemas: schemas/<kind>.schema.yaml in the catalog.
. "$(dirname "$0")/lib.sh"

_catalog() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	mkdir "$T/ops/schemas"
}

# _schema NAME: standard input is the schema.
_schema() {
	cat >"$T/ops/schemas/$1"
}

_validate() {
	git_here "$T/ops" add -A
	expect "$1" bridge catalog validate --rev INDEX "${@:2}"
}

_HUB=domains/edge/bridges/hub.yaml

a_constraint_is_added_and_named() {
	_catalog
	_schema bridge.schema.yaml <<-'END'
		properties:
		  remote_port:
		    maximum: 9999
	END
	_validate 1
	out_has "^$_HUB:2:14: error: 'remote_port' is 18000, above 9999 \(schemas/bridge.schema.yaml:3\) \[schema/range\]"
	_validate 1 --json
	same "$(json "$OUT" '[d["findings"][0][k] for k in ("instance", "keyword")]')" \
		'["/remote_port", "schemas/bridge.schema.yaml#/properties/remote_port/maximum"]'
}

our_own_findings_have_places_too_and_others_none() {
	_catalog
	sed -i 's/18000/99999/' "$T/ops/$_HUB"
	echo 'host: spare' >"$T/ops/domains/edge/targets/spare.yaml"
	_validate 1 --json
	same "$(json "$OUT" '[[f["rule"], f["instance"], f["keyword"]] for f in d["findings"]]')" \
		'[["schema/range", "/remote_port", "bridge.schema.json#/properties/remote_port/maximum"], ["unused/target", null, null]]'
}

a_schema_is_read_at_the_revision_of_the_documents() {
	_catalog
	commit "$T/ops" one
	git_here "$T/ops" tag before
	echo 'required: [description]' | _schema bridge.schema.yml
	commit "$T/ops" two
	expect 1 bridge catalog validate
	out_has "'description' is missing \(schemas/bridge.schema.yml:1\) \[schema/required\]"
	expect 0 bridge catalog validate --rev before
	git clone -q --bare "$T/ops" "$T/ops.git" 2>/dev/null
	expect 1 bridge catalog validate "$T/ops.git"
	out_has "'description' is missing"
}

json_and_own_messages_work() {
	_catalog
	_schema bridge.schema.json <<-'END'
		{"$schema": "https://json-schema.org/draft/2020-12/schema",
		 "properties": {"remote_port": {"maximum": 9999,
		  "x-message": "ports above 9999 belong to the database team"}}}
	END
	_validate 1
	out_has "hub.yaml:2:14: error: ports above 9999 belong to the database team \(schemas/bridge.schema.json:2\) \[schema/range\]"
}

schemas_refer_to_each_other_by_file_and_by_id_and_to_ours() {
	_catalog
	_schema actor.schema.yaml <<-'END'
		$id: https://example.org/actor
		$defs:
		  text: {type: string, maxLength: 3}
	END
	_schema target.schema.json <<-'END'
		{"$defs": {"port": {"maximum": 9999}}}
	END
	_schema bridge.schema.yaml <<-'END'
		$id: https://example.org/bridge
		properties:
		  description: {$ref: 'https://example.org/actor#/$defs/text'}
		  remote_port: {$ref: 'target.schema.json#/$defs/port'}
		  local_port: {$ref: 'urn:bridge:schema:bridge#/properties/ssh_user'}
	END
	echo 'description: long' >>"$T/ops/$_HUB"
	_validate 1
	out_has "hub.yaml:2:14: error: .*above 9999 \(schemas/target.schema.json:1\)"
	out_has "'description' has 4 characters, more than 3 \(schemas/actor.schema.yaml:3\)"
	out_has "'local_port' is a number, not a text"
}

mistakes_in_a_schema_are_shown_in_the_schema() {
	_catalog
	_schema bridge.schema.yaml <<-'END'
		type: 5
		anyOf: []
		properties:
		  a: {multipleOf: 0}
		  b: {$ref: '#/nowhere'}
		  c: {pattern: '(?i)x'}
		required: true
	END
	_validate 1
	local file=schemas/bridge.schema.yaml:
	out_has "^${file}1:7: error: 'type' must be .*\[schema/invalid\]"
	out_has "^${file}2:8: error: 'anyOf' must be "
	out_has "^${file}4:19: error: 'multipleOf' must be "
	out_has "^${file}5:13: error: nothing is at '#/nowhere'"
	out_has "^${file}6:16: error: the pattern '\(\?i\)x' is wrong"
	out_has "^${file}7:11: error: 'required' must be "
	out_has ' 6 errors'
}

another_draft_is_refused() {
	_catalog
	echo '$schema: http://json-schema.org/draft-07/schema#' | _schema actor.schema.yaml
	_validate 1
	out_has "^schemas/actor.schema.yaml:1:10: error: .*draft-07.*only JSON Schema 2020-12"
}

a_misspelt_keyword_or_format_is_a_warning() {
	_catalog
	_schema bridge.schema.yaml <<-'END'
		requried: [description]
		x-requried: 1
		errorMessage: no
		properties: {description: {format: ipv44}}
	END
	_validate 0
	out_has "^schemas/bridge.schema.yaml:1:1: warning: unknown keyword 'requried', did you mean 'required'\?"
	out_has "^schemas/bridge.schema.yaml:4:36: warning: unknown format 'ipv44', did you mean 'ipv4'\?"
	out_lacks 'x-requried|errorMessage'
}

formats_are_asserted() {
	_catalog
	_schema bridge.schema.yaml <<-'END'
		properties: {description: {format: date}}
	END
	echo 'description: 2024-02-30' >>"$T/ops/$_HUB"
	_validate 1
	out_has "'description' is '2024-02-30', not a date .*\(schemas/bridge.schema.yaml:1\) \[schema/format\]"
	sed -i 's/2024-02-30/2024-02-29/' "$T/ops/$_HUB"
	_validate 0
}

a_schema_of_an_unknown_kind_is_unexpected() {
	_catalog
	echo true | _schema brigde.schema.yaml
	echo true | _schema bridge.json
	echo true | _schema whatever.txt
	echo true | _schema README.md
	echo '{}' | _schema actor.schema.json
	echo '{}' | _schema actor.schema.yaml
	_validate 0
	out_has "brigde.schema.yaml'; did you mean 'bridge.schema.yaml'\? \[layout/unexpected-file\]"
	out_has "schemas/bridge.json'; did you mean 'bridge.schema"
	out_has "whatever.txt'; here stand only"
	out_has "actor.schema.yaml'; there is another file"
	out_has ' 4 warnings'
}

a_schema_never_loosens_ours() {
	_catalog
	_schema bridge.schema.yaml <<-'END'
		$id: urn:bridge:schema:bridge
		properties: {remote_port: true}
		additionalProperties: true
	END
	sed -i 's/18000/99999/' "$T/ops/$_HUB"
	_validate 1
	out_has "'remote_port' is 99999, not between 1 and 65535 \[schema/range\]"
	out_has "^schemas/bridge.schema.yaml:1:6: error: another schema has this .id"
}

a_broken_schema_does_not_keep_a_bridge_of_another_kind_down() {
	_catalog
	echo 'type: 5' | _schema domain.schema.yaml
	commit "$T/ops"
	expect 0 bridge catalog show hub
	expect 1 bridge catalog validate
}

control_characters_of_a_schema_stay_inside() {
	_catalog
	_schema bridge.schema.json <<-'END'
		{"properties": {"remote_port": {"maximum": 1, "x-message": "\u001b[31mred"}},
		 "requi\u009bred": []}
	END
	_validate 1
	! grep -q "$(printf '\033')\|$(printf '\302\233')" "$OUT" || fail 'raw control characters'
	out_has '\\x1b\[31mred'
}

json_is_read_as_json_and_as_nothing_else() {
	_catalog
	python3 - "$T/ops/schemas/bridge.schema.json" <<-'PYTHON'
		import json, sys
		json.dump({"properties": {"description": {"pattern": "^[^\U0001f600\\\\]*$",
		    "x-message": "free of \U0001f600 \\u00e9"}}}, open(sys.argv[1], "w"), indent="\t")
	PYTHON
	printf 'description: "x \360\237\230\200"\n' >>"$T/ops/$_HUB"
	_validate 1
	out_has "'description' is 'x 😀', not free of 😀 .u00e9 \(schemas/bridge.schema.json:4\)"
	printf '{"required": ["actor"],}\n' | _schema bridge.schema.json
	_validate 1
	out_has '^schemas/bridge.schema.json:1:24: error: this is no JSON: .* \[yaml/syntax\]'
	rm "$T/ops/schemas/bridge.schema.json"
	printf '{"required": ["actor"],}\n' | _schema bridge.schema.yaml
	_validate 0
}

a_key_is_named_once() {
	_catalog
	printf 'labels: {Upper: x, lower: y}\n' >>"$T/ops/$_HUB"
	_schema bridge.schema.yaml <<-'END'
		properties: {labels: {propertyNames: {pattern: '^[a-z]+$'}}}
	END
	_validate 1
	out_has "error: the key 'Upper' does not match '.*' \(schemas/bridge.schema.yaml:1\)"
	_schema bridge.schema.yaml <<-'END'
		properties: {labels: {propertyNames: {enum: [lower, higher]}}}
	END
	_validate 1
	out_has "error: the key 'Upper' is not one of 'lower', 'higher' \("
}

a_reference_to_a_file_that_is_not_read_says_so() {
	_catalog
	printf '$ref: common.json\n' | _schema bridge.schema.yaml
	_validate 1
	out_has "schemas/bridge.schema.yaml:1:7: error: nothing is at 'common.json'; no other files are read than"
}

run_tests
