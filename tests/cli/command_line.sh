# The command line itself: help, mistakes, exit codes.
. "$(dirname "$0")/lib.sh"

help_is_the_answer_and_exits_0() {
	expect 0 bridge --help
	out_has '^usage: bridge'
	expect 0 bridge help
	out_has 'catalog validate'
	expect 0 bridge help up
	out_has '^usage: bridge up'
	out_has '--no-wait'
	expect 0 bridge catalog show -h
	out_has '--origins'
	expect 0 bridge help catalog
	out_has 'catalog schema'
}

every_command_has_help_with_an_example() {
	local name
	bridge --help | sed '/^Options/,$d' | grep '^  ' |
		sed 's/^  //; s/  .*//; s/ [[A-Z].*//' >"$T/names"
	[ "$(wc -l <"$T/names")" -ge 22 ] || fail "too few commands"
	while read -r name; do
		# shellcheck disable=SC2086
		expect 0 bridge $name --help
		out_has '^Example:'
		# One screen, no line of which wraps.
		[ "$(wc -l <"$OUT")" -le 40 ] || fail "$name: $(wc -l <"$OUT") lines"
		[ "$(wc -L <"$OUT")" -le 80 ] || fail "$name: $(wc -L <"$OUT") columns"
		grep -A1 "^Example:" "$OUT" | grep -q "^  bridge $name" ||
			grep -A1 '^Example:' "$OUT" | grep -q "bridge $name"
		# What it points to is there.
		for other in $(sed -n 's/^See also: //p' "$OUT" | tr ' ' _ | tr -d ,| sed 's/_/ /g'); do
			bridge --help | grep -q "^  \(.* \)\?$other" || fail "$name: no $other"
		done
	done <"$T/names"
}

no_command_at_all_is_a_usage_error_with_help() {
	expect 2 bridge
	out_has '^usage: bridge'
}

the_version_is_printed() {
	expect 0 bridge --version
	out_has '^bridge [0-9]+\.[0-9]+\.[0-9]+$'
}

an_unknown_command_suggests_the_nearest() {
	expect 2 bridge statsu
	err_has "unknown command 'statsu', did you mean 'status'"
	expect 2 bridge catalog vaildate
	err_has "did you mean 'catalog validate'"
	expect 2 bridge xyzzyplugh
	err_has 'bridge help'
}

an_unknown_option_suggests_the_nearest() {
	expect 2 bridge status --jsno
	err_has "unknown option '--jsno', did you mean '--json'"
	expect 2 bridge status -z
	err_has "unknown option '-z'"
	expect 2 bridge down --strict
	err_has "unknown option '--strict'"
}

missing_and_surplus_values_are_named() {
	expect 2 bridge logs
	err_has 'wants NAME'
	expect 2 bridge logs a b
	err_has "'b'"
	expect 2 bridge up --wait
	err_has '--wait wants SECONDS'
	expect 2 bridge up --wait soon
	err_has "not 'soon'"
	expect 2 bridge up --wait -1
	expect 2 bridge status --color sometimes
	err_has 'auto\|always\|never'
	expect 2 bridge status --json=yes
	err_has 'takes no value'
	expect 2 bridge catalog list extra
	err_has 'takes no argument'
}

options_may_stand_before_the_command() {
	expect 0 bridge --json status
	same "$(json "$OUT" 'd["bridges"]')" '[]'
}

an_option_after_two_dashes_is_a_name() {
	expect 3 bridge up -- --json
}

control_characters_in_arguments_never_reach_the_terminal() {
	expect 2 bridge "$(printf 'sta\033[31mtus')"
	err_has '\\x1b'
	err_lacks "$(printf '\033')"
}

status_without_anything_is_an_empty_answer() {
	expect 0 bridge status
	err_has 'no supervisor runs'
	expect 0 bridge status --json
	same "$(json "$OUT" 'd["bridges"]')" '[]'
	[ ! -e "$BRIDGE_STATE_DIR" ] || fail "status made the state directory"
}

a_full_output_is_an_error() {
	expect 3 sh -c 'bridge --help >/dev/full'
}

run_tests
