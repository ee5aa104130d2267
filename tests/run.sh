#!/bin/bash
# Run test programs (cmocka) and test scripts, JOBS of them at a time (2). A name
# per test, its output only when it fails. At the end: what was skipped, and what
# would change that; the last line counts all tests.
passed=0 failed=0 skipped=0
JOBS=${JOBS:-2}
[ -z "${SUITES:-}" ] || SUITES=$(cd "$SUITES" && pwd) || exit 1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# A program's output, as the scripts write theirs. cmocka lists what failed and
# what was skipped a second time.
run_program() {
	local output status good bad none
	output=$(CMOCKA_MESSAGE_OUTPUT=STDOUT "$1" 2>&1)
	status=$?
	good=$(grep -cE '^\[ +OK \]' <<<"$output")
	bad=$(grep -E '^\[  FAILED  \] [a-z0-9_]+$' <<<"$output" | sort -u | wc -l)
	none=$(grep -E '^\[  SKIPPED \] [a-z0-9_]+$' <<<"$output" | sort -u | wc -l)
	[ $status = 0 ] || [ "$bad" != 0 ] || bad=1
	[ "$bad" = 0 ] || echo "$output${output:+$'\n'}${1##*/} ended with status $status"
	awk '/^SKIPPED: / { reason = substr($0, 10) }
		/^\[ +OK \]/ { gsub("_", " ", $4); print "ok      " $4 }
		/^\[  SKIPPED \] [a-z0-9_]+$/ && !seen[$4]++ {
			gsub("_", " ", $4); print "skipped " $4 " (" reason ")" }' <<<"$output"
	echo "${1##*/}: $good passed, $bad failed, $none skipped, $SECONDS s"
}

run() {
	SECONDS=0
	case $1 in
	*.sh) exec bash "$1" ;;
	*) run_program "$1" ;;
	esac
}

# What a test has said, once it has ended.
take() {
	cat "$logs/$1"
	# shellcheck disable=SC2046
	set -- $(sed -nE 's/^.*: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped, [0-9]+ s$/\1 \2 \3/p' "$logs/$1" | tail -n 1)
	[ $# = 3 ] || set -- 0 1 0
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# Each has ports of its own: SLOT of JOBS.
declare -A slots names
start() {
	local slot=0
	while [[ " ${slots[*]} " == *" $slot "* ]]; do
		slot=$((slot + 1))
	done
	SLOT=$slot SLOTS=$JOBS run "$1" >"$logs/$2" 2>&1 &
	slots[$!]=$slot names[$!]=$2
}

wait_for_one() {
	local pid
	wait -n -p pid
	take "${names[$pid]}"
	unset "slots[$pid]" "names[$pid]"
}

# The tests that were skipped, below what would make them run.
tell_skipped() {
	sed -nE 's/^skipped ([^(]*) \((.*)\)$/\2\t\1/p' "$logs"/* | sort |
		awk -F '\t' '$1 != last { print "skipped, " $1 ":"; last = $1 }
			{ print "        " $2 }'
}

number=0
for test in "$@"; do
	[ ${#slots[@]} -lt "$JOBS" ] || wait_for_one
	number=$((number + 1))
	start "$test" $number
done
while [ ${#slots[@]} -gt 0 ]; do
	wait_for_one
done

tell_skipped
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
