# A day of churn in a few minutes: bridges come, go, are restarted and lose
# their ssh, clients come and die, logs rotate. Afterwards the supervisor is as
# large as it was after the first rounds. SOAK_SECONDS (20; `make soak`: 600).
. "$(dirname "$0")/lib.sh"

BRIDGES=60

# One round of what happens in an hour or so.
_round() {
	local i=$((RANDOM % BRIDGES + 1)) k=$((RANDOM % BRIDGES + 1)) client
	pkill -KILL -P "$PID" -n ssh || true
	pkill -TERM -P "$PID" -o ssh || true
	bridge down -q "bridge-$i" >/dev/null 2>&1 || true
	bridge up -q --wait 20 "bridge-$i" >/dev/null 2>&1 || true
	bridge restart -q "bridge-$k" >/dev/null 2>&1 || true
	bridge apply -q >/dev/null 2>&1 || true
	# Clients that die in the middle of it.
	bridge restart -q "bridge-$k" >/dev/null 2>&1 &
	client=$!
	bridge status --watch >/dev/null 2>&1 &
	kill -KILL $client $! 2>/dev/null || true
	wait $client $! 2>/dev/null || true
	bridge status --json >/dev/null
	if [ $((ROUND % 10)) = 0 ]; then
		truncate -s 10500000 "$BRIDGE_STATE_DIR/bridge-$i.log"
		kill -HUP "$PID"
	fi
}

# It is quiet again: every bridge is up, and only we talk to it.
_settle() {
	expect 0 bridge up -q --wait 60
	_all() { [ "$(bridge status | grep -c ' connected ')" = $BRIDGES ]; }
	wait_until 60 _all
}

# The smallest of a few looks: an answer may just be on its way.
_least() {
	local least=999999999 now
	for _ in 1 2 3 4 5; do
		bridge status >/dev/null
		now=$("$1" "$PID")
		[ "$now" -ge "$least" ] || least=$now
	done
	echo "$least"
}

memory_and_descriptors_do_not_grow() {
	local seconds=${SOAK_SECONDS:-20} end memory fds then now open
	many $BRIDGES
	expect 0 bridge up -q --wait 60
	PID=$(supervisor_pid)
	ROUND=0
	# Tables, pools and caches have grown to their size after a tenth.
	end=$((SECONDS + seconds / 5 + 2))
	while [ $SECONDS -lt $end ]; do
		ROUND=$((ROUND + 1))
		_round
	done
	_settle
	memory=$(_least own_memory) fds=$(_least descriptors) then=$ROUND
	end=$((SECONDS + seconds))
	while [ $SECONDS -lt $end ]; do
		ROUND=$((ROUND + 1))
		_round
	done
	_settle
	now=$(_least own_memory) open=$(_least descriptors)
	note "soak: $ROUND rounds in $seconds s; memory $memory KiB after $then rounds, $now KiB at the end; descriptors $fds, $open"
	is_running "$PID" || fail "the supervisor has gone"
	[ "$open" -le $((fds + 2)) ] || fail "descriptors: $fds, then $open"
	! ldd "$BUILD/bridge" | grep -q libasan || return 0
	[ "$now" -le $((memory + memory / 8 + 512)) ] ||
		fail "memory: $memory KiB, then $now KiB"
	expect 0 bridge down -q
	wait_until 15 is_gone "$PID"
	! pgrep -f "$T/fake/ssh" || fail "an ssh was left"
}

run_tests
