# Tests of the MCP server: a client in Python, and every message the server has
# sent checked against the schema of its version, by our own validator.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# mcp [ARGUMENT...] <SCRIPT: Python with everything of client.py at hand.
mcp() {
	: >"$T/noted"
	BUILD=$BUILD ROOT=$ROOT MCP_NOTED=$T/noted PYTHONPATH=$ROOT/tests/mcp \
		PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -c \
		"from client import *
$(cat)" "$@" >"$T/mcp.out" 2>"$T/mcp.err" || fail "$(cat "$T/mcp.out" "$T/mcp.err")"
	_fits
}

_fits() {
	local version schema
	[ -d "${SUITES:-}/mcp" ] || return 0
	for version in $(sed 's/^\["\([^"]*\)".*/\1/' "$T/noted" | sort -u); do
		schema=$SUITES/mcp/$version.json
		grep -F "[\"$version\"" "$T/noted" | sed 's/^\["[^"]*", /[/' |
			"$BUILD/tests/mcp/messages" "$schema" >"$T/fits" ||
			fail "$version: $(cat "$T/fits")"
	done
}
