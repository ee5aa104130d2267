# The manuals: what they say is what the commands, schemas and tools are.
. "$(dirname "$0")/lib.sh"

_manuals="bridge.1 bridge-mcp.1 bridge-catalog.5 bridge-tunnels.5 bridge-protocol.7"

_text() {
	MANWIDTH=200 mandoc -Tutf8 -O width=200 "$BUILD/man/$1" 2>/dev/null | col -bx
}

mandoc_finds_nothing_wrong_with_them() {
	need mandoc mandoc
	for name in $_manuals; do
		# They refer to each other before they are installed.
		mandoc -Tlint "$BUILD/man/$name" 2>/dev/null | grep -vE 'manual not found: Xr bridge|outdated mandoc.db' >"$T/lint" || true
		[ ! -s "$T/lint" ] || fail "$(cat "$T/lint")"
	done
}

every_command_and_option_of_the_help_is_in_bridge_1() {
	need mandoc mandoc
	local name usage
	_text bridge.1 >"$T/text"
	bridge --help | sed '/^Options/,$d' | grep '^  ' | sed 's/^  //; s/  .*//' >"$T/names"
	[ "$(wc -l <"$T/names")" -ge 22 ]
	while read -r name; do
		grep -qF -- "$(sed 's/ [[A-Z].*//' <<<"$name")" "$T/text" || fail "no $name"
	done <"$T/names"
	while read -r name; do
		# shellcheck disable=SC2086
		bridge $(sed 's/ [[A-Z].*//' <<<"$name") --help | grep -oE '^  .{4}--[a-z-]+( [A-Z]+)?' |
			grep -oE -- '--[a-z-]+( [A-Z]+)?'
	done <"$T/names" | sort -u >"$T/options"
	[ "$(wc -l <"$T/options")" -ge 25 ]
	while read -r usage; do
		grep -qF -- "$usage" "$T/text" || fail "no $usage"
	done <"$T/options"
}

every_key_of_a_schema_is_in_its_manual() {
	need mandoc mandoc
	local kind file key
	for kind in catalog domain target bridge actor tunnels; do
		file=bridge-catalog.5
		[ $kind != tunnels ] || file=bridge-tunnels.5
		_text $file >"$T/text"
		bridge catalog schema $kind >"$T/schema"
		python3 - "$T/schema" >"$T/keys" <<-'PY'
			import json, sys
			def walk(schema, before=""):
			    for key, value in schema.get("properties", {}).items():
			        print(before + key)
			        walk(value, before + key + ".")
			walk(json.load(open(sys.argv[1])))
		PY
		while read -r key; do
			grep -qE "^ +${key//./\\.}\$|^ +${key//./\\.}  " "$T/text" || fail "$file: no $key"
		done <"$T/keys"
	done
}

every_tool_and_rule_has_its_place() {
	need mandoc mandoc
	_text bridge-mcp.1 >"$T/text"
	for name in "$ROOT"/cmd/mcp/tools/*.json; do
		grep -q "$(basename "$name" .json)" "$T/text" || fail "no $name"
	done
	_text bridge-catalog.5 >"$T/text"
	bridge catalog explain | awk '$1 ~ /\// { print $1 }' >"$T/rules"
	[ "$(wc -l <"$T/rules")" -ge 20 ]
	while read -r name; do
		grep -qF "$name" "$T/text" || fail "no $name"
	done <"$T/rules"
	_text bridge-protocol.7 >"$T/text"
	for name in $(sed -n 's/^\t\[CONTROL_[A-Z_]*\] = "\([a-z]*\)",/\1/p' "$ROOT/tunnel/control/protocol.c"); do
		grep -qE "^ +$name( |\$)|\"$name\"" "$T/text" || fail "no $name"
	done
}

run_tests
