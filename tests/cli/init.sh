# A new catalog from `bridge catalog init`: whole, valid, over nothing.
. "$(dirname "$0")/lib.sh"

_is_whole() {
	same "$(cd "$1" && find . -type f ! -path './.git/*' | sort | tr '\n' ' ')" \
		"./actors/agent.state-hub.yaml ./actors/ops.me.yaml ./catalog.yaml ./domains/edge/bridges/console.yaml ./domains/edge/bridges/state-hub.yaml ./domains/edge/domain.yaml ./domains/edge/targets/gateway.yaml ./tunnels.yaml.example "
}

a_new_catalog_is_valid_before_and_after_its_first_commit() {
	expect 0 bridge catalog init ops
	out_has '^made .*/ops:'
	out_has 'bridge catalog validate'
	_is_whole ops
	same "$(ls -A)" "$(printf 'bin\nerr\nhome\nops\nout\npids\nports')"
	expect 0 bridge catalog validate ops --rev WORKTREE --strict
	out_has '^valid: 7 documents, 0 errors, 0 warnings, 0 notes'
	same "$(cat "$ERR")" ''
	git init -q -b main ops
	commit ops
	cd ops
	expect 0 bridge catalog validate --strict
	out_has '^valid: 7 documents, 0 errors, 0 warnings, 0 notes'
	expect 0 bridge catalog show state-hub
	out_has '^host +gateway.example.org'
	out_has '^actor_class +automation'
	expect 0 bridge catalog show console --json
	same "$(json "$OUT" '[d["actor_class"], d["enabled"]]')" '["human", false]'
}

its_tunnels_yaml_works_as_it_stands_and_with_every_line() {
	expect 0 bridge catalog init "$HOME/ops"
	git init -q -b main "$HOME/ops"
	commit "$HOME/ops"
	mkdir -p "$HOME/.config/bridge"
	cp "$HOME/ops/tunnels.yaml.example" "$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge catalog show state-hub --json
	same "$(json "$OUT" 'd["local_port"]')" 8000
	# The examples in comments are those lines that begin like YAML.
	sed -i -E 's/^# ?((catalog_[a-z]+|defaults|tunnels):|  )/\1/' "$HOME/.config/bridge/tunnels.yaml"
	expect 0 bridge catalog show state-hub --json
	same "$(json "$OUT" 'd["local_port"]')" 8001
	same "$(cat "$ERR")" ''
}

the_commented_examples_are_valid_too() {
	expect 0 bridge catalog init ops
	sed -i -E 's/^# (host_keys|proxy_jump): .*/\1: []/' ops/domains/edge/targets/gateway.yaml
	grep -q '^host_keys: \[\]' ops/domains/edge/targets/gateway.yaml
	expect 0 bridge catalog validate ops --rev WORKTREE --strict
}

an_empty_folder_and_a_fresh_repository_are_filled_where_they_stand() {
	mkdir here && cd here
	local before
	before=$(stat -c %i .)
	expect 0 bridge catalog init .
	same "$(stat -c %i "$T/here")" "$before"
	_is_whole .
	same "$(ls -A | tr '\n' ' ')" 'actors catalog.yaml domains tunnels.yaml.example '
	git init -q -b main "$T/repository"
	cd "$T/repository"
	expect 0 bridge catalog init ./
	_is_whole .
	commit .
	expect 0 bridge catalog validate --strict
}

nothing_is_ever_overwritten() {
	mkdir full
	echo mine >full/catalog.yaml
	expect 1 bridge catalog init full
	err_has "'full' is not empty"
	same "$(ls -A full)$(cat full/catalog.yaml)" catalog.yamlmine
	expect 0 bridge catalog init ops
	echo mine >>ops/catalog.yaml
	cp -r ops before
	expect 1 bridge catalog init ops
	diff -r ops before
	touch file
	expect 1 bridge catalog init file
	expect 1 bridge catalog init file/ops
	ln -s nowhere link
	expect 3 bridge catalog init link
	same "$(readlink link)" nowhere
	same "$(ls -A | tr '\n' ' ')" 'before bin err file full home link ops out pids ports '
	expect 3 bridge catalog init no/such/parent
	expect 2 bridge catalog init ''
	expect 2 bridge catalog init
}

_no_room() {
	# A file-size limit stands for a full disk: every write fails.
	bash -c 'trap "" XFSZ; ulimit -f 0; bridge catalog init "$1"; echo "exit $?"' - "$1" \
		2>&1 | cat >"$T/said"
	OUT=$T/said
	out_has '^exit 3'
	out_has 'File too large'
	out_has 'nothing was changed'
}

a_full_disk_leaves_nothing_behind() {
	mkdir place empty
	cd place
	_no_room ops
	same "$(ls -A)" ''
	cd ../empty
	_no_room .
	same "$(ls -A)" ''
}

a_folder_without_permission_is_left_alone() {
	[ "$(id -u)" != 0 ] || skip "root may write everywhere: run as another user"
	mkdir locked
	chmod 555 locked
	expect 3 bridge catalog init locked
	expect 3 bridge catalog init locked/ops
	err_has 'Permission denied'
	same "$(ls -A locked)" ''
}

others_may_read_what_the_umask_lets_them() {
	(umask 027 && bridge catalog init ops >/dev/null)
	same "$(stat -c %a ops ops/domains ops/catalog.yaml | tr '\n' ' ')" '750 750 640 '
	(umask 022 && bridge catalog init two >/dev/null)
	same "$(stat -c %a two)" 755
}

json_and_odd_names() {
	expect 0 bridge catalog init ops --json
	same "$(json "$OUT" '[d["catalog"], len(d["files"])]')" '["ops", 8]'
	expect 0 bridge catalog init -q quiet
	same "$(cat "$OUT" "$ERR")" ''
	expect 0 bridge catalog init "$(printf 'a b\033c')"
	out_has "^    cd '.*/a b\\\\x1bc'"
	expect 0 bridge catalog init -- -dash
	_is_whole ./-dash
}

run_tests
