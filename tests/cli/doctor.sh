# bridge doctor: what stands between a definition and a working tunnel.
. "$(dirname "$0")/lib.sh"

# A bridge `one` to the throwaway sshd, whose service answers.
_ready() {
	WEB=$(free_port) PORT=$(free_port)
	start_sshd "$@"
	start_service "$WEB" hello
	make_catalog
	add_bridge "$T/ops" one "$PORT" "$WEB" "host_keys: ['$(cut -d' ' -f1,2 "$T/sshd/host.pub")']"
	commit "$T/ops"
}

_set() {
	local file=$T/ops/domains/edge/bridges/one.yaml
	sed -i "/^$1:/d" "$file"
	[ -z "${2:-}" ] || printf '%s: %s\n' "$1" "$2" >>"$file"
	commit "$T/ops"
}

_sshd_again() {
	kill "$SSHD_PID"
	wait_until 10 is_gone "$SSHD_PID"
	start_sshd "$@"
}

_nothing_left() {
	[ ! -e "$BRIDGE_STATE_DIR/.known_hosts" ] || fail "a host key was written down"
	wait_until 10 _port_is_free
}

_port_is_free() {
	! listens "$PORT"
}

where_all_is_well_nothing_fails() {
	_ready 'ClientAliveInterval 15'
	expect 0 bridge doctor one
	out_has '^ok +ssh +OpenSSH_'
	out_has "^ok +config +$HOME/.config/bridge/tunnels.yaml"
	out_has "^ok +catalog +$T/ops at [0-9a-f]{12}"
	out_has '^skipped +supervisor +none runs'
	out_has '^one$'
	out_has "^ok +key +$T/key"
	out_has '^ok +name +127.0.0.1'
	out_has "^ok +connection +127.0.0.1 port $SSH_PORT: SSH-2.0-OpenSSH"
	out_has '^ok +host key +ssh-ed25519 SHA256:.*, pinned'
	out_has "^ok +login +$(id -un), with the key .*port-forwarding"
	out_has "^ok +forward +127.0.0.1:$PORT can be bound"
	out_has "^ok +service +127.0.0.1:$WEB accepts"
	out_has '^skipped +health +no health_check'
	out_lacks '^failure'
	_nothing_left
}

a_bridge_that_runs_is_left_alone() {
	local pid lines
	_ready
	expect 0 bridge up
	pid=$(ssh_pid one) lines=$(wc -l <"$BRIDGE_STATE_DIR/one.log")
	expect 0 bridge doctor one
	out_has '^ok +supervisor +pid [0-9]+, version'
	out_has '^ok +running +connected'
	out_has "^ok +forward +127.0.0.1:$PORT is held by the bridge itself"
	same "$(ssh_pid one)" "$pid"
	same "$(wc -l <"$BRIDGE_STATE_DIR/one.log")" "$lines"
	_set description other
	expect 0 bridge doctor
	out_has '^warning +running +connected, with another definition than there is now: description'
	out_has '-> bridge apply'
}

a_key_that_is_not_there_or_open_to_others_is_named() {
	_ready
	chmod 640 "$T/key"
	expect 1 bridge doctor one
	out_has '^failure +key +.*others may read'
	out_has "-> chmod 600 $T/key"
	out_has "^skipped +login +not without 'key'"
	out_has '^ok +service'
	rm "$T/key"
	expect 1 bridge doctor one
	out_has '^failure +key +.*No such file'
	: >"$T/key"
	chmod 600 "$T/key"
	expect 1 bridge doctor one
	out_has '^failure +key +.* is no private key'
	cp "$T/key.pub" "$T/key"
	expect 1 bridge doctor one
	out_has '^failure +key +.* is a public key'
	out_has '-> correct ssh_key'
}

a_passphrase_needs_an_agent() {
	_ready
	ssh-keygen -q -p -P '' -N secret -f "$T/key"
	expect 1 bridge doctor one
	out_has '^failure +key +.*has a passphrase, and there is no agent'
	eval "$(ssh-agent -a "$T/agent")" >/dev/null
	started "$SSH_AGENT_PID"
	expect 1 bridge doctor one
	out_has 'the agent does not hold it'
	out_has "-> ssh-add $T/key"
	printf '#!/bin/sh\necho secret\n' >"$T/askpass"
	chmod 755 "$T/askpass"
	DISPLAY=x SSH_ASKPASS=$T/askpass SSH_ASKPASS_REQUIRE=force ssh-add -q "$T/key" </dev/null
	expect 0 bridge doctor one
	out_has '^ok +key +.*the agent holds it'
	out_has '^ok +login'
	# A supervisor that was started elsewhere asks another agent, or none.
	_set host 127.0.0.1
	(unset SSH_AUTH_SOCK && bridge up >/dev/null) || true
	expect 0 bridge doctor one
	out_has '^warning +key .*the supervisor was started without it'
}

what_the_server_refuses_is_named() {
	_ready
	: >"$T/sshd/authorized_keys"
	expect 1 bridge doctor one
	out_has '^ok +host key'
	out_has '^failure +login +.*Permission denied'
	out_has "-> ssh-copy-id -i $T/key -p $SSH_PORT $(id -un)@127.0.0.1"
	out_has "^skipped +forward +not without 'login'"
}

a_pinned_key_that_is_another_is_a_failure() {
	_ready
	ssh-keygen -q -t ed25519 -N '' -f "$T/other"
	_set host_keys "['$(cut -d' ' -f1,2 "$T/other.pub")']"
	expect 1 bridge doctor one
	out_has '^failure +host key +ssh-ed25519 SHA256:.* is none of host_keys'
	_nothing_left
}

a_server_with_a_certificate_is_no_failure() {
	_ready
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/ca"
	ssh-keygen -q -s "$T/ca" -h -I host -n 127.0.0.1 "$T/sshd/host.pub"
	_sshd_again "HostCertificate $T/sshd/host-cert.pub"
	expect 0 bridge up
	expect 0 bridge doctor one
	out_has '^ok +host key +ssh-ed25519'
	expect 0 bridge down
	expect 0 bridge doctor one
}

an_unknown_host_is_a_warning_and_a_changed_one_a_failure() {
	_ready
	_set host_keys
	expect 0 bridge doctor one
	out_has '^warning +host key +.*not known yet'
	out_has "-> .*ssh-keyscan -p $SSH_PORT 127.0.0.1"
	out_has '^ok +login'
	_nothing_left
	expect 0 bridge up
	expect 0 bridge doctor one
	out_has '^ok +host key +.*, known'
	expect 0 bridge down
	rm "$T/sshd/host" "$T/sshd/host.pub"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/sshd/host"
	_sshd_again_with_new_key
	expect 1 bridge doctor one
	out_has '^failure +host key +.*but .*known_hosts:1 knows another'
	out_has "-> if that is meant: ssh-keygen -R '.127.0.0.1.:$SSH_PORT' -f .*known_hosts"
}

_sshd_again_with_new_key() {
	kill "$SSHD_PID"
	wait_until 10 is_gone "$SSHD_PID"
	"$SSHD" -f "$T/sshd/config" -E "$T/sshd/log" -D &
	SSHD_PID=$!
	started $SSHD_PID
	wait_until 10 listens "$SSH_PORT"
}

a_host_that_is_not_reached_is_told_from_one_that_is_no_ssh_server() {
	_ready
	kill "$SSHD_PID"
	wait_until 10 is_gone "$SSHD_PID"
	expect 1 bridge doctor one
	out_has "^failure +connection +127.0.0.1 port $SSH_PORT: Connection refused"
	out_has '-> start sshd there'
	sed -i "s/^ssh_port:.*/ssh_port: $WEB/" "$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"
	# A web server waits for a request, and says nothing by itself.
	expect 1 bridge doctor one
	out_has 'accepts and says nothing'
	python3 -c '
import socket, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen()
while True:
    c, _ = s.accept(); c.sendall(b"220 \x1b[31mmail\r\n"); c.close()' "$SSH_PORT" &
	started $!
	wait_until 10 listens "$SSH_PORT"
	sed -i "s/^ssh_port:.*/ssh_port: $SSH_PORT/" "$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"
	expect 1 bridge doctor one
	out_has 'no SSH server, it says .220 '
	! grep -q "$(printf '\033')" "$OUT" || fail "raw escape on the terminal"
}

a_name_that_does_not_resolve_is_named() {
	_ready
	_set host nowhere.invalid
	expect 1 bridge doctor one
	out_has "^failure +name +'nowhere.invalid' does not resolve"
	out_has "^skipped +connection +not without 'name'"
}

a_port_that_is_taken_is_told_from_one_that_is_forbidden() {
	local session
	_ready
	start_service "$PORT" other
	expect 1 bridge doctor one
	out_has "^failure +forward +127.0.0.1:$PORT is taken there, by python3 \\(pid $SERVICE_PID\\)"
	out_has '-> end it there, or choose another remote_port'
	kill "$SERVICE_PID"
	wait_until 10 is_gone "$SERVICE_PID"

	ssh -N -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-i "$T/key" -p "$SSH_PORT" -R "127.0.0.1:$PORT:127.0.0.1:9" 127.0.0.1 &
	session=$!
	started $session
	wait_until 10 listens "$PORT"
	expect 1 bridge doctor one
	out_has "^failure +forward +127.0.0.1:$PORT is taken there, by an sshd session from 127.0.0.1:[0-9]+, as this machine is seen there \\(pid [0-9]+\\)"
	out_has '-> if it is dead, there: kill [0-9]+; ClientAliveInterval'
	kill $session
	wait_until 10 _port_is_free

	sed -i 's/^/restrict,port-forwarding,permitlisten="127.0.0.1:7" /' "$T/sshd/authorized_keys"
	expect 1 bridge doctor one
	out_has "^failure +forward +.* is not permitted: port forwarding refused"
	out_has "-> in authorized_keys, permitlisten=\"127.0.0.1:$PORT\""
	sed -i 's/^[^ ]* /restrict /' "$T/sshd/authorized_keys"
	expect 1 bridge doctor one
	out_has '-> in authorized_keys, add port-forwarding'
	sed -i 's/^[^ ]* //' "$T/sshd/authorized_keys"
	_sshd_again 'AllowTcpForwarding local'
	expect 1 bridge doctor one
	out_has 'is not permitted: Server has disabled port forwarding'
	out_has '-> in sshd_config, AllowTcpForwarding'
	_nothing_left
}

a_bind_that_moves_is_told() {
	local bind
	_ready
	for bind in 0.0.0.0 127.0.0.7; do
		_set remote_bind $bind
		expect 1 bridge doctor one
		out_has "^failure +forward +$bind:$PORT can be bound; but with GatewayPorts no the server takes loopback"
		expect 0 bridge up
		expect 1 bridge doctor one
		out_has "^failure +forward +$bind:$PORT is held by the bridge itself; but sshd listens on .*:$PORT instead"
		out_has '-> in sshd_config, GatewayPorts clientspecified'
		expect 0 bridge down
	done
	# Where nobody tells, it is a warning.
	sed -i "s|^|command=\"true\",port-forwarding |" "$T/sshd/authorized_keys"
	expect 0 bridge doctor one
	out_has '^warning +forward +127.0.0.7:.* can be bound; with GatewayPorts no'
	sed -i 's/^[^ ]* //' "$T/sshd/authorized_keys"
	_sshd_again 'GatewayPorts yes'
	_set remote_bind
	expect 0 bridge doctor one
	out_has '^warning +forward +.*; but with GatewayPorts yes the server listens on every address'
}

the_servers_settings_are_read_only_where_that_is_harmless() {
	_ready
	expect 0 bridge doctor one
	out_has '^warning +server +ClientAliveInterval 0: '
	sed -i "s|^|command=\"touch $T/ran\",port-forwarding |" "$T/sshd/authorized_keys"
	expect 0 bridge doctor one
	out_has '^skipped +server +its settings cannot be read'
	[ ! -e "$T/ran" ] || fail "the forced command was run"
}

the_settings_are_those_of_the_sshd_that_serves_us() {
	_ready 'ClientAliveInterval 5m'
	expect 0 bridge doctor one
	out_has '^ok +server +ClientAliveInterval 300, ClientAliveCountMax 3'
	_sshd_again 'ClientAliveInterval 20' 'ClientAliveCountMax 0'
	expect 0 bridge doctor one
	out_has '^warning +server +ClientAliveInterval 20, ClientAliveCountMax 0: a session'
	_sshd_again "Match User $(id -un)" 'ClientAliveInterval 30'
	expect 0 bridge doctor one
	out_has '^ok +server +ClientAliveInterval 30'
	_sshd_again 'Match User somebody.else' 'ClientAliveInterval 30'
	expect 0 bridge doctor one
	out_has '^warning +server +ClientAliveInterval 0'
	printf 'ClientAliveInterval 40\n' >"$T/sshd/more"
	_sshd_again "Include $T/sshd/more"
	expect 0 bridge doctor one
	out_has '^ok +server +ClientAliveInterval 40'
}

a_program_that_holds_a_part_of_the_bind_is_named() {
	_ready 'GatewayPorts clientspecified'
	grep -qs . /proc/net/if_inet6 || skip "no IPv6"
	start_service "$PORT" other
	_set remote_bind "'*'"
	expect 1 bridge doctor one
	out_has "^failure +forward +.:$PORT can be bound; but who asks 127.0.0.1:$PORT there gets python3"
	expect 0 bridge up
	expect 1 bridge doctor one
	out_has "^failure +forward +.:$PORT is held by the bridge itself; but who asks 127.0.0.1:$PORT"
	_set remote_bind "'[::1]'"
	expect 0 bridge doctor one
	out_lacks 'python3'
}

a_part_that_another_session_holds_is_told() {
	_ready 'GatewayPorts clientspecified'
	grep -qs . /proc/net/if_inet6 || skip "no IPv6"
	ssh -N -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-i "$T/key" -p "$SSH_PORT" -R "127.0.0.1:$PORT:127.0.0.1:9" 127.0.0.1 &
	started $!
	wait_until 10 listens "$PORT"
	_set remote_bind "'*'"
	expect 0 bridge up
	expect 1 bridge doctor one
	out_has "^failure +forward +.:$PORT is held by the bridge itself; but two share it: .*pid [0-9]+.*, and .*pid [0-9]+"
}

what_has_given_up_is_a_failure() {
	_ready
	_set reconnect '{max_attempts: 1}'
	kill "$SSHD_PID"
	wait_until 10 is_gone "$SSHD_PID"
	expect 1 bridge up
	start_sshd
	expect 1 bridge doctor one
	out_has '^failure +running +failed: .*; it is not tried again'
	out_has '-> bridge restart one'
	expect 0 bridge restart one
	expect 0 bridge doctor one
	_set enabled false
	expect 0 bridge doctor one
	out_has '^skipped +running +disabled by domains/edge/bridges/one.yaml:'
}

a_supervisor_that_does_not_answer_is_one_failure_of_all() {
	local pid
	_ready
	expect 0 bridge up
	pid=$(supervisor_pid)
	kill -STOP "$pid"
	expect 1 bridge doctor one
	kill -CONT "$pid"
	out_has '^failure +supervisor +.* does not answer'
	out_has '^skipped +running +no supervisor answers'
	out_has '^ok +login'
}

a_service_that_is_down_is_named() {
	_ready
	kill "$SERVICE_PID"
	wait_until 10 is_gone "$SERVICE_PID"
	expect 1 bridge doctor one
	out_has "^failure +service +127.0.0.1:$WEB: Connection refused"
	out_has 'correct local_port .set by domains/edge/bridges/one.yaml:3.'
	_set local_host "$T/nothing.sock"
	expect 1 bridge doctor one
	out_has "^failure +service +$T/nothing.sock: No such file"
}

the_health_url_and_its_traps_are_told() {
	_ready
	_set health_check "{url: 'http://127.0.0.1:$WEB/'}"
	expect 0 bridge doctor one
	out_has '^ok +health +HTTP 200 after [0-9]+ ms$'
	_set health_check "{url: 'http://127.0.0.1:$WEB/stream'}"
	expect 0 bridge doctor one
	out_has '^ok +health +HTTP 200 .*event stream'
	_set health_check "{url: 'http://127.0.0.1:$WEB/forever', timeout_seconds: 60}"
	expect 0 bridge doctor one
	out_has '^warning +health +HTTP 200 .*sends more than is read'
	_set health_check "{url: 'http://127.0.0.1:$WEB/redirect'}"
	expect 0 bridge doctor one
	out_has '^warning +health +HTTP 30[0-9] .*redirect'
	_set health_check "{url: 'http://127.0.0.1:$WEB/503'}"
	expect 1 bridge doctor one
	out_has '^failure +health +.*HTTP status 503'
}

the_answer_is_json_too() {
	_ready
	: >"$T/sshd/authorized_keys"
	expect 1 bridge doctor --json
	same "$(json "$OUT" '[d["ok"], d["bridges"][0]["name"], [c["status"] for c in d["bridges"][0]["checks"] if c["check"] == "login"]]')" \
		'[false, "one", ["failure"]]'
	same "$(json "$OUT" '[c["check"] for c in d["general"]]')" \
		'["ssh", "config", "catalog", "definitions", "supervisor"]'
}

a_definition_that_is_broken_or_missing_is_said() {
	_ready
	_set remote_port 99999
	expect 1 bridge doctor
	err_has 'one.yaml:.*99999'
	out_has '^failure +definitions +[0-9] errors?: '
	out_has '-> bridge catalog validate'
	expect 1 bridge doctor ome
	err_has "did you mean 'one'"
	rm -r "$T/ops"
	expect 1 bridge doctor one
	out_has '^failure +catalog'
	rm "$HOME/.config/bridge/tunnels.yaml"
	expect 1 bridge doctor
	out_has '^failure +config'
}

run_tests
