# The first users' machine, for tests/cli/seed.sh and tests/mcp/: their files as
# they write them, byte for byte, in a HOME of its own. Sourced behind lib.sh.

# The ports in their files are fixed. Root has a network of its own for them,
# others take turns on the machine's.
if [ -z "${SEED_NETWORK:-}" ]; then
	export SEED_NETWORK=shared
	if [ "$(id -u)" = 0 ] && unshare -n ip link set lo up 2>/dev/null; then
		SEED_NETWORK=own exec unshare -n bash -c 'ip link set lo up && exec bash "$0"' "$0"
	fi
	exec 9>"${TMPDIR:-/tmp}/bridge-seed.$(id -u).lock"
	flock -w 300 9
fi

_minimal_file() {
	cat <<-'YAML'
		tunnels:
		  hub-east:
		    host: east.example.org
		    remote_port: 18000
		    local_port: 8000
		    ssh_user: ubuntu
		    ssh_key: ~/.ssh/id_ops
		    actor: agent.coder-east
		actors:
		  agent.coder-east:
		    class: automation
		    description: Coding agent on the eastern machine
	YAML
}

_full_file() {
	cat <<-'YAML'
		catalog_path: ~/ops-infra/opscatalog/
		tunnels:
		  hub-east:
		    host: east.example.org
		    remote_port: 18000
		    local_port: 8000
		    ssh_user: ubuntu
		    ssh_key: ~/.ssh/id_ops
		    actor: agent.coder-east
		    health_check:
		      url: http://127.0.0.1:18000/health      # some copied this from a comment that was wrong: the note health/remote-port, not an error
		      interval_seconds: 30
		      timeout_seconds: 5
		    reconnect:
		      max_attempts: 0                          # for ever
		      backoff_initial: 5
		      backoff_max: 60
		actors:
		  agent.coder-east: {class: automation, description: ...}
		  operator.kim: {class: human, description: ...}
	YAML
}

# The catalog has no actors/ folder: actors stand in tunnels.yaml.
_make_opscatalog() {
	local domain=$HOME/ops-infra/opscatalog/domains/east
	mkdir -p "$domain/targets" "$domain/bridges"
	git init -q -b main "$HOME/ops-infra"
	printf 'name: East\n' >"$domain/domain.yaml"
	printf '%s\n' 'host: east.example.org' 'ssh_user: ubuntu' 'ssh_key: ~/.ssh/id_ops' \
		>"$domain/targets/box-east.yaml"
	printf '%s\n' 'target: box-east' 'remote_port: 18001' 'local_port: 8000' \
		'actor: operator.kim' >"$domain/bridges/metrics-east.yaml"
	commit "$HOME/ops-infra"
}

# _first_users minimal|full: east.example.org is a throwaway sshd, where
# `ubuntu` is whoever runs the tests; hello is what the service on 8000 says.
_first_users() {
	local port
	for port in 8000 18000 18001; do
		! listens "$port" || skip "port $port is taken"
	done
	start_sshd
	mkdir -p "$HOME/.ssh" "$HOME/.config/bridge"
	cp "$T/key" "$HOME/.ssh/id_ops"
	cat >"$HOME/.ssh/config" <<-CONFIG
		Host east.example.org
		    HostName 127.0.0.1
		    Port $SSH_PORT
	CONFIG
	printf '#!/bin/sh\nexec %s -F %s -l %s "$@"\n' "$REAL_SSH" "$HOME/.ssh/config" \
		"$(id -un)" >"$T/bin/ssh"
	"_$1_file" >"$HOME/.config/bridge/tunnels.yaml"
	[ "$1" = minimal ] || _make_opscatalog
}

_start_hello() {
	start_service 8000 hello
}

_hello_comes_through() {
	same "$(fetch "http://127.0.0.1:${1:-18000}/")" hello
}
