#!/bin/bash
# Run test programs (cmocka), then test scripts, JOBS of them at a time (2); the
# last line counts them all. A name per test, its output only when it fails.
passed=0 failed=0 skipped=0
JOBS=${JOBS:-2}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

count() {
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

run_program() {
	local status good bad none
	CMOCKA_MESSAGE_OUTPUT=STDOUT "$1" >"$logs/program" 2>&1
	status=$?
	good=$(grep -cE '^\[ +OK \]' "$logs/program")
	bad=$(grep -cE '^\[  FAILED  \] [a-z0-9_]+$' "$logs/program")
	none=$(grep -cE '^\[  SKIPPED \] [a-z0-9_]+$' "$logs/program")
	[ $status = 0 ] && bad=0
	[ $status != 0 ] && [ "$bad" = 0 ] && bad=1
	[ "$bad" = 0 ] || cat "$logs/program"
	sed -nE 's/^\[ +OK \] /ok      /p; s/^\[  SKIPPED \] /skipped /p' "$logs/program" | tr _ ' '
	count "$good" "$bad" "$none"
}

# What a script has said, once it has ended.
take_script() {
	cat "$logs/$1"
	# shellcheck disable=SC2046
	set -- $(sed -nE 's/^.*: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped, [0-9]+ s$/\1 \2 \3/p' "$logs/$1" | tail -n 1)
	if [ $# = 3 ]; then count "$1" "$2" "$3"; else count 0 1 0; fi
}

# Each has ports of its own: SLOT of JOBS.
declare -A slots names
start_script() {
	local slot=0
	while [[ " ${slots[*]} " == *" $slot "* ]]; do
		slot=$((slot + 1))
	done
	SLOT=$slot SLOTS=$JOBS bash "$1" >"$logs/$2" 2>&1 &
	slots[$!]=$slot names[$!]=$2
}

wait_for_one() {
	local pid
	wait -n -p pid
	take_script "${names[$pid]}"
	unset "slots[$pid]" "names[$pid]"
}

number=0
for test in "$@"; do
	case $test in
	*.sh)
		[ ${#slots[@]} -lt "$JOBS" ] || wait_for_one
		number=$((number + 1))
		start_script "$test" $number
		;;
	*) run_program "$test" ;;
	esac
done
while [ ${#slots[@]} -gt 0 ]; do
	wait_for_one
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
