# Faults of time: the clock is set, the machine was suspended.
. "$(dirname "$0")/lib.sh"

_ready() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" one "$(free_port)" 9 "$@"
	add_bridge "$T/ops" waits "$(free_port)" 9 "$@"
	sed -i 's/^target:.*/target: nowhere/' "$T/ops/domains/edge/bridges/waits.yaml"
	sed 's/^ssh_port:.*/ssh_port: 1/' "$T/ops/domains/edge/targets/gateway.yaml" \
		>"$T/ops/domains/edge/targets/nowhere.yaml"
	commit "$T/ops"
}

_faketime() {
	FAKETIME_LIB=$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)
	[ -e "$FAKETIME_LIB" ] || skip "no libfaketime: install faketime"
	! ldd "$BUILD/bridge" | grep -q libasan || skip "faketime and the sanitizers don't mix"
	printf '+0' >"$T/clock"
	export FAKETIME_TIMESTAMP_FILE=$T/clock FAKETIME_NO_CACHE=1 \
		FAKETIME_DONT_FAKE_MONOTONIC=1
}

the_clock_is_set_back() {
	local before
	_ready 'reconnect: {backoff_initial: 2, backoff_max: 2}'
	_faketime
	expect 1 env LD_PRELOAD="$FAKETIME_LIB" bridge up
	before=$(json <(bridge status one --json) 'd["bridges"][0]["uptime_seconds"]')
	printf -- '-1h' >"$T/clock"
	clock
	_attempts() { [ "$(json <(bridge status waits --json) 'd["bridges"][0]["attempts"]')" -ge 3 ]; }
	wait_until 15 _attempts
	report 'clock set back by an hour' 'retries on time, uptime goes on' "$(elapsed) for two retries" nothing
	[ "$(json <(bridge status one --json) 'd["bridges"][0]["uptime_seconds"]')" -ge "$before" ] ||
		fail "the uptime went back"
	# The log says what the clock says.
	python3 - "$BRIDGE_STATE_DIR/waits.log" <<-'PY' || fail "no line from an hour ago"
		import datetime, json, sys
		last = [json.loads(line) for line in open(sys.argv[1])][-1]
		age = datetime.datetime.utcnow() - datetime.datetime.fromisoformat(last["ts"])
		sys.exit(not 3000 < age.total_seconds() < 4000)
	PY
	state_is one connected
	all_down
}

the_machine_wakes_from_a_suspend() {
	local web
	! ldd "$BUILD/bridge" | grep -q libasan || skip "preloading and the sanitizers don't mix"
	web=$(free_port)
	start_service "$web" hello
	_ready 'reconnect: {backoff_initial: 300, backoff_max: 300}' \
		"health_check: {url: 'http://127.0.0.1:$web/', interval_seconds: 300}"
	cc -shared -fPIC -o "$T/suspend.so" "$ROOT/tests/fault/suspend.c" -ldl
	mkfifo "$T/fifo"
	printf 0 >"$T/seconds"
	export SUSPEND_FIFO=$T/fifo SUSPEND_SECONDS=$T/seconds
	expect 1 env LD_PRELOAD="$T/suspend.so" bridge up
	_well() { bridge status one --json | grep -q '"ok": true'; }
	wait_until 10 _well
	_tries() { grep -c bridge_reconnecting "$BRIDGE_STATE_DIR/waits.log"; }
	same "$(_tries)" 1

	# The clock was set, and nobody slept: nothing happens.
	printf '12345678' >"$T/fifo"
	kill "$SERVICE_PID"
	wait_until 10 is_gone "$SERVICE_PID"
	expect 0 bridge status one
	same "$(_tries)" 1
	state_is one connected

	printf 3600 >"$T/seconds"
	clock
	printf '12345678' >"$T/fifo"
	_again() { [ "$(_tries)" = 2 ]; }
	wait_until 10 _again
	wait_until 10 state_is one degraded
	report 'suspended for an hour' 'all that waits tried, all that runs asked' "$(elapsed)" nothing
	all_down
}

run_tests
