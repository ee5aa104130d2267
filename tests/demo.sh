#!/bin/bash
# The main job for a newcomer: opscatalog.example in a temporary repository,
# validated; one of its bridges brought up by its id through a throwaway sshd;
# an HTTP request through the remote port; status, logs, down. Everything
# lives in one temporary folder and ends with this script, however it ends.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(cd "${BUILD:-$ROOT/build}" && pwd)
SSHD=$(PATH=$PATH:/usr/sbin command -v sshd) || { echo "no sshd here: run make deps" >&2; exit 1; }
SSH=$(command -v ssh)
T=$(mktemp -d "${TMPDIR:-/tmp}/bridge-demo.XXXXXX")
PIDS=()

clean_up() {
	local status=$? pid
	trap '' INT TERM HUP
	set +e
	"$BUILD/bridge" down -q >/dev/null 2>&1
	# An interrupted `up` may have left a supervisor that has no bridge yet.
	for pid in "${PIDS[@]}" $(pgrep -f "bridge-supervisor $T/state"); do
		kill "$pid" 2>/dev/null
	done
	while pgrep -f "bridge-supervisor $T/state" >/dev/null; do sleep 0.05; done
	wait 2>/dev/null
	rm -rf "$T"
	exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }

# Not one of the kernel's ephemeral ports: any connection may be using such a one.
free_port() {
	local port
	while port=$((10000 + SRANDOM % 20000)); do
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

wait_for_port() {
	for _ in $(seq 2000); do
		(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
		sleep 0.03
	done
	echo "nothing listens on port $1" >&2
	exit 1
}

mkdir -p "$T/home/.config/bridge" "$T/bin" "$T/sshd" "$T/www"
export HOME=$T/home BRIDGE_STATE_DIR=$T/state PATH=$T/bin:$BUILD:$PATH
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$T/home/.gitconfig
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME BRIDGE_CONFIG BRIDGE_CATALOG_REV GIT_DIR
printf '[user]\nname = demo\nemail = demo@example.org\n' >"$GIT_CONFIG_GLOBAL"
printf '#!/bin/sh\nexec %s -F /dev/null "$@"\n' "$SSH" >"$T/bin/ssh" && chmod 755 "$T/bin/ssh"

say "A throwaway sshd stands for the remote machine, a web server for the local service"
SSH_PORT=$(free_port) REMOTE=$(free_port) LOCAL=$(free_port)
ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/sshd/host"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
cp "$T/key.pub" "$T/sshd/authorized_keys"
cat >"$T/sshd/config" <<CONFIG
ListenAddress 127.0.0.1:$SSH_PORT
HostKey $T/sshd/host
AuthorizedKeysFile $T/sshd/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
CONFIG
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
"$SSHD" -f "$T/sshd/config" -E "$T/sshd/log" -D &
PIDS+=($!)
echo "hello from this machine" >"$T/www/health"
python3 -m http.server "$LOCAL" --bind 127.0.0.1 --directory "$T/www" >"$T/www.log" 2>&1 &
PIDS+=($!)
wait_for_port "$SSH_PORT"
wait_for_port "$LOCAL"
echo "sshd on 127.0.0.1:$SSH_PORT, the service on 127.0.0.1:$LOCAL"

say "The example catalog, committed to a repository of its own"
cp -r "$ROOT/opscatalog.example" "$T/ops"
# This machine's ports in place of the example's.
sed -i "s/^ssh_port: .*/ssh_port: $SSH_PORT/; s/^ssh_user: .*/ssh_user: $(id -un)/; s|^ssh_key: .*|ssh_key: $T/key|" \
	"$T/ops/domains/edge/targets/gateway.yaml"
printf 'host_keys:\n  - %s\n' "$(cut -d' ' -f1,2 "$T/sshd/host.pub")" >>"$T/ops/domains/edge/targets/gateway.yaml"
sed -i "s/^remote_port: .*/remote_port: $REMOTE/; s/^local_port: .*/local_port: $LOCAL/; s|127.0.0.1:8000|127.0.0.1:$LOCAL|" \
	"$T/ops/domains/edge/bridges/state-hub.yaml"
git init -q -b main "$T/ops"
git -C "$T/ops" add -A
git -C "$T/ops" commit -q -m "The example catalog"
echo "catalog_path: $T/ops" >"$HOME/.config/bridge/tunnels.yaml"
git -C "$T/ops" log --oneline

say "Is it valid, and what is in it?"
run bridge catalog validate
run bridge catalog list
run bridge targets
run bridge catalog show state-hub --origins

say "Up, by its id"
run bridge up state-hub

say "An HTTP request to the remote machine's port arrives here"
echo "$ curl http://127.0.0.1:$REMOTE/health"
answer=$(python3 -c 'import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=60).read().decode(), end="")' "http://127.0.0.1:$REMOTE/health")
echo "$answer"
[ "$answer" = "hello from this machine" ] || { echo "that is not what the service says" >&2; exit 1; }

say "How it is"
run bridge status

say "Down, and what the audit log says"
run bridge down state-hub
run bridge logs state-hub

say "That was the main job. Nothing of it is left behind."
