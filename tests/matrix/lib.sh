# What the scripts of this folder stand on. Each builds a clean checkout on
# another distribution and runs tests there: `make matrix`. It sets RELEASE,
# sources this and calls prepare, then inside.
#
# The distribution is kept in build/matrix/RELEASE: remove that folder to make
# it anew. Commands run there in namespaces of their own (mounts, processes,
# network): the kernel removes all that they mount or start when they end, and
# they end with the script, however it ends.
#
# Called as root where debootstrap is installed; elsewhere it prints why it
# skips and which package would change that.

: "${BUILD:?the build folder, set by make matrix}"
: "${PACKAGES:?what is to be installed, set by make matrix}"
: "${RELEASE:?Debian name of the release}"
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=$BUILD/matrix
TREE=$CACHE/$RELEASE
CHILD=

skip() {
	echo "skipped: $RELEASE: $*"
	exit 0
}

fail() {
	echo "FAILED: $RELEASE: $*" >&2
	exit 1
}

# The children of a killed unshare are killed by the kernel.
end_child() {
	[ -z "$CHILD" ] || kill -KILL "$CHILD" 2>/dev/null || true
	CHILD=
}
trap end_child EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# isolated [OPTION-OF-UNSHARE...] -- COMMAND...
isolated() {
	local status=0
	setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child "$@" </dev/null &
	CHILD=$!
	wait $CHILD || status=$?
	CHILD=
	return $status
}

# Where apt has Debian from here; updates of security have another label.
mirror() {
	apt-get indextargets --format '$(LABEL) $(REPO_URI)' 2>/dev/null |
		awk '$1 == "Debian" && $2 ~ /^https?:/ { print $2; exit }'
}

# How apt reaches the network here, for another apt and for debootstrap's wget.
network_options() {
	apt-config dump | grep -E '^Acquire::(http|https|ForceIPv4|ForceIPv6|Retries|Check-Valid-Until)\b' || true
}

export_proxies() {
	local http='' https=''
	eval "$(apt-config shell http Acquire::http::Proxy https Acquire::https::Proxy)"
	[ "$http" = DIRECT ] || [ -z "$http" ] || export http_proxy=$http
	[ "$https" = DIRECT ] || [ -z "$https" ] || export https_proxy=$https
}

check_machine() {
	[ "$(id -u)" = 0 ] || skip "not root: run it with sudo"
	command -v debootstrap >/dev/null || skip "no debootstrap: install the package debootstrap"
	command -v apt-config >/dev/null || skip "no apt: install the package apt"
	command -v unshare >/dev/null && command -v setpriv >/dev/null ||
		skip "no unshare and setpriv: install the package util-linux"
	unshare --mount --pid --net --fork true 2>/dev/null ||
		skip "namespaces are not permitted here, as in an unprivileged container"
	[ -e "/usr/share/debootstrap/scripts/$RELEASE" ] ||
		skip "debootstrap does not know $RELEASE: install a newer package debootstrap"
	MIRROR=$(mirror)
	[ -n "$MIRROR" ] || skip "apt has no mirror of Debian, or needs 'apt-get update'"
}

# Made beside its place, so that one half made is never used.
bootstrap() {
	echo "$RELEASE: debootstrap into $TREE"
	rm -rf "$TREE.part"
	isolated -- debootstrap --variant=minbase --include=ca-certificates \
		"$RELEASE" "$TREE.part" "$MIRROR" >"$CACHE/$RELEASE.log" 2>&1 ||
		fail "debootstrap: $(tail -n 5 "$CACHE/$RELEASE.log")"
	# Packages that start a server would start it.
	printf '#!/bin/sh\nexit 101\n' >"$TREE.part/usr/sbin/policy-rc.d"
	chmod 755 "$TREE.part/usr/sbin/policy-rc.d"
	mv "$TREE.part" "$TREE"
}

# Again when the list of packages has changed.
install_packages() {
	[ "$(cat "$TREE/packages" 2>/dev/null)" != "$PACKAGES" ] || return 0
	echo "$RELEASE: install packages"
	echo "deb $MIRROR $RELEASE main" >"$TREE/etc/apt/sources.list"
	network_options >"$TREE/etc/apt/apt.conf.d/00network"
	cp /etc/resolv.conf /etc/hosts "$TREE/etc/"
	[ ! -s /etc/ssl/certs/ca-certificates.crt ] ||
		cp /etc/ssl/certs/ca-certificates.crt "$TREE/etc/ssl/certs/"
	# shellcheck disable=SC2086
	{ in_chroot apt-get update &&
		in_chroot apt-get install -y --no-install-recommends $PACKAGES &&
		in_chroot apt-get clean; } >"$CACHE/$RELEASE.log" 2>&1 ||
		fail "apt-get: $(tail -n 5 "$CACHE/$RELEASE.log")"
	echo "$PACKAGES" >"$TREE/packages"
}

# As Git has it: a file that was not added is not there.
copy_tree() {
	rm -rf "$TREE/src"
	mkdir "$TREE/src"
	git -C "$SOURCE" -c safe.directory='*' ls-files -z |
		tar -C "$SOURCE" --null -T - --ignore-failed-read -c |
		tar -C "$TREE/src" --no-same-owner -x
}

# in_chroot [--net] COMMAND...: --net has a network of its own, 127.0.0.1 alone.
in_chroot() {
	local options=()
	[ "$1" != --net ] || { options=(--net); shift; }
	# shellcheck disable=SC2016
	isolated "${options[@]}" -- sh -c '
		root=$1
		shift
		set -e
		mount -t proc proc "$root/proc"
		mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
		mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
		mount -t tmpfs -o mode=755 tmpfs "$root/run"
		exec chroot "$root" "$@"' sh "$TREE" \
		env -i PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

prepare() {
	check_machine
	mkdir -p "$CACHE"
	exec 9>"$CACHE/$RELEASE.lock"
	flock -n 9 || fail "another run uses $TREE"
	export_proxies
	[ -d "$TREE" ] || bootstrap
	install_packages
	copy_tree
}

# inside SCRIPT: in the copy of the tree, without a network.
inside() {
	# shellcheck disable=SC2016
	in_chroot --net sh -c 'cd /src && ip link set lo up && exec bash -c "$1"' sh "set -e; $1"
}
