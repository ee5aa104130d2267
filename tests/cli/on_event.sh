# on_event: a command of this machine's own, run on every event of a bridge.
. "$(dirname "$0")/lib.sh"

# A hook that writes down how it was called; HOLD makes it wait for a file.
_hook() {
	cat >"$T/hook" <<-'SH'
		#!/bin/bash
		line=$(cat)
		{
			printf '%s|%s|%s|%s' "$BRIDGE_NAME" "$BRIDGE_EVENT" "$BRIDGE_STATE" "$BRIDGE_ACTOR"
			printf '|%s' "$@"
			printf '\n%s\n' "$line"
		} >>"$0.said"
		case $BRIDGE_EVENT in
		bridge_started) while [ -e "$0.hold" ]; do sleep 0.02; done ;;
		esac
	SH
	chmod 755 "$T/hook"
}

_ready() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" one "$(free_port)" 9
	commit "$T/ops"
	_hook
}

_defaults() {
	write_config "$T/ops" "defaults: {on_event: $1}"
}

_said() {
	grep -qE "$1" "$T/hook.said"
}

it_is_told_every_event_with_its_line() {
	_ready
	_defaults "['$T/hook', 'an argument', '\$(touch $T/owned); *']"
	expect 0 bridge up
	wait_until 10 _said '^one.bridge_connected.connected.agent.test.an argument.\$\(touch'
	_said '^one.bridge_started.starting.agent.test' || fail "bridge_started was not told"
	wait_until 10 _said '"event":"bridge_connected","actor":"agent.test"'
	expect 0 bridge down
	wait_until 10 _said '^one.bridge_stopped.stopped'
	[ ! -e "$T/owned" ] || fail "a shell was at work"
	same "$(grep -c '^one|' "$T/hook.said")" 3
	# It can ask the supervisor that has called it.
	printf '#!/bin/sh\nbridge status >"%s/asked" 2>&1\n' "$T" >"$T/ask"
	chmod 755 "$T/ask"
	_defaults "['$T/ask']"
	expect 0 bridge up
	wait_until 10 grep -q '^one ' "$T/asked"
}

a_catalog_cannot_name_commands() {
	_ready
	printf "on_event: ['%s']\n" "$T/hook" >>"$T/ops/domains/edge/bridges/one.yaml"
	printf "on_event: ['%s']\n" "$T/hook" >>"$T/ops/domains/edge/targets/gateway.yaml"
	printf "defaults: {on_event: ['%s']}\n" "$T/hook" >"$T/ops/catalog.yaml"
	commit "$T/ops"
	bridge catalog validate "$T/ops" >"$T/found" 2>&1 || true
	grep -q "on_event" "$T/found" || fail "validate says nothing"
	expect 0 bridge up
	expect 0 bridge catalog show one --json
	out_lacks on_event
	expect 0 bridge down
	[ ! -e "$T/hook.said" ] || fail "it was run"
}

an_inline_tunnel_has_its_own_or_none() {
	_ready
	{
		echo "defaults: {on_event: ['$T/hook', default]}"
		echo tunnels:
		inline own "$(free_port)" 9 "on_event: ['$T/hook', own]"
		inline none "$(free_port)" 9 'on_event: null'
	} >>"$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge up
	expect 0 bridge down
	wait_until 10 _said '^own.bridge_stopped.*own$'
	wait_until 10 _said '^one.bridge_stopped.*default$'
	! _said '^none' || fail "null was not taken"
	expect 0 bridge catalog show own --origins
	out_has 'on_event.*tunnels.yaml'
}

a_hook_that_takes_its_time_holds_up_nothing() {
	local pid
	_ready
	touch "$T/hook.hold"
	_defaults "['$T/hook']"
	expect 0 bridge up
	pid=$(supervisor_pid)
	expect 0 bridge down
	wait_until 10 _said '^one.bridge_started'
	same "$(grep -c '^one|' "$T/hook.said")" 1
	rm "$T/hook.hold"
	# In their order, also those of a bridge that is gone by now.
	wait_until 10 _said '^one.bridge_stopped'
	same "$(grep -o 'bridge_[a-z]*|' "$T/hook.said" | tr -d '\n')" \
		'bridge_started|bridge_connected|bridge_stopped|'
	wait_until 10 is_gone "$pid"
}

a_hook_that_never_ends_is_ended() {
	_ready
	touch "$T/hook.hold"
	_defaults "['$T/hook']"
	expect 0 bridge up
	wait_until 20 log_has one hook_failed
	grep -q '"event":"hook_failed".*on_event was ended after 10 s' "$BRIDGE_STATE_DIR/one.log" ||
		fail "the log does not say why"
	wait_until 10 _said '^one.bridge_connected'
	state_is one connected
	rm "$T/hook.hold"
}

a_hook_that_fails_is_in_the_audit_log() {
	_ready
	_defaults "[/nowhere/at-all]"
	expect 0 bridge up
	wait_until 10 log_has one hook_failed
	grep -q 'there is no such command' "$BRIDGE_STATE_DIR/one.log" || fail "no reason"
	expect 0 bridge down
	_defaults "['false']"
	expect 0 bridge up
	wait_until 10 grep -q 'on_event ended with exit code 1' "$BRIDGE_STATE_DIR/one.log"
}

what_is_no_command_is_refused() {
	_ready
	_defaults "['-rf']"
	expect 1 bridge up
	err_has 'on_event'
	_defaults "'$T/hook'"
	expect 1 bridge up
	err_has "on_event.* (an array|a list)"
}

run_tests
