#!/bin/bash
# Run the fuzzers that `make fuzz` has built, one after the other: FUZZ picks
# one by its name, FUZZ_SECONDS is the time for each. Corpora grow below
# $BUILD/fuzz/corpus, findings are left in $BUILD/fuzz/found.
set -u
: "${BUILD:?the build folder, set by make}"
BUILD=$(cd "$BUILD" && pwd)
[ -z "${SUITES:-}" ] || SUITES=$(cd "$SUITES" && pwd) || exit 1
here=$(cd "$(dirname "$0")" && pwd)
found=$BUILD/fuzz/found
mkdir -p "$found"

# In memory where the system has that; removed also after a crash.
parent=/dev/shm
[ -w $parent ] || parent=${TMPDIR:-/tmp}
FUZZ_FOLDER=$(mktemp -d "$parent/fuzz.XXXX")
export FUZZ_FOLDER
trap 'rm -rf "$FUZZ_FOLDER"' EXIT

failed=0 ran=0
for program in "$BUILD"/fuzz/tests/fuzz/fuzz_*; do
	name=$(basename "$program")
	[ -x "$program" ] || continue
	case $name in *.*) continue ;; esac
	[ -z "${FUZZ:-}" ] || [ "$name" = "fuzz_$FUZZ" ] || continue
	ran=1
	corpus=$BUILD/fuzz/corpus/$name
	python3 "$here/seeds.py" "$name" "$corpus.seeds" || exit 1
	mkdir -p "$corpus"
	options=(-timeout=5 -rss_limit_mb=1024 -max_len=20000 -print_final_stats=1
		-max_total_time="${FUZZ_SECONDS:-60}" -artifact_prefix="$found/$name-")
	[ ! -f "$here/${name#fuzz_}.dict" ] || options+=(-dict="$here/${name#fuzz_}.dict")
	echo "== $name"
	nice -n 19 "$program" "${options[@]}" "$corpus" "$corpus.seeds" >"$found/$name.log" 2>&1
	status=$?
	grep -E 'DONE|stat::|SUMMARY|Test unit written' "$found/$name.log"
	[ $status = 0 ] || {
		echo "$name has found something, see $found/$name.log"
		failed=1
	}
done
[ $ran = 1 ] || {
	echo "there is no fuzzer called '${FUZZ:-}'; see tests/fuzz/fuzz_*.c" >&2
	failed=2
}
exit $failed
