# In front of a repository: git's own hooks, and the real pre-commit.
. "$(dirname "$0")/lib.sh"

_good() {
	make_catalog
	add_bridge "$T/ops" hub 18000 8000
	commit "$T/ops" good
	rm "$HOME/.config/bridge/tunnels.yaml"
	git config --global user.name test
	git config --global user.email test@example.org
}

# What another repository names in its .pre-commit-config.yaml.
_install_pre_commit() {
	need pre-commit pre-commit
	export PRE_COMMIT_HOME=$T/pre-commit
	git init -q -b main "$T/hooks"
	cp "$ROOT/.pre-commit-hooks.yaml" "$T/hooks/"
	commit "$T/hooks" hooks
	git_here "$T/hooks" tag v1
	printf '%s\n' 'repos:' "- repo: $T/hooks" '  rev: v1' \
		'  hooks: [{id: bridge-catalog}]' >"$T/ops/.pre-commit-config.yaml"
	cd "$T/ops"
	git add -A && git commit -qm config
	pre-commit install >/dev/null
}

pre_commit_judges_what_is_staged() {
	_good
	_install_pre_commit
	add_bridge "$T/ops" hub 99999 8000
	git add -A
	# The file is mended, what is staged is not.
	add_bridge "$T/ops" hub 18001 8000

	expect 1 git commit -m bad
	grep -q 'hub.yaml:2:14: error: .*\[schema/range\]' "$OUT" "$ERR" || fail "no finding"
	git add -A
	expect 0 git commit -m mended
}

pre_commit_judges_what_a_commit_removes() {
	_good
	_install_pre_commit
	git rm -q domains/edge/targets/gateway.yaml

	expect 1 git commit -m removed

	grep -q 'hub.yaml:1:9: error: .*\[reference/target\]' "$OUT" "$ERR" || fail "no finding"
}

_bare_with_hook() {
	git clone -q --bare "$T/ops" "$T/ops.git" 2>/dev/null
	sed -n '/^    #!\/bin\/sh$/,/^$/s/^    //p' "$ROOT/README.md" >"$T/ops.git/hooks/pre-receive"
	grep -q 'catalog validate' "$T/ops.git/hooks/pre-receive" || fail "README has no hook"
	chmod 755 "$T/ops.git/hooks/pre-receive"
	git_here "$T/ops" remote add origin "$T/ops.git"
}

a_bad_push_is_refused_inside_the_quarantine() {
	_good
	_bare_with_hook
	local before
	before=$(git -C "$T/ops.git" rev-parse main)
	add_bridge "$T/ops" hub 99999 8000
	commit "$T/ops" bad

	expect 1 git -C "$T/ops" push -q origin main

	err_has 'hub.yaml:2:14: error: .*\[schema/range\]'
	err_has 'pre-receive hook declined'
	same "$(git -C "$T/ops.git" rev-parse main)" "$before"
	! git -C "$T/ops.git" cat-file -e "$(git -C "$T/ops" rev-parse main)" 2>/dev/null ||
		fail "the objects of the bad push were kept"
}

a_good_push_and_a_removed_branch_are_taken() {
	_good
	_bare_with_hook
	add_bridge "$T/ops" hub 18001 8000
	commit "$T/ops" good

	expect 0 git -C "$T/ops" push -q origin main main:old
	expect 0 git -C "$T/ops" push -q origin :old

	same "$(git -C "$T/ops.git" rev-parse main)" "$(git -C "$T/ops" rev-parse main)"
}

# The commands of README's action.yml, as the runner's bash gets them.
_action() {
	awk '/env: \{SINCE/ { found = 1 } found && /^ *- uses/ { exit }
		found && taken { sub(/^ */, ""); print }
		found && /run: \|/ { taken = 1 }' "$ROOT/README.md" >"$T/action"
	grep -q 'catalog validate' "$T/action" || fail "README has no action"
}

readmes_action_judges_a_pull_request() {
	_good
	_action
	cd "$T/ops"
	add_bridge "$T/ops" old 88888 8000
	git add . && git commit -qm old
	git checkout -qb change
	add_bridge "$T/ops" hub 99999 8000
	git commit -qam bad

	expect 1 env SINCE=main bash -e "$T/action"
	out_has '^::error file=domains/edge/bridges/hub.yaml,line=2,'
	out_lacks 'old.yaml'
	# What SARIF leaves out would be closed as mended.
	grep -q hub.yaml catalog.sarif || fail "the new finding is not in SARIF"
	grep -q old.yaml catalog.sarif || fail "the old finding is not in SARIF"
	git reset -q --hard main
	expect 0 env SINCE=main bash -e "$T/action"
	expect 1 env SINCE= bash -e "$T/action"
	out_has 'old.yaml'
	# A branch can have any name.
	expect 3 env SINCE='x; touch owned' bash -e "$T/action"
	[ ! -e owned ] || fail "the name was run"
}

run_tests
