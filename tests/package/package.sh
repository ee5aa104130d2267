# What is handed to others: a tarball, a Debian package, an installation.
. "$(dirname "$0")/../cli/lib.sh"

# Debian as debootstrap makes it, from where this machine has its packages.
_debian() {
	local mirror
	[ "$(id -u)" = 0 ] || skip "chroot needs root: run as root"
	need debootstrap debootstrap
	mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' |
		sort -u | awk '$1 !~ /-/ && $2 ~ /^http/ { print; exit }')
	[ -n "$mirror" ] || skip "apt has no mirror: give it one"
	# shellcheck disable=SC2086
	debootstrap --variant=minbase ${mirror% *} "$DEBIAN" "${mirror#* }" >"$T/debootstrap" 2>&1 ||
		fail "debootstrap: $(tail -n 5 "$T/debootstrap")"
	rm -rf "$DEBIAN/etc/apt"/{sources.list*,apt.conf.d}
	cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d "$DEBIAN/etc/apt/"
	cp /etc/resolv.conf "$DEBIAN/etc/resolv.conf"
	printf '#!/bin/sh\nexit 101\n' >"$DEBIAN/usr/sbin/policy-rc.d"
	chmod 755 "$DEBIAN/usr/sbin/policy-rc.d"
	_inside apt-get update >"$T/update" 2>&1 || fail "$(tail -n 5 "$T/update")"
}

# In there, with a /proc that goes with the command.
_inside() {
	# shellcheck disable=SC2016
	unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh \
		"$DEBIAN" env -i PATH=/usr/bin:/usr/sbin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# Every file, but what apt and dpkg keep about their work.
_files() {
	(cd "$DEBIAN" && find . \( -path ./proc -o -path ./var/lib/apt -o -path ./var/lib/dpkg \
		-o -path ./var/cache -o -path ./var/log -o -name 'ld.so.cache*' \
		-o -path ./tmp -o -path ./root -o -path ./run -o -name '*-' \) -prune -o -printf '%y %m %p\n') | sort
}

# _unpack FOLDER: the tarball, as someone else has it.
_unpack() {
	mkdir -p "$1"
	tar -xzf "$TARBALL" -C "$1" --strip-components=1
}

# make, without what the make that runs this says of itself.
_make() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u SANITIZE -u CI "$@"
}

_tarball() {
	git -C "$ROOT" rev-parse -q --verify HEAD >/dev/null 2>&1 || skip "not in Git: run in a clone"
	forgive_libgit2
	git config --global --add safe.directory '*'
	mkdir -p "$T/source"
	git -C "$ROOT" ls-files -z --cached --others --exclude-standard |
		tar -C "$ROOT" --null -T - --ignore-failed-read -c | tar -x -C "$T/source"
	git_here "$T/source" init -q -b main
	commit "$T/source"
	_make make -s -C "$T/source" dist
	TARBALL=$(echo "$T/source/build"/bridge-*.tar.gz)
}

dist_outside_git_fails_and_leaves_nothing() {
	_tarball
	_unpack "$T/a"
	expect 2 _make make -s -C "$T/a" dist
	same "$(find "$T/a" -name '*.tar*')" ''
}

# Without optimization: it takes a third of the time, and the same ways.
two_builds_have_the_same_bytes() {
	need dpkg-buildflags dpkg-dev
	need faketime faketime
	export DEB_BUILD_OPTIONS=noopt
	_tarball
	_unpack "$T/a"
	_unpack "$T/another/folder/with a space"
	(cd "$T/a" && umask 022 && _make env TZ=UTC LC_ALL=C make -s -j2 deb) >"$T/log.a" 2>&1 ||
		fail "$(cat "$T/log.a")"
	(cd "$T/another/folder/with a space" && umask 077 &&
		_make env TZ=Asia/Tokyo LC_ALL=C.UTF-8 USER=other faketime -f +400d make -s deb) \
		>"$T/log.b" 2>&1 || fail "$(cat "$T/log.b")"
	cmp "$T/a/build/deb/bridge" "$T/another/folder/with a space/build/deb/bridge"
	cmp "$T/a"/build/*.deb "$T/another/folder/with a space"/build/*.deb
}

the_package_comes_and_goes_cleanly() {
	need dpkg-buildflags dpkg-dev
	DEBIAN=$T/debian
	_debian
	_make make -s -C "$ROOT" -j2 deb >"$T/log" || fail "$(cat "$T/log")"
	cp "$ROOT/$(tail -n 1 "$T/log")" "$DEBIAN/tmp/bridge.deb"
	_files >"$T/before"

	_inside apt-get install -y --no-install-recommends /tmp/bridge.deb >"$T/log" 2>&1 ||
		fail "$(cat "$T/log")"
	expect 0 _inside bridge --version
	out_has '^bridge [0-9.]+$'
	expect 0 _inside bridge catalog validate /usr/share/doc/bridge/opscatalog.example --rev WORKTREE
	expect 0 _inside dpkg --verify bridge
	same "$(wc -l <"$OUT")" 0

	# The main job, as it is installed, against an sshd outside.
	start_sshd
	make_catalog "$DEBIAN/root/ops"
	add_bridge "$DEBIAN/root/ops" hub "$(free_port)" 9
	sed -i "s|$T/key|/root/key|" "$DEBIAN/root/ops/domains/edge/targets/gateway.yaml"
	commit "$DEBIAN/root/ops"
	install -m 600 "$T/key" "$DEBIAN/root/key"
	expect 0 _inside bridge --catalog /root/ops up hub
	out_has '^hub +connected'
	expect 0 _inside bridge --catalog /root/ops down hub

	_inside apt-get purge -y --autoremove bridge >"$T/log" 2>&1 || fail "$(cat "$T/log")"
	_files >"$T/after"
	diff "$T/before" "$T/after" || fail "something is left"
}

uninstall_removes_what_install_has_put_there() {
	local make
	make=(_make make -s -C "$ROOT" "B=${BUILD#"$ROOT"/}" DESTDIR="$T/the root" PREFIX=/opt/b)
	"${make[@]}" install >"$T/log" 2>&1 || fail "$(cat "$T/log")"
	for file in bin/bridge libexec/bridge/bridge-supervisor lib/systemd/user/bridge.service \
		share/man/man1/bridge.1 share/man/man5/bridge-catalog.5 share/bridge/schema/bridge.schema.json \
		share/bridge/skills/bridge-status/SKILL.md share/bash-completion/completions/bridge \
		share/zsh/site-functions/_bridge share/fish/vendor_completions.d/bridge.fish; do
		[ -s "$T/the root/opt/b/$file" ] || fail "$file is not installed"
	done
	grep -q '^ExecStart=/opt/b/bin/bridge supervise' "$T/the root/opt/b/lib/systemd/user/bridge.service"
	"${make[@]}" uninstall >"$T/log" 2>&1 || fail "$(cat "$T/log")"
	same "$(find "$T/the root" -type f)" ''
}

run_tests
