# One catalog that every command reads, in a repository that a test then makes
# into a special one; for the tests that include this.
. "$(dirname "$0")/lib.sh"

_READ=(
	'catalog list'
	'catalog validate'
	'catalog validate --since HEAD~1'
	'catalog show b1'
	'catalog log b1'
	'catalog diff HEAD~1 HEAD'
	'catalog graph'
	'targets'
	'targets show gateway'
)

# Three bridges in three commits; the last one also changes the first bridge.
_origin() {
	forgive_libgit2
	make_catalog "${1:-}"
	local at=${1:-$T/ops} i
	for i in 1 2 3; do
		add_bridge "$at" b$i 1800$i 8001
		[ $i != 3 ] || add_bridge "$at" b1 18001 8002
		commit "$at" "add b$i"
	done
	git -C "$at" config uploadpack.allowFilter true
	URL=file://$at
}

_loose() {
	local id
	id=$(git -C "$1" rev-parse "$2")
	echo "$1/.git/objects/${id:0:2}/${id:2}"
}

# expect STATUS, nothing else on standard error than one error.
_one_error() {
	expect 3 "$@"
	same "$(grep -c ': error: ' "$ERR")" 1
	same "$(grep -vc -e ': error: ' -e 'reading HEAD' "$ERR")" 0
}

_works() {
	local at=$1 command
	for command in "${_READ[@]}"; do
		expect 0 bridge $command --catalog "$at"
		err_lacks 'error'
		case $command in
		*list) out_has '^edge +1 +3 ' ;;
		*validate*) out_has '^valid: 6 documents' ;;
		*show\ b1) out_has '^local_port +8002$' ;;
		*' log '*) out_has 'add b1$' && out_has '8001 -> 8002$' ;;
		*diff*) out_has '^bridge b3: added' && out_has '8001 -> 8002$' ;;
		*graph) out_has '^digraph' ;;
		*gateway) out_has '^bridges +\["b1", "b2", "b3"\]|^bridges .*b3' ;;
		*) out_has '^gateway ' ;;
		esac
	done
}

# _refuses FOLDER REGEX: every command does, with one error that says so.
_refuses() {
	local at=$1 command
	for command in "${_READ[@]}" 'up b1' 'up'; do
		_one_error bridge $command --catalog "$at"
		err_has "$2"
	done
	[ ! -e "$BRIDGE_STATE_DIR" ] || fail "something was started"
}

# Run what the last message says behind these words, up to the rule's id.
_run_what_it_says_after() {
	local command
	command=$(sed -nE "s|^.*$1(.*) \[[a-z-]+/[a-z-]+\]\$|\1|p" "$ERR" | tail -n 1)
	[ -n "$command" ] || fail "no command after '$1'"
	(cd / && eval "$command") >"$T/ran" 2>&1 ||
		fail "it failed: $command: $(cat "$T/ran")"
}
