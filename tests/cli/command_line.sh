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
	# Each ends with what to type next.
	local words
	for words in 'up --wait soon' 'completion powershell' 'apply foo' 'metrics foo' \
		'mcp register --scope foo' 'catalog validate --format foo' 'status -z'; do
		# shellcheck disable=SC2086
		expect 2 bridge $words
		tail -n 1 "$ERR" | grep -q 'see `bridge help [a-z ]*`' || fail "$words"
	done
}

options_may_stand_between_the_words_of_a_command() {
	make_catalog
	commit "$T/ops"
	expect 0 bridge catalog --json list
	same "$(json "$OUT" 'd["domains"][0]["id"]')" edge
	expect 0 bridge targets --json show gateway
	same "$(json "$OUT" 'd["id"]')" gateway
	expect 0 bridge -q catalog --catalog "$T/ops" validate --rev HEAD
	expect 1 bridge -n 3 logs nothing
	# A check that was not made is no success.
	expect 2 bridge catalog --nonsense
	err_has "unknown option '--nonsense'"
	expect 2 bridge catalog --rev HEAD
	expect 0 bridge catalog --help
	out_has 'catalog validate'
	expect 2 bridge -- status
	err_has 'a command is missing'
}

groups_are_suggested_too() {
	expect 2 bridge catalgo
	err_has "did you mean 'catalog'"
	expect 2 bridge catalgo lst
	err_has "did you mean 'catalog list'"
	expect 2 bridge targets shw gateway
	err_has "unknown command 'targets shw', did you mean 'targets show'"
	expect 2 bridge mcp regster
	err_has "did you mean 'mcp register'"
	expect 2 bridge help catalgo
	err_has "did you mean 'catalog'"
	# A command that is a group, too, has both in its help.
	expect 0 bridge help targets
	out_has '--domain D'
	out_has 'targets show TARGET_ID'
	expect 0 bridge help help
	expect 0 bridge help -h
}

the_overview_is_one_screen_too() {
	expect 0 bridge help
	[ "$(wc -l <"$OUT")" -le 40 ] || fail "$(wc -l <"$OUT") lines"
	[ "$(wc -L <"$OUT")" -le 80 ] || fail "$(wc -L <"$OUT") columns"
}

a_domain_that_is_none_is_said() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops"
	expect 1 bridge up --domain egde
	err_has "no domain is called 'egde'; did you mean 'edge'"
	expect 1 bridge doctor --domain egde
	err_has "did you mean 'edge'"
}

an_answer_that_nobody_takes_ends_the_watch() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	expect 0 bridge up hub
	expect 3 timeout 60 bash -c 'bridge status --watch >/dev/full'
	expect 3 timeout 60 bash -c "set -o pipefail; trap '' PIPE; bridge status --watch | head -n 1"
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
