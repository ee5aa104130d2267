# `bridge mcp register`, the skill, and the repository's own .mcp.json.
. "$(dirname "$0")/lib.sh"

# A PATH without whatever claude this machine has.
_without_claude() {
	PATH=$T/bin:/usr/bin:/bin
	! command -v claude >/dev/null || skip "claude is in /usr/bin"
	mkdir project
	cd project
}

# One that notes what it is told: the real one is tried in real.sh.
_with_a_claude_that_notes() {
	_without_claude
	cat >"$T/bin/claude" <<-SH
		#!/bin/sh
		printf '%s\n' "\$*" >>"$T/told"
		case "\$2" in
		remove) [ -e "$T/registered" ] && rm "$T/registered" ;;
		add) [ ${1:-0} = 0 ] && [ ! -e "$T/registered" ] && : >"$T/registered" ;;
		esac
	SH
	chmod 755 "$T/bin/claude"
}

claude_is_told_with_our_own_path() {
	_with_a_claude_that_notes
	expect 0 "$BUILD/bridge" mcp register --scope user
	same "$(tail -n 1 "$T/told")" "mcp add --scope user bridge -- $(readlink -f "$BUILD/bridge") mcp"
	same "$(grep -c remove "$T/told")" 0
	# One that is there makes claude refuse: it is replaced.
	expect 0 "$BUILD/bridge" mcp register --scope user --read-only --catalog .
	same "$(tail -n 1 "$T/told")" "mcp add --scope user bridge -- $(readlink -f "$BUILD/bridge") mcp --read-only --catalog $(pwd -P)"
	same "$(grep -c remove "$T/told")" 1
	err_has 'replaced'
}

a_claude_that_fails_is_said() {
	_with_a_claude_that_notes 1
	expect 3 "$BUILD/bridge" mcp register
	err_has 'register --print'
}

without_claude_the_projects_file_is_merged() {
	_without_claude
	printf '{"mcpServers": {"other": {"command": "x", "args": []}}, "more": [1, 2]}' >.mcp.json
	expect 0 "$BUILD/bridge" mcp register --scope project
	same "$(json .mcp.json '[sorted(d["mcpServers"]), d["more"], d["mcpServers"]["other"]["command"]]')" \
		'[["bridge", "other"], [1, 2], "x"]'
	same "$(json .mcp.json 'd["mcpServers"]["bridge"]["args"]')" '["mcp"]'
	cp .mcp.json before
	expect 0 "$BUILD/bridge" mcp register --scope project
	err_has 'has it already'
	cmp before .mcp.json
	rm .mcp.json
	expect 0 "$BUILD/bridge" mcp register --scope project
	same "$(json .mcp.json 'list(d["mcpServers"])')" '["bridge"]'
	expect 3 "$BUILD/bridge" mcp register --scope user
	err_has 'scope project'
}

what_else_an_entry_says_is_kept() {
	_without_claude
	printf '{"v": 1.10, "mcpServers": {"bridge": {"type": "stdio", "command": "old", "args": ["mcp", "--read-only"], "env": {"BRIDGE_STATE_DIR": "/x"}}}}' >.mcp.json
	expect 0 "$BUILD/bridge" mcp register --scope project
	same "$(json .mcp.json '[d["mcpServers"]["bridge"][k] for k in ("args", "env")]')" \
		'[["mcp", "--read-only"], {"BRIDGE_STATE_DIR": "/x"}]'
	grep -q '"v": 1.1,' .mcp.json || fail "a number was changed: $(cat .mcp.json)"
	expect 0 "$BUILD/bridge" mcp register --scope project
	err_has 'has it already'
	expect 0 "$BUILD/bridge" mcp register --scope project --rev main
	same "$(json .mcp.json 'd["mcpServers"]["bridge"]["args"]')" '["mcp", "--read-only", "--rev", "main"]'
	printf '{"mcpServers": {"bridge": {"command": "iproute", "args": ["x"]}}}' >.mcp.json
	cp .mcp.json before
	expect 3 "$BUILD/bridge" mcp register --scope project
	err_has "another server called 'bridge'"
	cmp before .mcp.json
	expect 0 "$BUILD/bridge" mcp register --print --catalog "a b'c"
	out_has "mcp --catalog 'a b'.{2}'c'"
}

a_file_that_cannot_be_understood_is_left_as_it_is() {
	_without_claude
	for text in '{"mcpServers": [' '[]' '{"mcpServers": 7}' '{"a": 1, "a": 2}' ''; do
		printf '%s' "$text" >.mcp.json
		expect 3 "$BUILD/bridge" mcp register --scope project
		err_has 'left as it is'
		same "$(cat .mcp.json)" "$text"
	done
}

print_only_shows() {
	_with_a_claude_that_notes
	expect 0 "$BUILD/bridge" mcp register --print --scope project
	out_has 'claude mcp add --scope project bridge --'
	[ ! -e .mcp.json ] && [ ! -e "$T/told" ]
	expect 0 "$BUILD/bridge" mcp register --print --json
	same "$(json "$OUT" 'd["args"]')" '["mcp"]'
	expect 2 "$BUILD/bridge" mcp register --scope everybody
}

the_repository_tells_of_the_server_and_the_skill_names_its_tools() {
	same "$(json "$ROOT/.mcp.json" 'd["mcpServers"]["bridge"]')" \
		'{"type": "stdio", "command": "bridge", "args": ["mcp"]}'
	local skill=$ROOT/cmd/mcp/skills/bridge-status/SKILL.md tool
	same "$(head -n 1 "$skill")" ---
	grep -q '^name: bridge-status$' "$skill"
	grep -q '^description: .' "$skill"
	for tool in $(sed -n 's/^allowed-tools: //p' "$skill"); do
		[ -f "$ROOT/cmd/mcp/tools/${tool#mcp__bridge__}.json" ] || fail "no $tool"
	done
	# Every reason it explains is one that the supervisor gives.
	for reason in $(sed -n 's/^   | \([a-z-]*\) | .*/\1/p' "$skill" | grep -v '^reason$'); do
		grep -q "{\"$reason\"," "$ROOT/tunnel/ssh/cause.c" || fail "no reason $reason"
	done
}

run_tests
