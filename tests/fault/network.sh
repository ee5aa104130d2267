# Faults of the network and of the server.
. "$(dirname "$0")/lib.sh"

sshd_is_killed_and_started_again() {
	local down
	two_machines
	start_sshd_there
	ready_there one
	expect 0 bridge up
	started "$(supervisor_pid)"
	# shellcheck disable=SC2046
	kill -9 "$SSHD_PID" $(sessions)
	wait_until 10 log_has one bridge_reconnecting
	down=$(grep bridge_disconnected "$BRIDGE_STATE_DIR/one.log" | grep -o '"reason":"[a-z-]*"' | cut -d'"' -f4)
	same "$down" closed
	wait_until 20 grep -q '"reason":"network"' "$BRIDGE_STATE_DIR/one.log"
	start_sshd_there
	clock
	wait_until 20 state_is one connected
	report 'sshd killed and restarted' "reconnecting ($down, then network)" "$(elapsed)" 'open connections'
	same "$(events_of one | grep -o 'bridge_disconnected bridge_reconnecting')" \
		'bridge_disconnected bridge_reconnecting'
	all_down
}

only_the_sessions_sshd_is_killed() {
	local pid
	two_machines
	start_sshd_there
	ready_there one
	expect 0 bridge up
	pid=$(ssh_pid one)
	clock
	# shellcheck disable=SC2046
	kill -9 $(sessions)
	wait_until 10 log_has one bridge_disconnected
	wait_until 20 state_is one connected
	report "only the session's sshd killed" "reconnecting ($(reason_of one))" "$(elapsed)" 'open connections'
	wait_until 5 is_gone "$pid"
	all_down
}

a_link_cut_without_a_word_is_found_within_server_alives_bound() {
	local found
	slow
	two_machines
	start_sshd_there 'ClientAliveInterval 5' 'ClientAliveCountMax 2'
	ready_there one
	expect 0 bridge up
	cut_wire
	clock
	# 15 s x (3 + 1), and what the timers of both sides are apart.
	wait_until 75 log_has one bridge_disconnected
	found=$(elapsed)
	same "$(grep -o '"event":"bridge_disconnected".*"reason":"[a-z-]*"' "$BRIDGE_STATE_DIR/one.log" | grep -o '[a-z-]*"$')" 'dead-link"'
	mend_wire
	clock
	wait_until 30 state_is one connected
	report 'link cut without a FIN' "reconnecting (dead-link) after $found" "$(elapsed)" 'open connections'
	all_down
}

a_port_held_by_a_stale_session_is_taken_once_it_is_freed() {
	local pid port old
	two_machines
	start_sshd_there 'ClientAliveInterval 3' 'ClientAliveCountMax 2'
	ready_there one
	expect 0 bridge up
	pid=$(ssh_pid one)
	port=$(here ss -Htnp "dport = :$SSH_PORT" | grep "pid=$pid," | awk '{ print $4 }' | sed 's/.*://')
	[ -n "$port" ] || fail "no connection found"
	old=$(sessions | head -n 1)
	# The old connection alone is dead to both sides.
	here nft "add rule inet cut out tcp sport $port drop; add rule inet cut in tcp dport $port drop"
	clock
	kill -9 "$pid"
	wait_until 10 grep -q '"reason":"port-in-use"' "$BRIDGE_STATE_DIR/one.log"
	is_running "$old" || fail "the session was not stale"
	wait_until 30 state_is one connected
	report 'port held by a stale session' 'reconnecting (port-in-use)' "$(elapsed), ClientAlive 3 s x 2" 'open connections'
	wait_until 10 is_gone "$old"
	all_down
}

a_refused_key_is_taken_once_it_is_known() {
	two_machines
	start_sshd_there
	mv "$T/sshd/authorized_keys" "$T/away"
	RECONNECT='reconnect: {backoff_initial: 1, backoff_max: 2}' ready_there one
	expect 1 bridge up
	same "$(reason_of one)" auth
	mv "$T/away" "$T/sshd/authorized_keys"
	clock
	wait_until 20 state_is one connected
	report 'key refused, then accepted' 'reconnecting (auth)' "$(elapsed), backoff_max 2 s" nothing
	all_down
}

a_changed_host_key_stops_it_until_a_person_has_looked() {
	two_machines
	start_sshd_there
	ready_there one
	expect 0 bridge up
	# shellcheck disable=SC2046
	kill -9 "$SSHD_PID" $(sessions)
	rm "$T/sshd/host" "$T/sshd/host.pub"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/sshd/host"
	start_sshd_there
	wait_until 30 log_has one bridge_failed
	same "$(reason_of one)" host-key
	: >"$BRIDGE_STATE_DIR/.known_hosts"
	clock
	expect 0 bridge up
	report 'host key changed' 'failed (host-key), no retry' "$(elapsed) after \`bridge up\`" 'open connections'
	all_down
}

a_name_that_resolves_again_is_enough() {
	two_machines
	mkdir -p "/etc/netns/$HERE"
	printf '127.0.0.1 localhost\n' >"/etc/netns/$HERE/hosts"
	printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >"/etc/netns/$HERE/resolv.conf"
	start_sshd_there
	ready_there one
	sed -i 's/^host:.*/host: far.example/' "$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"
	expect 1 bridge up
	same "$(reason_of one)" dns
	printf '%s far.example\n' "$THERE_IP" >>"/etc/netns/$HERE/hosts"
	clock
	wait_until 20 state_is one connected
	report 'name not resolving, then resolving' 'reconnecting (dns)' "$(elapsed)" nothing
	all_down
}

a_new_address_ends_every_wait() {
	two_machines
	start_sshd_there
	RECONNECT='reconnect: {backoff_initial: 300, backoff_max: 300}' ready_there one
	ip -n "$HERE" addr del $HERE_IP/24 dev wire
	expect 1 bridge up
	same "$(reason_of one)" network
	ip -n "$HERE" addr add $HERE_IP/24 dev wire
	clock
	wait_until 10 state_is one connected
	report 'no network, then a new address' 'reconnecting (network), next try in 300 s' "$(elapsed)" nothing
	all_down
}

sixty_at_once_come_through_the_default_max_startups() {
	local pid
	two_machines
	start_sshd_there 'MaxStartups 10:30:100'
	# shellcheck disable=SC2046
	ready_there $(seq -f 'b%02g' 60)
	clock
	expect 0 bridge up --wait 120
	report '60 bridges, MaxStartups 10:30:100' "all connected" "$(elapsed)" nothing
	! grep -lq '"reason":"throttled"' "$BRIDGE_STATE_DIR"/*.log || fail "some were dropped"
	all_down
}

run_tests
