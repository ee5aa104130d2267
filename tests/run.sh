#!/bin/bash
# Run test programs (cmocka) and test scripts one after the other; the last
# line counts them all. A name per test, its output only when it fails.
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

count() {
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

for test in "$@"; do
	case $test in
	*.sh)
		bash "$test" 2>&1 | tee "$log"
		set -- $(sed -nE 's/^.*: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
		if [ $# = 3 ]; then count "$1" "$2" "$3"; else count 0 1 0; fi
		;;
	*)
		CMOCKA_MESSAGE_OUTPUT=STDOUT "$test" >"$log" 2>&1
		status=$?
		good=$(grep -cE '^\[ +OK \]' "$log")
		bad=$(grep -cE '^\[  FAILED  \] [a-z0-9_]+$' "$log")
		none=$(grep -cE '^\[  SKIPPED \] [a-z0-9_]+$' "$log")
		[ $status = 0 ] && bad=0
		[ $status != 0 ] && [ "$bad" = 0 ] && bad=1
		[ "$bad" = 0 ] || cat "$log"
		sed -nE 's/^\[ +OK \] /ok      /p; s/^\[  SKIPPED \] /skipped /p' "$log" | tr _ ' '
		count "$good" "$bad" "$none"
		;;
	esac
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
