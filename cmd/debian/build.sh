#!/bin/sh
# build.sh ROOT VERSION OUTPUT: a Debian package of what `make install` has put
# below ROOT. The same files give the same bytes: times are SOURCE_DATE_EPOCH's
# at most, the owner is root, and lists are sorted.
set -eu
root=$1 version=$2 output=$3
here=$(dirname "$0")
: "${SOURCE_DATE_EPOCH:?}"
export LC_ALL=C

doc=$root/usr/share/doc/bridge
install -d "$doc" "$root/DEBIAN"
install -m 644 README.md "$doc/README.md"
install -m 644 tunnel/PROTOCOL.md "$doc/PROTOCOL.md"
cp -R opscatalog.example "$doc/opscatalog.example"
{
	echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
	echo
	echo 'Files: *'
	sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
	echo 'License: Expat'
	sed -n '/^Permission/,$s/^/ /p' LICENSE | sed 's/^ $/ ./'
} >"$doc/copyright"
{
	echo "bridge ($version) unstable; urgency=medium"
	echo
	echo '  * See README.md, and the history in Git.'
	echo
	echo " -- ${DEBFULLNAME:-bridge maintainers} <${DEBEMAIL:-root@localhost}>  $(date -uR -d "@$SOURCE_DATE_EPOCH")"
} >"$doc/changelog"
gzip -9n "$doc/changelog"
find "$root/usr/share/man" -type f -exec gzip -9n {} +
strip --strip-unneeded --remove-section=.comment --remove-section=.note \
	"$root/usr/bin/bridge" "$root/usr/libexec/bridge/bridge-supervisor"

# dpkg-shlibdeps reads a source package's control file; there is none.
scratch=$root.shlibdeps
mkdir -p "$scratch/debian"
printf 'Source: bridge\n\nPackage: bridge\nArchitecture: any\n' >"$scratch/debian/control"
libraries=$(cd "$scratch" && dpkg-shlibdeps -O \
	-e "../${root##*/}/usr/bin/bridge" \
	-e "../${root##*/}/usr/libexec/bridge/bridge-supervisor" 2>log |
	sed -n 's/^shlibs:Depends=//p')
if [ -z "$libraries" ]; then
	cat "$scratch/log" >&2
	exit 1
fi
rm -rf "$scratch"

find "$root" -type d -exec chmod 755 {} +
find "$root/usr/share" -type f -exec chmod 644 {} +
(cd "$root" && find usr -type f | sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
sed -e "s|@VERSION@|$version|" \
	-e "s|@ARCHITECTURE@|$(dpkg --print-architecture)|" \
	-e "s|@MAINTAINER@|${DEBFULLNAME:-bridge maintainers} <${DEBEMAIL:-root@localhost}>|" \
	-e "s|@SIZE@|$(find "$root/usr" -type f -printf '%s\n' | awk '{ n += int(($1 + 1023) / 1024) } END { print n }')|" \
	-e "s|@LIBRARIES@|$libraries|" "$here/control.in" >"$root/DEBIAN/control"
dpkg-deb --root-owner-group --uniform-compression -Zxz --build "$root" "$output" >/dev/null
