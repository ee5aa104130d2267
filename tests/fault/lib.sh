# Faults on real parts. Each test makes one, says what was seen and how long it
# took until all was well again: `report` adds a line to the table that
# `make fault` prints. Tests that take a minute run only there (SLOW=1).
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

HERE_IP=10.231.77.1 THERE_IP=10.231.77.2

# report FAULT | SEEN | RECOVERED | LOST
report() {
	printf '%s|%s|%s|%s\n' "$1" "$2" "$3" "$4" >>"${FAULT_TABLE:-/dev/null}"
}

slow() {
	[ -n "${SLOW:-}" ] || skip "takes a minute: make fault"
}

# Two machines on one wire: `here` has bridge, `there` sshd.
two_machines() {
	[ "$(id -u)" = 0 ] || skip "network namespaces need root: run as root"
	need ip iproute2
	need nft nftables
	HERE=bh$BASHPID THERE=bt$BASHPID
	ip netns add "$HERE" 2>/dev/null || skip "no network namespaces here: run on a machine that has them"
	echo "$HERE" >>"$T/namespaces"
	ip netns add "$THERE"
	echo "$THERE" >>"$T/namespaces"
	ip -n "$HERE" link set lo up
	ip -n "$THERE" link set lo up
	ip -n "$HERE" link add wire type veth peer name wire netns "$THERE"
	ip -n "$HERE" addr add $HERE_IP/24 dev wire
	ip -n "$THERE" addr add $THERE_IP/24 dev wire
	ip -n "$HERE" link set wire up
	ip -n "$THERE" link set wire up
	here nft 'add table inet cut; add chain inet cut in { type filter hook input priority 0; }; add chain inet cut out { type filter hook output priority 0; }'
}

here() {
	ip netns exec "$HERE" "$@"
}

there() {
	ip netns exec "$THERE" "$@"
}

# Nothing comes through any more, and nobody is told.
cut_wire() {
	here nft 'add rule inet cut in iifname wire drop; add rule inet cut out oifname wire drop'
}

mend_wire() {
	here nft 'flush chain inet cut in; flush chain inet cut out'
}

listens_there() {
	there ss -Hltn "sport = :$1" | grep -q .
}

# The throwaway sshd of lib.sh, on the other machine.
start_sshd_there() {
	SSH_PORT=${SSH_PORT:-$(free_port)}
	mkdir -p "$T/sshd"
	if [ ! -f "$T/sshd/host" ]; then
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/sshd/host"
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
		cp "$T/key.pub" "$T/sshd/authorized_keys"
	fi
	mkdir -p /run/sshd
	cat >"$T/sshd/config" <<-CONFIG
		ListenAddress $THERE_IP:$SSH_PORT
		HostKey $T/sshd/host
		AuthorizedKeysFile $T/sshd/authorized_keys
		PidFile $T/sshd/pid
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin yes
		$(printf '%s\n' "$@")
	CONFIG
	there "$SSHD" -f "$T/sshd/config" -E "$T/sshd/log" -D &
	started $!
	wait_until 10 listens_there "$SSH_PORT"
	SSHD_PID=$(there ss -Hltnp "sport = :$SSH_PORT" | grep -oE 'pid=[0-9]+' | head -n 1 | cut -d= -f2)
	started "$SSHD_PID"
}

# What sshd has forked for those who are logged in.
sessions() {
	pgrep -P "$SSHD_PID"
}

# ready_there NAME...: bridges to the other machine, in the catalog.
ready_there() {
	local usual='reconnect: {backoff_initial: 1, backoff_max: 5}'
	make_catalog
	sed -i "s/^host:.*/host: $THERE_IP/" "$T/ops/domains/edge/targets/gateway.yaml"
	for name in "$@"; do
		add_bridge "$T/ops" "$name" "$(free_port)" 9 \
			"${RECONNECT:-$usual}"
	done
	commit "$T/ops"
	bridge() { here "$BUILD/bridge" "$@"; }
}

# Seconds with one decimal since `clock`.
clock() {
	CLOCK=$(date +%s%N)
}

elapsed() {
	local ms=$((($(date +%s%N) - CLOCK) / 1000000))
	printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

reason_of() {
	grep -o '"reason":"[a-z-]*"' "$BRIDGE_STATE_DIR/$1.log" | tail -n 1 | cut -d'"' -f4
}

events_of() {
	sed -E 's/.*"event":"([a-z_]*)".*/\1/' "$BRIDGE_STATE_DIR/$1.log" | tr '\n' ' '
}

# The supervisor and every ssh of this test's state directory have gone.
nothing_is_left() {
	local pid=$1
	shift
	wait_until 15 is_gone "$pid"
	for pid in "$@"; do
		wait_until 10 is_gone "$pid"
	done
}

# Take all down: then nothing of it runs any more.
all_down() {
	local pid children
	pid=$(supervisor_pid)
	children=$(pgrep -P "$pid")
	expect 0 bridge down
	# shellcheck disable=SC2086
	nothing_is_left "$pid" $children
}

# Namespaces and mounts go when what lives in them has ended.
remove_what_was_set_up() {
	local name
	for name in $(cat "$T/namespaces" 2>/dev/null); do
		ip netns del "$name" 2>/dev/null
		rm -rf "/etc/netns/$name"
	done
	for name in $(cat "$T/mounts" 2>/dev/null); do
		umount -l "$name" 2>/dev/null
	done
}
