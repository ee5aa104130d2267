# Faults of the local service, as the health check sees them.
. "$(dirname "$0")/lib.sh"

# _ready PATH [SECONDS]: a bridge that asks the service for it twice a second,
# and waits so long for an answer
_ready() {
	WEB=$(free_port)
	start_sshd
	start_service "$WEB" hello
	make_catalog
	add_bridge "$T/ops" one "$(free_port)" "$WEB" \
		"health_check: {url: 'http://127.0.0.1:$WEB/$1', interval_seconds: 0.5, timeout_seconds: ${2:-60}}"
	commit "$T/ops"
	clock
	expect 0 bridge up
}

_health() {
	json <(bridge status one --json) "d['bridges'][0]['health'].get('$1')"
}

_checked() {
	[ "$(_health ok)" != null ]
}

the_service_goes_down_and_comes_back() {
	_ready ''
	wait_until 10 _checked
	kill "$SERVICE_PID"
	clock
	wait_until 10 state_is one degraded
	found=$(elapsed)
	start_service "$WEB" hello
	clock
	wait_until 10 state_is one connected
	wait_until 5 log_has one health_check_recovered
	report 'local service down, then back' "degraded after $found, every 0.5 s" "$(elapsed)" 'what asks the service'
	all_down
}

the_service_is_slow() {
	_ready slow 1
	wait_until 10 state_is one degraded
	report 'local service slow' "degraded ($(_health message | sed 's/.*: //'))" - nothing
	expect 0 bridge status
	all_down
}

the_service_sends_an_event_stream() {
	_ready stream
	wait_until 10 _checked
	same "$(_health ok)" true
	report 'local service streams (SSE)' 'connected: well once it answers' "$(_health latency_ms) ms" nothing
	state_is one connected
	all_down
}

the_service_redirects() {
	_ready redirect
	wait_until 10 _checked
	same "$(_health ok)" true
	same "$(_health status)" 302
	report 'local service redirects' 'connected: not followed' "$(_health latency_ms) ms" nothing
	all_down
}

the_service_sends_without_end() {
	local pid
	_ready forever
	wait_until 10 _checked
	same "$(_health ok)" true
	pid=$(supervisor_pid)
	[ "$(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")" -lt 60000 ] || fail "it took it all in"
	report 'local service sends for ever' 'connected: 64 KiB are read' "$(_health latency_ms) ms" nothing
	all_down
}

run_tests
