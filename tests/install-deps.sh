#!/bin/sh
# Install the Debian packages given as arguments as far as they are missing,
# and say so. Where there is no apt, name what is needed instead.
set -eu

missing=
for package in "$@"; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done

if ! command -v apt-get >/dev/null 2>&1; then
	cat <<-'TEXT'
	This system has no apt. bridge needs, by the names of
	  Fedora:   gcc make pkgconf libgit2-devel libyaml-devel libcurl-devel
	            jansson-devel libuv-devel pcre2-devel libidn2-devel
	            libcmocka-devel openssh-clients openssh-server git python3
	            procps-ng iproute graphviz
	  Arch:     base-devel libgit2 libyaml curl jansson libuv pcre2 libidn2
	            cmocka openssh git python procps-ng iproute2 graphviz
	  Alpine:   build-base pkgconf libgit2-dev yaml-dev curl-dev jansson-dev
	            libuv-dev pcre2-dev libidn2-dev cmocka-dev openssh git
	            python3 bash graphviz
	TEXT
	exit 0
fi

[ -n "$missing" ] || exit 0
echo "installing what is missing:$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "not root, and there is no sudo: install these yourself:$missing" >&2
		exit 1
	}
	as_root=sudo
fi

# A package that starts a server would start it; we only want the program.
policy=/usr/sbin/policy-rc.d
made_policy=
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
	made_policy=1
fi
trap '[ -z "$made_policy" ] || $as_root rm -f $policy' EXIT

log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! { $as_root apt-get update && $as_root apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "apt-get could not install:$missing" >&2
	exit 1
fi
rm -f "$log"
