# The schemas in an editor: completion, hover and errors, from the real
# yaml-language-server (YAML_LANGUAGE_SERVER, or the one in PATH).
. "$(dirname "$0")/lib.sh"

LANGUAGE_SERVER=${YAML_LANGUAGE_SERVER:-$(command -v yaml-language-server || true)}

# A catalog beside its schemas, as README.md sets an editor up.
_set_up() {
	[ -n "$LANGUAGE_SERVER" ] || skip "no yaml-language-server: install it (npm), or name it in YAML_LANGUAGE_SERVER"
	bridge catalog init -q "$T/ops"
	mkdir "$T/schema"
	local kind
	for kind in catalog domain target bridge actor tunnels; do
		bridge catalog schema $kind >"$T/schema/$kind.schema.json"
	done
	BRIDGE=domains/edge/bridges/state-hub.yaml
	SETTINGS=$(cat <<-JSON
		{"schemaStore": {"enable": false}, "validate": true, "hover": true, "completion": true,
		 "schemas": {
		  "file://$T/schema/catalog.schema.json": "/catalog.yaml",
		  "file://$T/schema/domain.schema.json": "/domains/*/domain.yaml",
		  "file://$T/schema/target.schema.json": "/domains/*/targets/*.yaml",
		  "file://$T/schema/bridge.schema.json": "/domains/*/bridges/*.yaml",
		  "file://$T/schema/actor.schema.json": "/actors/*.yaml",
		  "file://$T/schema/tunnels.schema.json": "tunnels.yaml"}}
	JSON
	)
}

# _edit FOLDER FILE [QUESTION...]: what the editor shows, as JSON in $OUT.
_edit() {
	local folder=$1 file=$2
	shift 2
	expect 0 python3 "$ROOT/tests/cli/editor.py" "$folder" "$file" \
		"$SETTINGS" "$@" -- "$LANGUAGE_SERVER" --stdio
}

a_new_catalog_has_no_error_in_any_file() {
	_set_up
	local file
	cp "$T/ops/tunnels.yaml.example" "$T/ops/tunnels.yaml"
	for file in $(cd "$T/ops" && find . -name '*.yaml' | cut -c 3-); do
		_edit "$T/ops" "$file" hover:3:1
		same "$(json "$OUT" 'd["diagnostics"]')" '[]'
	done
}

every_kind_of_file_has_its_schema() {
	_set_up
	local file
	for file in catalog.yaml actors/ops.me.yaml domains/edge/domain.yaml \
		domains/edge/targets/gateway.yaml $BRIDGE tunnels.yaml; do
		echo 'surprise: 1' >"$T/ops/$file"
		_edit "$T/ops" "$file"
		json "$OUT" '[m for line, s, m in d["diagnostics"]]' | grep -q 'surprise' ||
			fail "no word about $file"
	done
}

a_wrong_value_is_marked_in_its_line() {
	_set_up
	printf 'target: gateway\nlocal_port: 8000\nremote_port: 99999\nactor: ops.me\n' >"$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE"
	same "$(json "$OUT" '[part[:2] for part in d["diagnostics"]]')" '[[3, 1]]'
	json "$OUT" 'd["diagnostics"][0][2]' | grep -q 65535 || fail "no limit named"
	printf 'target: gateway\nlocal_port: 8000\nremote_port: 18000\nactor: ops.me\nhealth_check:\n  url: http://127.0.0.1/\n  from: nowhere\n' >"$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE"
	same "$(json "$OUT" '[part[:2] for part in d["diagnostics"]]')" '[[7, 1]]'
}

keys_are_offered_with_what_they_are_for() {
	_set_up
	printf 'target: gateway\n\nhealth_check:\n  url: http://127.0.0.1/\n  \n' >"$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE" complete:2:1 complete:5:3
	cp "$OUT" "$T/answer"
	same "$(json "$T/answer" '{"remote_port", "local_port", "actor", "enabled", "proxy_jump"} <= set(d["answers"][0])')" true
	same "$(json "$T/answer" '"target" in d["answers"][0]')" false
	same "$(json "$T/answer" 'sorted(d["answers"][1])')" \
		'["expect_status", "failures", "from", "interval_seconds", "timeout_seconds"]'
	same "$(json "$T/answer" '[k for a in d["answers"] for k, v in a.items() if not v["about"]]')" '[]'
	same "$(json "$T/answer" 'd["answers"][1]["interval_seconds"]["insert"]')" 'interval_seconds: ${1:30}'
}

values_are_offered() {
	_set_up
	printf 'class: \n' >"$T/ops/actors/ops.me.yaml"
	_edit "$T/ops" actors/ops.me.yaml complete:1:8
	same "$(json "$OUT" 'sorted(d["answers"][0])')" '["automation", "human"]'
	printf 'target: gateway\nremote_port: \nremote_bind: \n' >"$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE" complete:2:14 complete:3:14
	same "$(json "$OUT" '"18000" in d["answers"][0]')" true
	same "$(json "$OUT" 'sum("127.0.0.1" in k for k in d["answers"][1]) > 0')" true
}

hovering_says_what_a_key_means() {
	_set_up
	printf 'target: gateway\nremote_port: 18000\nlocal_port: 8000\nactor: ops.me\nhealth_check:\n  url: http://127.0.0.1/\n  from: remote\n' >"$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE" hover:2:3 hover:5:3 hover:7:4
	same "$(json "$OUT" '["remote machine" in d["answers"][0], "HTTP check" in d["answers"][1], "through the tunnel" in d["answers"][2]]')" \
		'[true, true, true]'
}

a_modeline_names_the_schema_relative_to_the_file() {
	_set_up
	SETTINGS='{"schemaStore": {"enable": false}, "validate": true}'
	printf '# yaml-language-server: $schema=../../../../schema/bridge.schema.json\ntarget: gateway\nremote_port: 0\nlocal_port: 1\nactor: ops.me\n' >"$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE"
	same "$(json "$OUT" '[part[:2] for part in d["diagnostics"]]')" '[[3, 1]]'
	sed -i "1s|=.*|=file://$T/schema/bridge.schema.json|" "$T/ops/$BRIDGE"
	_edit "$T/ops" "$BRIDGE"
	same "$(json "$OUT" '[part[:2] for part in d["diagnostics"]]')" '[[3, 1]]'
	# The one in the example works where it stands.
	mkdir "$T/tree"
	cp -r "$ROOT/schema" "$ROOT/opscatalog.example" "$T/tree/"
	_edit "$T/tree/opscatalog.example" catalog.yaml
	same "$(json "$OUT" 'd["diagnostics"]')" '[]'
	echo 'version: 2' >>"$T/tree/opscatalog.example/catalog.yaml"
	sed -i '/^version: 1/d' "$T/tree/opscatalog.example/catalog.yaml"
	_edit "$T/tree/opscatalog.example" catalog.yaml
	same "$(json "$OUT" 'len(d["diagnostics"])')" 1
}

run_tests
