#!/bin/bash
# What the README promises about speed, as ratios in one run: against the
# libraries alone, against git and against ssh. Everything lives in a folder
# of its own, ends with this script, and stays on this machine. A result over
# its target is said and is no failure; a command that does not work is one.
#
# BENCH_RUNS (15) is how often each is measured, BENCH_FILES (20000),
# BENCH_LARGE (ten times that) and BENCH_BRIDGES (1000) how large it gets.
# autossh (Debian's package), yamllint, ajv (npm's ajv-cli) and Python's jsonschema are compared with
# where they are installed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../scale/lib.sh"

BENCH=$ROOT/tests/bench
FILES=${BENCH_FILES:-20000}
SMALL=2000
LARGE=${BENCH_LARGE:-$((FILES * 10))}
BRIDGES=${BENCH_BRIDGES:-1000}
SHARED=200
export BUILD

begin_test
clean_up() {
	local status=$?
	trap '' INT TERM HUP
	set +eu
	end_test
	exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

measure() {
	python3 "$BENCH/measure.py" "$@" >>"$T/rows"
}

tunnels() {
	PYTHONPATH=$BENCH python3 "$BENCH/tunnels.py" "$@" >>"$T/rows"
}

say() {
	echo "$*" >&2
}

say "a catalog of $FILES files ..."
python3 "$BENCH/generate.py" "$T/large" "$FILES"
write_config "$T/large"
measure validate "$T/large" "$BUILD/tests/bench/floor" "$FILES"
measure show "$T/large"
say "catalogs of $SMALL and $LARGE files ..."
python3 "$BENCH/generate.py" "$T/small" "$SMALL"
python3 "$BENCH/generate.py" "$T/huge" "$LARGE"
measure growth "$T/large" "$T/huge"
measure show_sizes "$T/small" "$T/huge"
measure side_by_side "$T/small" "$ROOT/schema"
rm -rf "$T/huge"

say "real ssh to a throwaway sshd ..."
start_sshd
make_catalog
remote=$(free_port)
add_bridge "$T/ops" measured "$remote" 9
add_bridge "$T/ops" other "$(free_port)" 9
commit "$T/ops"
measure start measured "$remote" other
local_port=$(free_port)
sed -i "s/^local_port:.*/local_port: $local_port/" "$T/ops/domains/edge/bridges/measured.yaml"
mkdir -p "$T/ops/domains/shared/bridges"
printf 'name: Shared\n' >"$T/ops/domains/shared/domain.yaml"
for i in $(seq "$SHARED"); do
	printf 'target: edge/gateway\nremote_port: %s\nlocal_port: 9\nactor: agent.test\nshare_connection: true\n' \
		$((30000 + i)) >"$T/ops/domains/shared/bridges/s$i.yaml"
done
commit "$T/ops"
tunnels relisten measured "$remote" "$local_port"
tunnels throughput measured "$remote" "$local_port"
tunnels shared "$SHARED" measured "$remote"

if [ -e "$BUILD/mcp-clients/installed" ]; then
	say "agents ..."
	# Its own: what is left of stopped bridges is listed by status, too.
	export BRIDGE_STATE_DIR=$T/agents
	bridge up --quiet measured
	PYTHONPATH=$BENCH python3 "$BENCH/mcp.py" "$BUILD/mcp-clients" >>"$T/rows"
	bridge down --quiet
else
	say "no MCP clients to compare with: make check-mcp installs them"
fi

say "$BRIDGES bridges with a fake ssh ..."
export BRIDGE_STATE_DIR=$T/many
mkdir "$T/fake"
"${CC:-cc}" -O2 -o "$T/fake/ssh" "$BENCH/fake-ssh.c"
{
	printf 'defaults: {ssh_user: ops, ssh_key: %s}\n' "$T/key"
	echo 'actors: {agent.test: {class: automation}}'
	echo 'tunnels:'
	for i in $(seq "$BRIDGES"); do
		# One host each: handshakes with one host wait for each other.
		echo "  bridge-$i: {host: host-$i.example, remote_port: $((i + 10000)), local_port: 9, actor: agent.test}"
	done
} >"$HOME/.config/bridge/tunnels.yaml"
PATH=$T/fake:$PATH bridge up --quiet --wait 120 bridge-1
pid=$(supervisor_pid)
before=$(own_memory "$pid")
PATH=$T/fake:$PATH bridge up --quiet --wait 120
tunnels memory "$BRIDGES" "$before" "$(own_memory "$pid")"
measure status "$BRIDGES"
bridge down --quiet
wait_until 30 is_gone "$pid"

echo
{
	printf 'WHAT\tMEASURED\tCOMPARED WITH\tRATIO\tTARGET\t\n'
	cat "$T/rows"
} | awk -F'\t' '{ printf "%-42s %10s  %-27s %9s %8s  %s\n", $1, $2, $3, $4, $5, $6 }' |
	sed 's/ *$//'
say "medians of ${BENCH_RUNS:-15} runs each, on $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
