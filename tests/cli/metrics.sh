# bridge metrics: what a scraper and node_exporter read.
. "$(dirname "$0")/lib.sh"

# _value FILE NAME LABELS...: of the one sample with these labels
_value() {
	local file=$1 lines
	lines=$(grep "^$2[{ ]" "$file")
	for label in "${@:3}"; do
		lines=$(grep -F "$label" <<<"$lines")
	done
	same "$(wc -l <<<"$lines")" 1
	echo "${lines##* }"
}

# Every line is a comment or a sample, families stay together, EOF is last;
# the reference parser says the same where there is one.
_check() {
	python3 - "$1" <<-'PYTHON'
		import re, sys
		text = open(sys.argv[1]).read()
		assert text.endswith("# EOF\n")
		sample = re.compile(r'[a-z_]+(\{([a-z_]+="([^"\\]|\\["\\n])*",?)*\})? [-+0-9.e]+$')
		seen, family = set(), None
		for line in text.splitlines()[:-1]:
		    if line.startswith("# TYPE "):
		        family = line.split()[2]
		        assert family not in seen, family
		        seen.add(family)
		    elif not line.startswith("# "):
		        assert sample.match(line), line
		        assert re.split("[{ ]", line)[0] == family, line
		try:
		    from prometheus_client.openmetrics import parser
		except ImportError:
		    sys.exit()
		assert list(parser.text_string_to_metric_families(text))
	PYTHON
}

the_state_of_every_bridge_is_a_metric() {
	start_sshd
	LOCAL=$(free_port)
	start_service "$LOCAL" fine
	make_catalog
	add_bridge "$T/ops" one "$(free_port)" "$LOCAL" \
		"health_check: {url: 'http://127.0.0.1:$LOCAL/', interval_seconds: 1}"
	add_bridge "$T/ops" two "$SSH_PORT" "$LOCAL"
	commit "$T/ops"
	expect 1 bridge up
	_known() { bridge metrics >"$T/metrics" && grep -q '^bridge_health_ok.* 1' "$T/metrics"; }
	wait_until 5 _known
	_check "$T/metrics"
	same "$(_value "$T/metrics" bridge_supervisor_up)" 1
	same "$(_value "$T/metrics" bridge_up 'bridge="one"')" 1
	same "$(_value "$T/metrics" bridge_up 'bridge="two"')" 0
	same "$(_value "$T/metrics" bridge_state 'bridge="two"' 'state="reconnecting"')" 1
	same "$(_value "$T/metrics" bridge_state 'bridge="two"' 'state="connected"')" 0
	same "$(_value "$T/metrics" bridge_failed_attempts 'bridge="two"')" 1
	_value "$T/metrics" bridge_health_latency_seconds 'bridge="one"' >/dev/null
	same "$(_value "$T/metrics" bridge_info 'bridge="one"' 'host="127.0.0.1"' 'actor="agent.test"')" 1
	expect 0 bridge down
	expect 0 bridge metrics
	# The same series, whoever knows what of a bridge.
	same "$(grep -o '^bridge_state{.*}' "$OUT")" "$(grep -o '^bridge_state{.*}' "$T/metrics")"
	same "$(_value "$OUT" bridge_supervisor_up)" 0
	same "$(_value "$OUT" bridge_state 'bridge="one"' 'state="stopped"')" 1
	_check "$OUT"
}

without_anything_there_are_metrics_too() {
	expect 0 bridge metrics
	_check "$OUT"
	same "$(_value "$OUT" bridge_supervisor_up)" 0
}

a_supervisor_that_does_not_answer_is_told_to_the_collector() {
	local pid
	ready_bridges one
	expect 0 bridge up
	expect 0 bridge metrics -o "$T/bridge.prom"
	same "$(_value "$T/bridge.prom" bridge_supervisor_up)" 1
	pid=$(supervisor_pid)
	kill -STOP "$pid"
	expect 3 bridge metrics -o "$T/bridge.prom"
	kill -CONT "$pid"
	err_has 'does not answer'
	same "$(_value "$T/bridge.prom" bridge_supervisor_up)" 0
	_check "$T/bridge.prom"
	! grep -q 'bridge="one"' "$T/bridge.prom" || fail "$(cat "$T/bridge.prom")"
}

a_file_for_a_collector_is_replaced_as_a_whole() {
	mkdir "$T/collector"
	echo old >"$T/collector/bridge.prom"
	expect 0 bridge metrics -o "$T/collector/bridge.prom"
	_check "$T/collector/bridge.prom"
	same "$(ls -A "$T/collector")" bridge.prom
	expect 3 bridge metrics -o "$T/nowhere/bridge.prom"
	err_has 'cannot write'
}

run_tests
