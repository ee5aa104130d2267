# One run of validate, read by real parsers.
. "$(dirname "$0")/lib.sh"

# Mistakes of every severity, in files whose names are hostile.
_catalog() {
	make_catalog
	add_bridge "$T/ops" hub 99999 8000 'typo: 1' 'description: "]]> <b> & ::error::x"'
	printf 'class: human\n' >"$T/ops/actors/ops.kim.yaml"
	printf 'x: 1\n' >"$T/ops/domains/edge/"$'::error file=x::<a>&,\n"y.yaml'
	commit "$T/ops"
}

# A catalog with nothing wrong in it.
_one() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops"
}

several_formats_come_from_one_run() {
	_catalog
	local formats=() name
	for name in json github markdown gitlab sarif junit rdjson; do
		formats+=(--format "$name=$T/report.$name")
	done
	expect 1 bridge catalog validate --format text "${formats[@]}"
	out_has '^invalid: '
	for name in json gitlab sarif rdjson; do
		same "$(json "$T/report.$name" 'len(str(d)) > 100')" true
	done
	mkdir "$T/again"
	expect 1 bridge catalog validate --format text "${formats[@]/report./again/report.}"
	for name in json github markdown gitlab sarif junit rdjson; do
		cmp "$T/report.$name" "$T/again/report.$name"
	done
}

junit_counts_are_those_of_a_real_parser() {
	_catalog
	expect 1 bridge catalog validate --format junit
	python3 - "$OUT" <<-'PYTHON'
		import sys, xml.etree.ElementTree as tree
		root = tree.parse(sys.argv[1]).getroot()
		cases, failures = root.findall(".//testcase"), root.findall(".//failure")
		assert int(root.get("tests")) == len(cases) > 5, root.attrib
		assert int(root.get("failures")) == len(failures) == 1, root.attrib
		assert all(f.text and f.get("message") for f in failures)
		for suite in root.findall("testsuite"):
		    assert int(suite.get("tests")) == len(suite.findall("testcase"))
		    assert int(suite.get("failures")) == len(suite.findall(".//failure"))
		names = [case.get("name") for case in cases]
		assert "domains/edge/domain.yaml" in names and names == sorted(names), names
	PYTHON
	expect 1 bridge catalog validate --format junit --strict
	grep -q 'failures="2"' "$OUT" || fail "warnings are no failures with --strict"
}

a_github_workflow_gets_annotations_and_a_summary() {
	_catalog
	export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$T/summary
	echo before >"$T/summary"
	expect 1 bridge catalog validate
	out_has '^::error file=domains/edge/bridges/hub.yaml,line=2,endLine=2,col=14,endColumn=19,title=schema/range::'
	same "$(grep -c '^::' "$OUT")" "$(grep -cE '^::(error|warning|notice) (file|title)=' "$OUT")"
	same "$(head -n 1 "$T/summary")" before
	grep -q '^| error | domains/edge/bridges/hub.yaml' "$T/summary" || fail "no summary"
	expect 1 bridge catalog validate --format text
	out_lacks '^::'
}

two_reports_for_one_place_are_refused() {
	_catalog
	expect 2 bridge catalog validate --format text --format json
	err_has 'both go to standard output'
	expect 2 bridge catalog validate --format "sarif=$T/x" --format "json=$T/x"
	expect 2 bridge catalog validate --format sarif=
	expect 2 bridge catalog validate --format xml
	err_has 'sarif, junit'
	[ ! -e "$T/x" ] || fail "something was written"
}

the_exit_status_is_the_same_in_every_format() {
	_catalog
	local name
	for name in text json github markdown gitlab sarif junit rdjson; do
		expect 1 bridge catalog validate --format "$name"
		expect 3 bridge catalog validate --format "$name" --rev nosuch
		expect 3 bridge catalog validate --format "$name=/dev/full"
	done
	rm "$T/ops/domains/edge/"*y.yaml
	add_bridge "$T/ops" hub 18000 8000
	for name in text json github markdown gitlab sarif junit rdjson; do
		expect 0 bridge catalog validate --rev WORKTREE --format "$name"
	done
}

a_file_that_cannot_be_written_keeps_what_it_had() {
	_catalog
	echo 'what was there' >"$T/report.json"
	chmod 640 "$T/report.json"
	expect 3 sh -c 'trap "" XFSZ; ulimit -f 2; exec "$@"' - \
		bridge catalog validate --format sarif -o "$T/report.json"
	err_has "cannot write '$T/report.json': File too large"
	same "$(cat "$T/report.json")" 'what was there'
	same "$(find "$T" -maxdepth 1 -name '.report*')" ''

	ln -s report.json "$T/link.json"
	expect 1 bridge catalog validate --json -o "$T/link.json"
	test -L "$T/link.json"
	json "$T/report.json" 'd["valid"]' >/dev/null
	same "$(stat -c %a "$T/report.json")" 640
}

what_standard_output_is_already_is_not_replaced() {
	_one
	{ echo before; bridge catalog validate --format json=/dev/stdout --format text=/dev/stderr; echo after; } >"$T/all" 2>"$T/err"
	same "$(head -n 1 "$T/all")" before
	same "$(tail -n 1 "$T/all")" after
	grep -q '"valid": true' "$T/all"
	grep -q '^valid: ' "$T/err"
	mkfifo "$T/pipe"
	cat "$T/pipe" >"$T/read" &
	started $!
	expect 0 bridge catalog validate --json -o "$T/pipe"
	wait $!
	json "$T/read" 'd["valid"]' >/dev/null
}

two_formats_in_one_file_are_refused() {
	_one
	for other in ./x.json "$T/x.json" "$T/../$(basename "$T")/x.json"; do
		expect 2 bridge catalog validate --format json=x.json --format "sarif=$other"
		err_has 'json and sarif both go to x.json'
	done
	test ! -e x.json
	: >y.json
	ln y.json z.json
	expect 2 bridge catalog validate --format json=y.json --format sarif=z.json
}

run_tests
