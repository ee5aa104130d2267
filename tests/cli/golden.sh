# A folder for every rule below testdata/rules: the smallest catalog that
# breaks it, and what is said of it, byte for byte.
#
#	catalog/        is copied to T/ops, where everything runs
#	tunnels.yaml    is copied to T, with T in it replaced
#	setup           shell, for what files in Git cannot hold
#	command         shell; `bridge catalog validate` of the files without one
#	expected.txt    both its outputs and its exit status
#	expected.json   the same of validate's --json
#
# `make golden` writes the expected files anew: read the difference.
. "$(dirname "$0")/lib.sh"

RULES=$ROOT/testdata/rules

_show() {
	local status=0
	(cd "$T/ops" && eval "$1") </dev/null >"$T/shown" 2>&1 || status=$?
	sed "s|$T|T|g" "$T/shown"
	echo "exit $status"
}

_compare() {
	if [ "${UPDATE:-}" = 1 ]; then
		cp "$2" "$1"
	else
		diff -u "$1" "$2"
	fi
}

_check() {
	local rule=$1 folder=$RULES/$1 command='bridge catalog validate . --rev WORKTREE'
	rm -rf "$T/ops" "$T/state" "$T/tunnels.yaml"
	cp -r "$folder/catalog" "$T/ops"
	[ ! -f "$folder/tunnels.yaml" ] ||
		sed "s|T/ops|$T/ops|" "$folder/tunnels.yaml" >"$T/tunnels.yaml"
	if [ -f "$folder/setup" ]; then (cd "$T/ops" && . "$folder/setup") || return; fi
	if [ -f "$folder/command" ]; then command=$(cat "$folder/command"); fi

	_show "$command" >"$T/expected.txt"
	_compare "$folder/expected.txt" "$T/expected.txt" || return
	grep -qF "[$rule]" "$T/expected.txt" || {
		echo "the output does not name [$rule]"
		return 1
	}
	[ ! -f "$folder/command" ] || return 0
	_show "$command --json" >"$T/expected.json"
	_compare "$folder/expected.json" "$T/expected.json" || return
}

every_rule_has_a_folder_and_every_folder_a_rule() {
	bridge catalog explain --json >"$T/rules.json"
	json "$T/rules.json" '"\n".join(sorted(r["rule"] for r in d["rules"]))' >"$T/rules"
	(cd "$RULES" && find . -mindepth 2 -maxdepth 2 -type d | sed 's|^\./||' | LC_ALL=C sort) >"$T/folders"
	diff "$T/rules" "$T/folders"
}

every_rule_says_what_it_said_before() {
	local folder failed=0
	forgive_libgit2
	git config --global user.name t
	git config --global user.email t@example.org
	for folder in "$RULES"/*/*/; do
		folder=${folder#"$RULES"/}
		_check "${folder%/}" || {
			failed=$((failed + 1))
			echo "${folder%/} differs"
		}
	done
	[ $failed = 0 ] || fail "$failed rules say something else"
}

run_tests
