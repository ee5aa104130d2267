# Why a bridge is down, as real ssh and sshd show it; and health.
. "$(dirname "$0")/lib.sh"

_reason() {
	tail -n 1 "$BRIDGE_STATE_DIR/hub.log" >"$T/last"
	json "$T/last" 'd.get("reason")'
}

_ready() {
	make_catalog
	add_bridge "$T/ops" hub "${REMOTE:=$(free_port)}" "${LOCAL:=9}" "$@"
	commit "$T/ops"
}

a_refused_key_is_auth_and_waits_long() {
	start_sshd
	_ready
	: >"$T/sshd/authorized_keys"

	expect 1 bridge up hub

	out_has 'reconnecting .*Permission denied'
	same "$(_reason)" auth
	expect 0 bridge status hub --json
	[ "$(json "$OUT" 'd["bridges"][0]["retry_in_seconds"]')" -ge 20 ] ||
		fail "it retries too soon"
}

a_refused_connection_is_network() {
	SSH_PORT=$(free_port)
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
	_ready

	expect 1 bridge up hub

	out_has 'reconnecting .*Connection refused'
	same "$(_reason)" network
}

a_name_that_does_not_resolve_is_dns() {
	SSH_PORT=22
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
	make_catalog
	sed -i 's/^host: .*/host: no-such-host.invalid/' "$T/ops/domains/edge/targets/gateway.yaml"
	add_bridge "$T/ops" hub 18000 9
	commit "$T/ops"

	expect 1 bridge up hub

	same "$(_reason)" dns
}

a_taken_remote_port_is_port_in_use_and_comes_up_once_it_is_free() {
	start_sshd
	REMOTE=$(free_port)
	start_service "$REMOTE" in-the-way
	_ready 'reconnect: {backoff_initial: 1, backoff_max: 1}'

	expect 1 bridge up hub
	out_has 'reconnecting .*ClientAliveInterval'
	same "$(_reason)" port-in-use

	kill "$SERVICE_PID"
	wait_until 20 state_is hub connected
}

a_forward_that_is_not_permitted_is_told_from_a_taken_port() {
	start_sshd
	_ready 'reconnect: {backoff_initial: 1, backoff_max: 30}'
	sed -i 's/^/restrict,port-forwarding,permitlisten="127.0.0.1:7" /' "$T/sshd/authorized_keys"
	expect 1 bridge up hub
	out_has 'reconnecting .*Remote: port forwarding refused; the server does not permit'
	same "$(_reason)" forbidden
	expect 0 bridge status hub --json
	[ "$(json "$OUT" 'd["bridges"][0]["retry_in_seconds"]')" -ge 10 ] ||
		fail "it asks again too soon"
	expect 0 bridge down
	sed -i 's/^[^ ]* //' "$T/sshd/authorized_keys"
	kill "$SSHD_PID"
	wait_until 10 is_gone "$SSHD_PID"
	start_sshd 'AllowTcpForwarding no'
	expect 1 bridge up hub
	same "$(_reason)" forbidden
}

status_shows_health_the_reason_and_when_it_is_tried_again() {
	local web
	start_sshd
	web=$(free_port)
	start_service "$web" hello
	LOCAL=$web
	_ready "health_check: {url: 'http://127.0.0.1:$web/', interval_seconds: 1}"
	add_bridge "$T/ops" plain "$(free_port)" 9
	add_bridge "$T/ops" taken "$web" 9 'reconnect: {backoff_initial: 50}'
	commit "$T/ops"
	expect 1 bridge up
	_has() { bridge status | grep -qE "$1"; }
	expect 0 bridge status
	out_has '^NAME +STATE +HEALTH +UPTIME'
	wait_until 10 _has '^hub +connected +ok +[0-9]+ s'
	out_has '^plain +connected +- +'
	out_has '^taken +reconnecting +- +retry in [0-9]+ s .*bridge_reconnecting .port-in-use.: '
	kill "$SERVICE_PID"
	wait_until 10 _has '^hub +degraded +failing .*health_check_failed: http'
	expect 0 bridge status taken --json
	same "$(json "$OUT" 'd["bridges"][0]["last_event"]["reason"]')" port-in-use
	expect 0 bridge down
	expect 0 bridge status taken
	out_has '^taken +stopped +- '
}

a_changed_host_key_fails_for_good() {
	start_sshd
	_ready
	expect 0 bridge up hub
	expect 0 bridge down hub
	kill "$SSHD_PID"
	wait_until 5 is_gone "$SSHD_PID"
	rm "$T/sshd/host" "$T/sshd/host.pub"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/sshd/host"
	start_sshd

	expect 1 bridge up hub

	out_has '^hub +failed'
	same "$(_reason)" host-key
	state_is hub failed || fail "state is $(cat "$BRIDGE_STATE_DIR/hub.state")"
	log_has hub bridge_failed
	expect 0 bridge down hub
}

a_dead_sshd_that_comes_back_is_found_again() {
	start_sshd
	_ready 'reconnect: {backoff_initial: 1, backoff_max: 1}'
	expect 0 bridge up hub
	kill "$SSHD_PID"
	wait_until 5 is_gone "$SSHD_PID"
	# The session's own sshd process outlives the listener: end it, too.
	pkill -9 -P "$SSHD_PID" 2>/dev/null || true
	kill -9 "$(ssh_pid hub)"
	wait_until 10 state_is hub reconnecting

	start_sshd

	wait_until 20 state_is hub connected
}

max_attempts_ends_in_failed_and_up_tries_again() {
	SSH_PORT=$(free_port)
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
	_ready 'reconnect: {max_attempts: 2, backoff_initial: 0.2, backoff_max: 0.2}'

	expect 1 bridge up hub
	wait_until 10 state_is hub failed
	expect 0 bridge logs hub
	out_has 'bridge_failed .*attempt 2 of 2'

	expect 1 bridge up hub
	same "$(grep -c bridge_started "$BRIDGE_STATE_DIR/hub.log")" 2
}

a_missing_ssh_is_said_plainly() {
	SSH_PORT=22
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
	_ready
	rm "$T/bin/ssh"
	ln -s "$(command -v git)" "$T/bin/"

	PATH=$T/bin:$BUILD expect 1 bridge up hub

	out_has 'failed .*cannot run ssh'
}

health_goes_down_and_comes_back() {
	start_sshd
	LOCAL=$(free_port)
	export TOGGLE=$T/unhealthy
	start_service "$LOCAL" fine
	_ready "health_check: {url: http://127.0.0.1:$LOCAL/toggle, interval_seconds: 1}"
	expect 0 bridge up hub

	touch "$TOGGLE"
	wait_until 10 state_is hub degraded
	wait_until 5 log_has hub health_check_failed
	expect 0 bridge status hub --json
	same "$(json "$OUT" 'd["bridges"][0]["health"]["status"]')" 503
	[ "$(json "$OUT" 'd["bridges"][0]["pid"]')" -gt 0 ] || fail "ssh was restarted"

	rm "$TOGGLE"
	wait_until 10 state_is hub connected
	wait_until 5 log_has hub health_check_recovered
}

an_event_stream_is_healthy_by_its_headers() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	_ready "health_check: {url: http://127.0.0.1:$LOCAL/stream, interval_seconds: 1, timeout_seconds: 3600}"
	expect 0 bridge up hub

	_known() { bridge status hub --json | grep -q '"ok": true'; }
	wait_until 5 _known
}

an_endless_body_is_healthy_and_a_silent_service_is_not() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	_ready "health_check: {url: http://127.0.0.1:$LOCAL/forever, interval_seconds: 1, timeout_seconds: 3600}"
	REMOTE=$(free_port)
	add_bridge "$T/ops" mute "$REMOTE" "$LOCAL" \
		"health_check: {url: http://127.0.0.1:$LOCAL/slow, interval_seconds: 1, timeout_seconds: 1}"
	commit "$T/ops"
	expect 0 bridge up hub mute

	wait_until 10 state_is mute degraded
	_known() { bridge status hub --json | grep -q '"ok": true'; }
	wait_until 5 _known
	state_is hub connected
}

a_redirect_is_an_answer_and_is_not_followed() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	_ready "health_check: {url: http://127.0.0.1:$LOCAL/redirect, interval_seconds: 1}"
	expect 0 bridge up hub

	_known() { bridge status hub --json | grep -q '"status": 302'; }
	wait_until 5 _known
	state_is hub connected
}

# The last line, as the hub's check has failed.
_log_says() {
	tail -n 1 "$BRIDGE_STATE_DIR/hub.log" | grep "health_check_failed" | grep -qF "$1"
}

a_check_from_the_remote_end_sees_a_forward_that_goes_elsewhere() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	_ready "health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 1, timeout_seconds: 60}"
	expect 0 bridge up hub
	_known() { bridge status hub --json | grep -q '"ok": true'; }
	wait_until 5 _known

	kill "$SERVICE_PID"

	wait_until 10 state_is hub degraded
	wait_until 10 _log_says 'hung up: the service here is down'
}

# On a busy machine the connection is closed before curl looks at it: here always.
a_check_that_is_hung_up_on_at_once_says_so() {
	need strace strace
	start_sshd 'AllowTcpForwarding remote'
	_ready "health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 0.2, timeout_seconds: 60}"
	add_bridge "$T/ops" other "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up other
	strace -f -p "$(supervisor_pid)" -o "$T/trace" -e trace=connect \
		-e inject=connect:delay_exit=500000 2>"$T/strace" &
	started $!
	wait_until 5 grep -qE 'attached|ptrace' "$T/strace"
	grep -q attached "$T/strace" || skip "strace may not attach: run as root"

	expect 0 bridge up hub

	wait_until 10 state_is hub degraded
	wait_until 5 _log_says 'hung up: the service here is down'
}

# A service of somebody else's at the remote end, on 127.0.0.1 alone: sshd binds
# what is left of `*`, and says that all is well.
_taken_in() {
	grep -qs . /proc/net/if_inet6 || skip "no IPv6"
	start_sshd 'GatewayPorts clientspecified'
	LOCAL=$(free_port) PORT=$(free_port)
	start_service "$LOCAL" fine
	start_service "$PORT" foreign
	make_catalog
}

a_check_from_the_remote_end_is_not_taken_in_by_another_service() {
	local share
	_taken_in
	for share in false true; do
		add_bridge "$T/ops" hub "$PORT" "$LOCAL" "remote_bind: '*'" "share_connection: $share" \
			"health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 0.2, timeout_seconds: 60}"
		commit "$T/ops"
		expect 0 bridge up hub
		wait_until 10 state_is hub degraded
		wait_until 10 _log_says 'something else answers at the remote end'
		_fetch_often '[::1]'
		log_has hub health_check_recovered && fail "taken in"
		expect 0 bridge down
	done
}

a_server_that_forbids_the_way_of_a_check_is_said() {
	local share
	start_sshd 'AllowTcpForwarding remote'
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	make_catalog
	for share in false true; do
		add_bridge "$T/ops" hub "$(free_port)" "$LOCAL" "share_connection: $share" \
			"health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 0.2, timeout_seconds: 60}"
		commit "$T/ops"
		expect 0 bridge up hub
		wait_until 10 state_is hub degraded
		wait_until 10 _log_says 'forbids the way (AllowTcpForwarding, permitopen)'
		expect 0 bridge down
	done
}

# Those of one connection that ask the same service at the same time are not
# taken for each other.
of_many_the_one_that_is_taken_in_is_found() {
	local name host
	_taken_in
	start_socket_service "$T/service.sock" fine
	for host in 127.0.0.1 "$T/service.sock"; do
		for name in a b c d e hub; do
			add_bridge "$T/ops" $name "$(free_port)" "$LOCAL" "remote_bind: '*'" 'share_connection: true' \
				"local_host: $host" "health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 1, timeout_seconds: 60}"
		done
		sed -i "s/^remote_port:.*/remote_port: $PORT/" "$T/ops/domains/edge/bridges/hub.yaml"
		commit "$T/ops"
		expect 0 bridge up
		wait_until 10 state_is hub degraded
		wait_until 10 _log_says 'something else answers at the remote end'
		_checked() { [ "$(bridge status --json | grep -c '"ok": true')" = 5 ]; }
		wait_until 10 _checked
		for name in a b c d e; do
			log_has $name health_check_failed && fail "$name failed"
		done
		expect 0 bridge down
		rm "$BRIDGE_STATE_DIR"/*.log
	done
}

its_own_answers_count_whatever_else_comes_through() {
	local share i pid=
	start_sshd
	LOCAL=$(free_port) PORT=$(free_port)
	start_service "$LOCAL" fine
	make_catalog
	for share in false true; do
		add_bridge "$T/ops" hub "$PORT" "$LOCAL" "share_connection: $share" \
			"health_check: {url: http://127.0.0.1/, from: remote, interval_seconds: 0.1, timeout_seconds: 60}"
		commit "$T/ops"
		expect 0 bridge up hub
		for i in $(seq 4); do
			_fetch_often 127.0.0.1 &
			pid="$pid $!"
		done
		for i in $pid; do
			wait "$i"
		done
		pid=
		bridge status hub --json | grep -q '"ok": true' || fail "not well"
		log_has hub health_check_failed && fail "a check failed"
		expect 0 bridge down
	done
}

_fetch_often() {
	local i
	for i in $(seq 10); do
		[ "$(fetch "http://$1:$PORT/")" = fine ] || exit 1
	done
}

run_tests
