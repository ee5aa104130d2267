#!/bin/bash
# What the fuzzers have found once, run again without libFuzzer.
. "$(dirname "$0")/lib.sh"

every_input_in_testdata_fuzz_is_survived() {
	local folder name
	export FUZZ_FOLDER=$T
	for folder in "$ROOT"/testdata/fuzz/fuzz_*; do
		name=$(basename "$folder")
		[ -x "$BUILD/tests/fuzz/$name" ] || fail "there is no fuzzer '$name'"
		expect 0 "$BUILD/tests/fuzz/$name" "$folder"/*
	done
}

every_fuzzer_survives_its_own_seeds() {
	local program name
	export FUZZ_FOLDER=$T
	for program in "$BUILD"/tests/fuzz/fuzz_*; do
		[ -f "$program" ] && [ -x "$program" ] || continue
		name=$(basename "$program")
		expect 0 python3 "$ROOT/tests/fuzz/seeds.py" "$name" "$T/$name"
		ls "$T/$name"/* >"$T/list" || fail "there are no seeds for '$name'"
		expect 0 "$program" "$T/$name"/*
	done
	[ -s "$T/list" ] || fail 'no fuzzer is built'
}

run_tests
