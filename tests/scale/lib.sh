# A thousand bridges on a fake ssh (tests/bench/fake-ssh.c): the supervisor, its
# files and its clients are real.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# many COUNT: that many inline bridges, one host each, as handshakes with one
# host wait for each other.
many() {
	mkdir -p "$T/fake" "$HOME/.config/bridge"
	"${CC:-cc}" -O2 -o "$T/fake/ssh" "$ROOT/tests/bench/fake-ssh.c"
	PATH=$T/fake:$PATH
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/key"
	{
		printf 'defaults: {ssh_user: ops, ssh_key: %s, reconnect: {backoff_initial: 0.5, backoff_max: 1}}\n' "$T/key"
		echo 'actors: {agent.test: {class: automation}}'
		echo 'tunnels:'
		for i in $(seq "$1"); do
			echo "  bridge-$i: {host: host-$i.example, remote_port: $((i + 10000)), local_port: 9, actor: agent.test}"
		done
	} >"$HOME/.config/bridge/tunnels.yaml"
}

# Memory that is the supervisor's own, in KiB: what it has written to, also where
# the kernel has taken that out of memory for a while.
own_memory() {
	awk '/^(Private_Dirty|Swap):/ { sum += $2 } END { print sum }' "/proc/$1/smaps_rollup"
}

descriptors() {
	ls "/proc/$1/fd" | wc -l
}

# A number for `make scale` to print.
note() {
	echo "$*" >>"${SCALE_NOTES:-/dev/null}"
}
