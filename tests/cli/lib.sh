# What every test in this folder stands on. A test file defines functions,
# each a test whose name is a sentence, and ends with `run_tests`; functions
# whose names begin with an underscore help the others. Each test
# runs in a subshell with a folder, a HOME, a state directory and a PATH of
# its own; whatever it started is ended by process id, and its folder removed.
#
# Real parts: ssh, sshd, git, a Python web server as the local service.

: "${BUILD:?the build folder, set by make}"
BUILD=$(cd "$BUILD" && pwd)
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SSHD=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd || true)
REAL_SSH=$(command -v ssh)
# A version manager's stand-in takes ten times as long as python itself.
PYTHON=$(python3 -c 'import sys; print(sys.executable)')

fail() {
	echo "FAILED: $*"
	[ -z "${OUT:-}" ] || sed 's/^/  out: /' "$OUT"
	[ -z "${ERR:-}" ] || sed 's/^/  err: /' "$ERR"
	exit 1
}

skip() {
	echo "SKIPPED: $*"
	exit 77
}

# need COMMAND PACKAGE: skip the test where the command is missing.
need() {
	PATH=$PATH:/usr/sbin command -v "$1" >/dev/null || skip "no $1: install $2"
}

# How many seconds a test waits for what happens by itself: enough for a machine
# that is busy with other work. A test that must tell soon from late looks at
# something other than the clock.
PATIENCE=${PATIENCE:-60}

# wait_until SECONDS COMMAND...: poll a condition until its deadline. SECONDS is
# what an idle machine needs at most; the deadline is never before PATIENCE.
wait_until() {
	local deadline=$((SECONDS + ($1 > PATIENCE ? $1 : PATIENCE))) what="${*:2}"
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || fail "waited in vain for: $what"
		sleep 0.03
	done
}

# expect STATUS COMMAND...: run it, keep its output in $OUT and $ERR. A command
# that waits for connections waits PATIENCE seconds, not 10.
expect() {
	local wanted=$1 status=0
	shift
	case "$* " in
	*--wait* | *--no-wait* | *--dry-run*) ;;
	'bridge up '* | 'bridge restart '* | 'bridge apply '*)
		set -- "$1" "$2" --wait "$PATIENCE" "${@:3}"
		;;
	esac
	OUT=$T/out ERR=$T/err
	"$@" >"$OUT" 2>"$ERR" </dev/null || status=$?
	[ $status = "$wanted" ] || fail "exit $status, not $wanted: $*"
}

out_has() {
	grep -qE -- "$1" "$OUT" || fail "no '$1' on standard output"
}

err_has() {
	grep -qE -- "$1" "$ERR" || fail "no '$1' on standard error"
}

out_lacks() {
	! grep -qE -- "$1" "$OUT" || fail "'$1' on standard output"
}

err_lacks() {
	! grep -qE -- "$1" "$ERR" || fail "'$1' on standard error"
}

same() {
	[ "$1" = "$2" ] || fail "'$1' is not '$2'"
}

# json FILE EXPRESSION [ARGUMENT]: evaluate Python with the document as d.
json() {
	python3 -c 'import json,sys
d = json.load(open(sys.argv[1]))
v = eval(sys.argv[2])
print(json.dumps(v) if isinstance(v, (dict, list, bool, type(None))) else v)' \
		"$@"
}

# A port nobody listens on and this test has not been given yet. Not one of
# the kernel's ephemeral ports: any connection may be using such a one; not one
# of another script's that run.sh runs at the same time; and none of seed.sh's.
free_port() {
	local port range=$((20000 / ${SLOTS:-1}))
	while port=$((10000 + range * ${SLOT:-0} + SRANDOM % range)); do
		if [[ $port != 1800[01] ]] && ! grep -qx "$port" "$T/ports" &&
			! listens "$port"; then
			echo "$port" | tee -a "$T/ports"
			return
		fi
	done
}

listens() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Processes to end, by id.
started() {
	echo "$1" >>"$T/pids"
}

# One read of one file: a process can end between two.
is_running() {
	local stat
	[ -n "$1" ] || fail "no process id to look for"
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null &&
		[[ ${stat##*) } != [ZX]* ]]
}

is_gone() {
	! is_running "$1"
}

# sshd refuses users whose account is locked, for example `nobody`.
_can_log_in() {
	[ -n "$SSHD" ] || skip "no sshd: install openssh-server"
	[[ $(getent shadow "$(id -un)") != *:!* ]] ||
		skip "sshd refuses $(id -un), whose account is locked: run as another user"
}

# A throwaway sshd on 127.0.0.1; start_sshd [LINE-OF-CONFIG...]
start_sshd() {
	_can_log_in
	mkdir -p "$T/sshd"
	SSH_PORT=${SSH_PORT:-$(free_port)}
	if [ ! -f "$T/sshd/host" ]; then
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/sshd/host"
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
		cp "$T/key.pub" "$T/sshd/authorized_keys"
	fi
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	cat >"$T/sshd/config" <<-CONFIG
		ListenAddress 127.0.0.1:$SSH_PORT
		HostKey $T/sshd/host
		AuthorizedKeysFile $T/sshd/authorized_keys
		PidFile $T/sshd/pid
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin yes
		MaxStartups ${MAX_STARTUPS:-200}
		$(printf '%s\n' "$@")
	CONFIG
	"$SSHD" -f "$T/sshd/config" -E "$T/sshd/log" -D &
	SSHD_PID=$!
	started $SSHD_PID
	wait_until 10 listens "$SSH_PORT"
}

# A local service: start_service PORT TEXT; it answers every path with TEXT.
start_service() {
	python3 "$ROOT/tests/cli/service.py" "$1" "$2" &
	SERVICE_PID=$!
	started $SERVICE_PID
	wait_until 10 listens "$1"
}

# The same at a Unix socket: start_socket_service PATH TEXT
start_socket_service() {
	python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1] + ".new"); s.listen()
os.rename(sys.argv[1] + ".new", sys.argv[1])
while True:
    c, _ = s.accept(); c.recv(4096)
    c.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + sys.argv[2].encode()); c.close()' "$1" "$2" &
	started $!
	wait_until 10 test -S "$1"
}

fetch() {
	python3 -c 'import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=60).read().decode(), end="")' "$1"
}

git_here() {
	git -C "$1" -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false "${@:2}"
}

# A repository with a catalog of one domain, one target, one actor; the target
# is the throwaway sshd. make_catalog [FOLDER]
make_catalog() {
	local at=${1:-$T/ops}
	mkdir -p "$at/domains/edge/targets" "$at/domains/edge/bridges" "$at/actors"
	git init -q -b main "$at"
	printf 'name: Edge\n' >"$at/domains/edge/domain.yaml"
	cat >"$at/domains/edge/targets/gateway.yaml" <<-YAML
		host: 127.0.0.1
		ssh_port: ${SSH_PORT:-22}
		ssh_user: $(id -un)
		ssh_key: $T/key
	YAML
	printf 'class: automation\n' >"$at/actors/agent.test.yaml"
	write_config "$at"
}

# add_bridge FOLDER ID REMOTE_PORT LOCAL_PORT [LINE...]
add_bridge() {
	local file=$1/domains/edge/bridges/$2.yaml
	printf 'target: gateway\nremote_port: %s\nlocal_port: %s\nactor: agent.test\n' \
		"$3" "$4" >"$file"
	shift 4
	[ $# = 0 ] || printf '%s\n' "$@" >>"$file"
}

# A throwaway sshd and a catalog with these bridges, each with a remote port of
# its own: ready_bridges NAME...
ready_bridges() {
	local name
	start_sshd
	make_catalog
	for name in "$@"; do
		add_bridge "$T/ops" "$name" "$(free_port)" 9
	done
	commit "$T/ops"
}

# A target `mute`, whose sshd takes connections and never says a word.
mute_target() {
	local port
	port=$(free_port)
	python3 -c 'import socket, sys, time
s = socket.socket()
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(64)
time.sleep(600)' "$port" &
	started $!
	wait_until 10 listens "$port"
	printf 'host: 127.0.0.1\nssh_port: %s\nssh_user: x\nssh_key: %s\n' "$port" "$T/key" \
		>"$T/ops/domains/edge/targets/mute.yaml"
}

commit() {
	git_here "$1" add -A
	git_here "$1" commit -q -m "${2:-change}"
}

# write_config CATALOG [LINE...]
write_config() {
	mkdir -p "$HOME/.config/bridge"
	{
		echo "catalog_path: $1"
		shift
		[ $# = 0 ] || printf '%s\n' "$@"
	} >"$HOME/.config/bridge/tunnels.yaml"
}

# inline NAME REMOTE LOCAL [LINE...]: the lines of an inline tunnel
inline() {
	printf '  %s:\n    host: 127.0.0.1\n    ssh_port: %s\n    ssh_user: %s\n    ssh_key: %s\n' \
		"$1" "$SSH_PORT" "$(id -un)" "$T/key"
	printf '    remote_port: %s\n    local_port: %s\n    actor: agent.test\n' "$2" "$3"
	shift 3
	[ $# = 0 ] || printf '    %s\n' "$@"
}

state_is() {
	[ "$(cat "$BRIDGE_STATE_DIR/$1.state" 2>/dev/null)" = "$2" ]
}

log_has() {
	grep -q "\"event\":\"$2\"" "$BRIDGE_STATE_DIR/$1.log"
}

supervisor_pid() {
	bridge status --json 2>/dev/null >"$T/status" &&
		json "$T/status" 'd["supervisor_pid"]'
}

ssh_pid() {
	bridge status "$1" --json 2>/dev/null >"$T/status" &&
		json "$T/status" 'd["bridges"][0]["pid"]'
}

# has_another_ssh NAME PID: it is connected, by another process than that one.
has_another_ssh() {
	bridge status "$1" --json 2>/dev/null >"$T/status" &&
		[ "$(json "$T/status" '[(b["state"], b["pid"] != int(sys.argv[3])) for b in d["bridges"]]' "$2")" = \
			'[["connected", true]]' ]
}

# libgit2 1.5 leaks a match of its own when it reads extensions.*, and a
# reference whose commit is not there.
forgive_libgit2() {
	printf 'leak:%s\n' git_config_foreach_match git_revparse_ext >"$T/suppressions"
	export ASAN_OPTIONS=fast_unwind_on_malloc=0
	export LSAN_OPTIONS=suppressions=$T/suppressions:print_suppressions=0
}

begin_test() {
	T=$(mktemp -d "${TMPDIR:-/tmp}/bridge-test.XXXXXX")
	mkdir -p "$T/home" "$T/bin"
	: >"$T/pids"
	: >"$T/ports"
	# The real ssh, without the configuration of whoever runs the tests.
	printf '#!/bin/sh\nexec %s -F /dev/null "$@"\n' "$REAL_SSH" >"$T/bin/ssh"
	chmod 755 "$T/bin/ssh"
	export HOME=$T/home BRIDGE_STATE_DIR=$T/state PATH=$T/bin:$BUILD:$PATH
	ln -s "$PYTHON" "$T/bin/python3"
	export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$T/home/.gitconfig LC_ALL=C.UTF-8
	: >"$GIT_CONFIG_GLOBAL"
	unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME BRIDGE_CONFIG \
		BRIDGE_CATALOG_REV GIT_DIR GIT_WORK_TREE SSH_AUTH_SOCK NO_COLOR
	unset OUT ERR SSH_PORT
	cd "$T"
}

# For tests that set up more than processes.
remove_what_was_set_up() {
	:
}

# Ours only: the supervisor of this state directory, and what we started.
end_test() {
	local pid file
	for file in "$BRIDGE_STATE_DIR"/*.pid; do
		[ -f "$file" ] && started "$(cat "$file")"
	done
	while read -r pid; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
	done < <(grep . "$T/pids")
	while read -r pid; do
		for _ in $(seq 200); do
			is_running "$pid" || break
			sleep 0.03
		done
		is_running "$pid" && kill -9 "$pid" 2>/dev/null
	done < <(grep . "$T/pids")
	if grep -qE 'Sanitizer|runtime error' "$BRIDGE_STATE_DIR/.supervisor.err" 2>/dev/null; then
		cat "$BRIDGE_STATE_DIR/.supervisor.err"
		status=1
	fi
	remove_what_was_set_up
	chmod -R u+rwx "$T" 2>/dev/null
	rm -rf "$T"
}

run_tests() {
	local name status passed=0 failed=0 skipped=0 log
	log=$(mktemp)
	for name in $(grep -oE '^[a-z][a-z0-9_]+\(\)' "$0" | tr -d '()'); do
		case $name in *"${ONLY:-}"*) ;; *) continue ;; esac
		(
			begin_test
			(set -eu; "$name")
			status=$?
			end_test
			exit $status
		) >"$log" 2>&1
		status=$?
		case $status in
		0) passed=$((passed + 1)) && echo "ok      ${name//_/ }" ;;
		77)
			skipped=$((skipped + 1))
			echo "skipped ${name//_/ } ($(sed -n 's/^SKIPPED: //p' "$log"))"
			;;
		*)
			failed=$((failed + 1))
			echo "FAILED  ${name//_/ }"
			sed 's/^/        /' "$log"
			;;
		esac
	done
	rm -f "$log"
	echo "$(basename "$0" .sh): $passed passed, $failed failed, $skipped skipped, $SECONDS s"
	[ $failed = 0 ]
}
