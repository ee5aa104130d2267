# Bad input: a clear message, the right exit code, nothing started.
. "$(dirname "$0")/lib.sh"

_nothing_started() {
	[ ! -e "$BRIDGE_STATE_DIR/.supervisor.sock" ] || fail "a supervisor was started"
	[ ! -e "$BRIDGE_STATE_DIR/hub.state" ] || fail "a bridge was started"
}

# A config with one inline tunnel and one line of it replaced.
_tunnel_with() {
	SSH_PORT=22
	: >"$T/key" && chmod 600 "$T/key"
	mkdir -p "$HOME/.config/bridge"
	{
		echo 'tunnels:'
		inline hub 18000 8000 | sed "s|^    $1: .*|    $1: $2|"
		printf 'actors:\n  agent.test: {class: automation}\n'
	} >"$HOME/.config/bridge/tunnels.yaml"
}

a_missing_config_says_where_to_write_one() {
	expect 3 bridge up
	err_has 'tunnels.yaml'
	expect 3 bridge up --config "$T/nowhere.yaml"
	err_has 'nowhere.yaml'
	BRIDGE_CONFIG=$T/elsewhere.yaml expect 3 bridge up
	err_has 'elsewhere.yaml'
	_nothing_started
}

a_missing_key_file_is_named_with_who_set_it() {
	_tunnel_with ssh_key /no/such/key
	expect 1 bridge up hub
	err_has "/no/such/key.*No such file.*tunnels.yaml:6"
	_nothing_started
}

a_key_file_others_may_read_is_refused_before_ssh_does() {
	_tunnel_with host 127.0.0.1
	chmod 644 "$T/key"
	expect 1 bridge up hub
	err_has 'chmod 600'
	_nothing_started
}

what_is_near_to_nothing_is_told_what_there_is() {
	local i
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	add_bridge "$T/ops" api 18001 8001
	commit "$T/ops"
	expect 1 bridge up nosuchthing
	err_has "no bridge is called 'nosuchthing'; there are api, hub \["
	expect 1 bridge targets show nosuchthing
	err_has "no target is called 'nosuchthing'; there is gateway \["
	for i in $(seq 10 19); do add_bridge "$T/ops" "b$i" "180$i" 8000; done
	commit "$T/ops"
	expect 1 bridge up nosuchthing
	err_has '; `bridge catalog list --json` lists the 12 there are \['
	rm "$HOME/.config/bridge/tunnels.yaml"
	expect 1 bridge logs nosuchthing
	err_has '`bridge catalog init DIR` makes a first one'
	expect 3 bridge up
	err_has 'tunnels.yaml. and no catalog; `bridge catalog init DIR` makes one'
	# Nothing was asked of it.
	expect 0 bridge restart
	err_lacks error
}

an_unknown_name_suggests_the_nearest() {
	_tunnel_with host 127.0.0.1
	expect 1 bridge up hbu
	err_has "no bridge is called 'hbu'; did you mean 'hub'"
	expect 1 bridge down hbu
	err_has "did you mean 'hub'"
	expect 1 bridge status hbu
	err_has "did you mean 'hub'"
	expect 1 bridge logs hbu
	err_has "did you mean 'hub'"
	expect 1 bridge restart hbu
	err_has "did you mean 'hub'"
	expect 1 bridge catalog show hbu
	err_has "did you mean 'hub'"
	_nothing_started
}

a_known_name_that_never_ran_is_stopped_not_unknown() {
	_tunnel_with host 127.0.0.1
	expect 0 bridge status hub
	out_has '^hub +stopped'
	expect 0 bridge down hub
	expect 0 bridge logs hub
	_nothing_started
}

names_that_are_paths_or_options_start_nothing() {
	_tunnel_with host 127.0.0.1
	local name
	for name in ../x /etc/passwd .hidden 'a b' "$(printf 'a\nb')"; do
		expect 1 bridge up "$name"
		expect 1 bridge logs "$name"
		expect 1 bridge down "$name"
	done
	expect 1 bridge up -- -oProxyCommand=x
	err_has 'oProxyCommand'
	expect 2 bridge up -oProxyCommand=x
	_nothing_started
}

values_that_would_be_options_of_ssh_are_refused() {
	local field
	for field in host ssh_user ssh_key; do
		_tunnel_with $field -oProxyCommand=x
		expect 1 bridge up hub
		err_has "tunnels.yaml:[0-9]+:[0-9]+: error: .*$field"
		_nothing_started
	done
	_tunnel_with actor ../x
	expect 1 bridge up hub
	_nothing_started
}

values_with_newlines_and_spaces_are_refused() {
	_tunnel_with host '"a\\nProxyCommand x"'
	expect 1 bridge up hub
	err_has 'host'
	_tunnel_with ssh_user '"a b"'
	expect 1 bridge up hub
	_tunnel_with host '"127.0.0.1\\e[31m"'
	expect 1 bridge up hub
	err_lacks "$(printf '\033')"
	_nothing_started
}

an_inline_name_that_is_a_path_loses_only_itself() {
	_tunnel_with host 127.0.0.1
	sed -i 's|^  hub:|  ../x:|' "$HOME/.config/bridge/tunnels.yaml"
	expect 1 bridge up
	err_has "tunnels.yaml:2:3: error:"
	_nothing_started
}

a_port_out_of_range_has_its_place() {
	_tunnel_with remote_port 70000
	expect 1 bridge up hub
	err_has "tunnels.yaml:7:18: error: .*70000.*1 and 65535.*\[schema/range\]"
	_tunnel_with local_port 0
	expect 1 bridge up hub
	err_has 'tunnels.yaml:8:17: error:'
	_tunnel_with remote_port '"80"'
	expect 1 bridge up hub
	err_has 'schema/type'
	_nothing_started
}

missing_required_fields_are_all_named() {
	mkdir -p "$HOME/.config/bridge"
	printf 'tunnels:\n  hub:\n    host: a\n' >"$HOME/.config/bridge/tunnels.yaml"
	expect 1 bridge up hub
	local field
	for field in remote_port local_port ssh_user ssh_key actor; do
		err_has "$field"
	done
	_nothing_started
}

a_config_that_is_no_yaml_has_the_place() {
	mkdir -p "$HOME/.config/bridge"
	printf 'tunnels:\n  hub: {host: a\n' >"$HOME/.config/bridge/tunnels.yaml"
	expect 3 bridge up
	err_has 'tunnels.yaml:2:8: error: .*\[yaml/syntax\]'
	_nothing_started
}

an_unreadable_repository_says_so_and_inline_tunnels_still_resolve() {
	_tunnel_with host 127.0.0.1
	sed -i "1i catalog_path: $T/no-repository" "$HOME/.config/bridge/tunnels.yaml"
	expect 3 bridge catalog list
	err_has 'no-repository'
	expect 0 bridge catalog show hub
	err_has 'no-repository'
	_nothing_started
}

an_unknown_revision_is_named_with_the_repository() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops"
	expect 3 bridge catalog validate --rev no-such-branch
	err_has "unknown revision 'no-such-branch'"
	expect 3 bridge catalog list --rev mian
	err_has "main"
	expect 3 bridge up hub --rev no-such-branch
	_nothing_started
}

a_repository_without_a_commit_says_what_to_do() {
	make_catalog
	expect 3 bridge catalog list
	err_has 'WORKTREE'
	expect 0 bridge catalog list --rev WORKTREE
}

a_foreign_owned_repository_says_how_to_trust_it() {
	[ "$(id -u)" = 0 ] || skip "only root can make one: run as root"
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops"
	chown -R 65534 "$T/ops"
	expect 3 bridge catalog list
	err_has 'safe.directory'
	err_has "$T/ops"
	git config --global --add safe.directory "$T/ops"
	expect 0 bridge catalog list
}

a_state_directory_others_may_write_is_refused() {
	_tunnel_with host 127.0.0.1
	mkdir -p "$BRIDGE_STATE_DIR"
	chmod 777 "$BRIDGE_STATE_DIR"
	expect 3 bridge up hub
	err_has 'chmod 700'
	_nothing_started
}

hostile_catalog_text_is_shown_not_obeyed() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000 'description: "a\e[31mred\u202e\u200b"'
	printf 'name: "x\\e]0;title\\a"\n' >"$T/ops/domains/edge/domain.yaml"
	commit "$T/ops"
	expect 0 bridge catalog show hub
	out_has 'x1b'
	out_lacks "$(printf '\033')"
	expect 0 bridge catalog list
	out_lacks "$(printf '\033')"
	out_lacks "$(printf '\a')"
}

what_up_refuses_is_not_valid_either() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000 'health_check: {url: "http://127.0.0.1:8000/a\\b"}'
	commit "$T/ops"
	expect 1 bridge catalog validate "$T/ops"
	out_has 'hub.yaml:5:21: error: .*an http:// or https:// URL .* \[schema/format\]'
	expect 1 bridge up hub
	err_has 'an http:// or https:// URL'
}

run_tests
