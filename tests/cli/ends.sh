# Where a tunnel begins, ends and goes through: other than the plain cases.
. "$(dirname "$0")/lib.sh"

_ready() {
	SERVICE=$(free_port) REMOTE=$(free_port)
	start_sshd
	start_service "$SERVICE" hello
	make_catalog
	add_bridge "$T/ops" one "$REMOTE" "$SERVICE" "$@"
	commit "$T/ops"
}

# Another sshd with a host key of its own, through which one may go: _door NAME
_door() {
	mkdir "$T/$1"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/$1/host"
	DOOR=$(free_port)
	sed -e "s|^ListenAddress.*|ListenAddress 127.0.0.1:$DOOR|" \
		-e "s|^HostKey.*|HostKey $T/$1/host|" \
		-e "s|^PidFile.*|PidFile $T/$1/pid|" "$T/sshd/config" >"$T/$1/config"
	_open "$1"
}

_open() {
	"$SSHD" -f "$T/$1/config" -E "$T/$1/log" -D &
	DOOR_PID=$!
	started $DOOR_PID
	wait_until 10 listens "$DOOR"
}

_set() {
	sed -i "/^$1:/d" "$T/ops/domains/edge/bridges/one.yaml"
	printf '%s: %s\n' "$1" "$2" >>"$T/ops/domains/edge/bridges/one.yaml"
	commit "$T/ops"
}

a_tunnel_goes_through_another_host() {
	_ready
	_door door
	_set proxy_jump "'$(id -un)@127.0.0.1:$DOOR'"
	expect 0 bridge up
	same "$(fetch "http://127.0.0.1:$REMOTE/")" hello
	grep -q 'Accepted publickey' "$T/door/log" || fail "nobody came through the door"
	# Its host key is known from now on; another one is refused.
	grep -q "127.0.0.1.:$DOOR" "$BRIDGE_STATE_DIR/.known_hosts" || fail "the door was not noted"
	expect 0 bridge down
	wait_until 10 _no_ssh
	sed -i "s|^\(\[127.0.0.1\]:$DOOR ssh-ed25519\) .*|\1 $(cut -d' ' -f2 "$T/key.pub")|" \
		"$BRIDGE_STATE_DIR/.known_hosts"
	expect 1 bridge up
	out_has 'failed .*Host key verification failed'
}

_no_ssh() {
	! pgrep -f "$T/key" >/dev/null
}

a_tunnel_goes_through_two_hosts_with_a_key_whose_path_has_a_space() {
	local first
	_ready
	mkdir "$T/my keys"
	cp "$T/key" "$T/my keys/it's not"
	_door door
	first=$DOOR
	_door second
	sed -i "s|^ssh_key:.*|ssh_key: '$T/my keys/key one'|" "$T/ops/domains/edge/targets/gateway.yaml"
	mv "$T/my keys/it's not" "$T/my keys/key one"
	_set proxy_jump "['127.0.0.1:$first', '$(id -un)@127.0.0.1:$DOOR']"
	expect 0 bridge up
	same "$(fetch "http://127.0.0.1:$REMOTE/")" hello
	grep -q 'Accepted publickey' "$T/door/log" || fail "nobody came through the first door"
	grep -q 'Accepted publickey' "$T/second/log" || fail "nobody came through the second door"
	expect 0 bridge doctor
	out_has '^skipped +connection +made by ssh, through another host'
	out_has '^ok +login'
	expect 0 bridge down
	wait_until 10 _no_ssh
}

eight_hosts_on_the_way_are_not_too_many() {
	_ready
	_door door
	_known_door "$(cut -d' ' -f1,2 "$T/door/host.pub")" "ssh_key: $T/key"
	_set proxy_jump '[door, door, door, door, door, door, door, door]'
	# The 10 s that it gives ssh for the whole way are few on a busy machine.
	sed -i "s/-F/-o ConnectTimeout=$PATIENCE -F/" "$T/bin/ssh"
	expect 0 bridge up
	same "$(fetch "http://127.0.0.1:$REMOTE/")" hello
	same "$(grep -c 'Accepted publickey' "$T/door/log")" 8
	expect 0 bridge down
	wait_until 10 _no_ssh
}

a_door_that_is_shut_is_told() {
	_ready
	_set proxy_jump "'127.0.0.1:$(free_port)'"
	expect 1 bridge up
	out_has 'reconnecting'
	grep -q '"reason":"network"' "$BRIDGE_STATE_DIR/one.log" || fail "$(cat "$BRIDGE_STATE_DIR/one.log")"
	expect 1 bridge doctor
	out_has '^failure +connection +through 127.0.0.1:[0-9]+: ssh: connect to host .*Connection refused'
	expect 0 bridge down
	# One that is open, and knows no way on.
	_door door
	_set proxy_jump "'127.0.0.1:$DOOR'"
	_set host nowhere.invalid
	expect 1 bridge up
	out_has 'open failed: connect failed: (Name|Temporary)'
	tail -n 1 "$BRIDGE_STATE_DIR/one.log" | grep -q '"reason":"dns"' || fail "$(cat "$BRIDGE_STATE_DIR/one.log")"
}

doctor_writes_no_door_down() {
	_ready
	_door door
	_set proxy_jump "'127.0.0.1:$DOOR'"
	expect 0 bridge doctor
	out_has '^ok +login'
	[ ! -e "$BRIDGE_STATE_DIR/.known_hosts" ] || fail "a key was written down"
}

the_service_may_be_a_unix_socket() {
	_ready "local_host: $T/service.sock"
	start_socket_service "$T/service.sock" 'from a socket'
	sed -i '/^local_port:/d' "$T/ops/domains/edge/bridges/one.yaml"
	_set health_check '{url: http://127.0.0.1/, from: remote, interval_seconds: 0.2}'
	expect 0 bridge apply --dry-run
	out_has "^start +one +127.0.0.1:$REMOTE -> $T/service.sock"
	expect 0 bridge up
	out_has "^one +connected +127.0.0.1:$REMOTE -> $T/service.sock"
	expect 0 bridge status
	out_has " $REMOTE +$T/service.sock "
	_checked() { bridge status one --json | grep -q '"ok": true'; }
	wait_until 10 _checked
	same "$(json <(bridge status one --json) '[d["bridges"][0][k] for k in ("local_host", "local_port")]')" \
		"[\"$T/service.sock\", null]"
	same "$(fetch "http://127.0.0.1:$REMOTE/")" 'from a socket'
	expect 0 bridge doctor
	out_has "^ok +service +$T/service.sock accepts"
}

the_service_may_be_on_another_address() {
	_ready 'local_host: 127.0.0.7'
	kill "$SERVICE_PID"
	python3 -c '
import http.server, sys
http.server.HTTPServer(("127.0.0.7", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()' \
		"$SERVICE" 2>/dev/null &
	started $!
	_there() { (exec 3<>"/dev/tcp/127.0.0.7/$SERVICE") 2>/dev/null; }
	wait_until 10 _there
	expect 0 bridge up
	out_has "127.0.0.1:$REMOTE -> 127.0.0.7:$SERVICE"
	expect 0 bridge status
	out_has " $REMOTE +127.0.0.7:$SERVICE "
	fetch "http://127.0.0.1:$REMOTE/" | grep -q 'Directory listing' || fail "not the other address"
}

the_remote_end_may_listen_elsewhere() {
	_ready 'remote_bind: 127.0.0.9'
	kill "$SSHD_PID"
	wait_until 10 is_gone "$SSHD_PID"
	start_sshd 'GatewayPorts clientspecified'
	expect 0 bridge up
	same "$(fetch "http://127.0.0.9:$REMOTE/")" hello
	! listens "$REMOTE" || fail "it listens on 127.0.0.1, too"
}

# A door that the catalog knows, as target `door`: _known_door PUBLIC_KEY [LINE...]
_known_door() {
	local key=$1
	shift
	cat >"$T/ops/domains/edge/targets/door.yaml" <<-YAML
		host: 127.0.0.1
		ssh_port: $DOOR
		ssh_user: $(id -un)
		host_keys: ['$key']
	YAML
	[ $# = 0 ] || printf '%s\n' "$@" >>"$T/ops/domains/edge/targets/door.yaml"
	_set proxy_jump door
}

the_pinned_keys_of_a_jump_host_are_the_only_ones_trusted() {
	local share
	_ready
	_door door
	for share in false true; do
		_set share_connection $share
		_known_door "$(cut -d' ' -f1,2 "$T/key.pub")"
		expect 1 bridge up
		out_has 'failed .*Host key verification failed'
		wait_until 10 _has_failed
		expect 1 bridge doctor

		out_has "^failure +host key +the jump host $(id -un)@127.0.0.1:$DOOR shows a key"
		grep -q 'Accepted publickey' "$T/door/log" && fail "somebody came through the door"

		_known_door "$(cut -d' ' -f1,2 "$T/door/host.pub")"
		expect 0 bridge apply
		wait_until 10 state_is one connected
		same "$(fetch "http://127.0.0.1:$REMOTE/")" hello
		grep -q 'Accepted publickey' "$T/door/log" || fail "nobody came through the door"
		expect 0 bridge doctor
		expect 0 bridge catalog show one
		out_has '^jump_host_keys +\["1 ssh-ed25519 '
		expect 0 bridge down
		wait_until 10 _no_ssh
		: >"$T/door/log"
	done
	grep -q "$DOOR" "$BRIDGE_STATE_DIR/.known_hosts" && fail "a pinned key was written down"
	same "$(find "$BRIDGE_STATE_DIR" -name '.*.hosts')" ''
}

_has_failed() {
	grep -q '"event":"bridge_failed".*"reason":"host-key"' "$BRIDGE_STATE_DIR/one.log"
}

# Their names are the same, what is pinned is not.
hosts_of_one_address_are_told_apart() {
	_ready
	_door door
	_known_door "$(cut -d' ' -f1,2 "$T/key.pub")"
	sed "s|^host_keys:.*|host_keys: ['$(cut -d' ' -f1,2 "$T/door/host.pub")']|" \
		"$T/ops/domains/edge/targets/door.yaml" >"$T/ops/domains/edge/targets/other.yaml"
	_set proxy_jump '[other, door]'
	expect 1 bridge up
	out_has 'failed .*Host key verification failed'
	expect 0 bridge down
	_set proxy_jump '[other, other]'
	expect 0 bridge up
}

a_jump_host_is_asked_with_its_own_key() {
	local name="own' key\\"
	_ready
	_door door
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/$name"
	sed -i "s|^AuthorizedKeysFile.*|AuthorizedKeysFile $T/door/keys|" "$T/door/config"
	cp "$T/$name.pub" "$T/door/keys"
	kill "$DOOR_PID"
	wait_until 10 is_gone "$DOOR_PID"
	_open door
	_known_door "$(cut -d' ' -f1,2 "$T/door/host.pub")"
	expect 1 bridge up
	out_has 'Permission denied'
	expect 0 bridge down
	_known_door "$(cut -d' ' -f1,2 "$T/door/host.pub")" "ssh_key: \"$T/own' key\\\\\""
	expect 0 bridge up
	same "$(fetch "http://127.0.0.1:$REMOTE/")" hello
}

run_tests
