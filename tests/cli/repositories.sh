# The kinds of repository there are: each is read, or says exactly why not and
# what to run; where a message gives a command, it is run here as it stands.
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

# ---- less than everything --------------------------------------------------

a_shallow_clone_is_read_and_says_how_to_get_its_past() {
	_origin
	git clone -q --depth 1 "$URL" "$T/clone"
	local command
	for command in "${_READ[@]}"; do
		case $command in
		*HEAD~1*)
			_one_error bridge $command --catalog "$T/clone"
			err_has "unknown revision 'HEAD~1'.*the clone is shallow; "
			;;
		*) expect 0 bridge $command --catalog "$T/clone" ;;
		esac
	done
	expect 0 bridge catalog log b1 --catalog "$T/clone"
	err_has "shallow clone; for the rest run git -C $T/clone fetch --unshallow\$"
	expect 3 bridge catalog validate --since HEAD~1 --catalog "$T/clone"

	_run_what_it_says_after 'for the rest run '
	_works "$T/clone"
}

a_blobless_clone_says_once_what_it_lacks() {
	_origin
	git clone -q --no-checkout --filter=blob:none "$URL" "$T/clone"
	_refuses "$T/clone" 'not in the repository.*this is a partial clone: run '

	_one_error bridge catalog validate --catalog "$T/clone"
	err_has "^bridge: error: 6 objects of this revision are not in the repository \(first: [0-9a-f]{40} of 'actors/agent.test.yaml'\); "
	_one_error bridge catalog graph --catalog "$T/clone"
	err_has ' 6 objects of this revision'
	_one_error bridge up --catalog "$T/clone"
	err_has ' 3 objects of this revision'
	_one_error bridge catalog show b2 --catalog "$T/clone"
	err_has "^domains/edge/bridges/b2.yaml: error: object $(git -C "$T/ops" rev-parse HEAD:domains/edge/bridges/b2.yaml) of 'domains/edge/bridges/b2.yaml' is not"
	_one_error bridge targets show gateway --catalog "$T/clone"
	err_has "^domains/edge/targets/gateway.yaml: error: object [0-9a-f]{40} "

	_run_what_it_says_after ' run '
	_works "$T/clone"
}

what_a_partial_clone_lacks_of_its_past_is_said_too() {
	_origin
	git clone -q --filter=blob:none "$URL" "$T/clone"
	expect 0 bridge catalog validate --catalog "$T/clone"
	expect 0 bridge catalog show b1 --catalog "$T/clone"
	for command in 'catalog validate --since HEAD~1' 'catalog log b1' 'catalog diff HEAD~1 HEAD'; do
		_one_error bridge $command --catalog "$T/clone"
		err_has "object $(git -C "$T/ops" rev-parse HEAD~1:domains/edge/bridges/b1.yaml) of 'domains/edge/bridges/b1.yaml'"
	done

	_run_what_it_says_after ' run '
	_works "$T/clone"
}

a_treeless_clone_says_once_what_it_lacks() {
	_origin
	git clone -q --no-checkout --filter=tree:0 "$URL" "$T/clone"
	_refuses "$T/clone" "object $(git -C "$T/ops" rev-parse 'HEAD^{tree}')|object $(git -C "$T/ops" rev-parse 'HEAD~1^{tree}')"
	_run_what_it_says_after ' run '
	_works "$T/clone"

	git clone -q --filter=tree:0 "$URL" "$T/checkout"
	expect 0 bridge catalog validate --catalog "$T/checkout"
	_one_error bridge catalog log b1 --catalog "$T/checkout"
	err_has "an object of 'domains/edge/bridges/b1.yaml' is not in the repository"
	_one_error bridge catalog validate --since HEAD~1 --catalog "$T/checkout"
	_run_what_it_says_after ' run '
	_works "$T/checkout"
}

what_became_of_a_definition_is_not_guessed_where_trees_are_missing() {
	_origin
	git_here "$T/ops" rm -q domains/edge/bridges/b2.yaml
	commit "$T/ops" 'b2 is gone'
	git clone -q --filter=tree:0 "$URL" "$T/clone"

	_one_error bridge catalog log b2 --catalog "$T/clone"
	_run_what_it_says_after ' run '
	expect 0 bridge catalog log b2 --catalog "$T/clone"
	out_has 'b2 is gone$'
}

a_shallow_partial_clone_has_a_way_out_too() {
	_origin
	git clone -q --no-checkout --depth 1 --filter=blob:none "$URL" "$T/clone"
	_one_error bridge catalog validate --catalog "$T/clone"
	_run_what_it_says_after ' run '
	expect 0 bridge catalog validate --catalog "$T/clone"
}

the_command_names_the_remote_and_quotes_the_folder() {
	_origin
	git clone -q --no-checkout -o hub --filter=blob:none "$URL" "$T/it's a clone"
	git -C "$T/it's a clone" remote add backup "$URL"
	_one_error bridge catalog list --catalog "$T/it's a clone"
	err_has ' --no-filter hub '
	_run_what_it_says_after ' run '
	_works "$T/it's a clone"
}

the_same_object_in_two_places_counts_once() {
	_origin
	cp "$T/ops/domains/edge/bridges/b1.yaml" "$T/ops/domains/edge/bridges/b4.yaml"
	commit "$T/ops" copy
	git clone -q --no-checkout --filter=blob:none "$URL" "$T/clone"
	_one_error bridge catalog validate --catalog "$T/clone"
	err_has ' 6 objects of this revision'
}

# ---- formats that libgit2 does not know ------------------------------------

a_sha256_repository_is_read_from_its_files_or_a_copy() {
	_origin
	git init -q -b main --object-format=sha256 "$T/sha"
	git -C "$T/ops" fast-export --all | git -C "$T/sha" fast-import --quiet
	git -C "$T/sha" reset -q --hard
	_refuses "$T/sha" 'SHA-256.*use --rev WORKTREE'
	expect 0 bridge catalog validate --catalog "$T/sha" --rev WORKTREE
	expect 0 bridge catalog show b1 --catalog "$T/sha" --rev WORKTREE
	_one_error bridge catalog list --rev INDEX --catalog "$T/sha"

	sed -i "s|COPY|$T/copy.git|g" "$ERR"
	_run_what_it_says_after 'SHA-1 ids: '
	git -C "$T/copy.git" symbolic-ref HEAD refs/heads/main
	_works "$T/copy.git"
}

a_bare_sha256_repository_has_no_files_to_offer() {
	_origin
	git init -q --bare --object-format=sha256 "$T/sha.git"
	_refuses "$T/sha.git" 'SHA-256.*name a copy'
	err_lacks 'WORKTREE'
}

# Git 2.39 makes no such repository: this is what git 2.45 leaves on disk.
_make_reftable() {
	git -C "$1" config core.repositoryFormatVersion 1
	git -C "$1" config extensions.refStorage reftable
	echo 'ref: refs/heads/.invalid' >"$1/.git/HEAD"
	rm -rf "$1/.git/refs"
	mkdir "$1/.git/refs" "$1/.git/reftable"
	echo 'this repository uses the reftable format' >"$1/.git/refs/heads"
	: >"$1/.git/reftable/tables.list"
}

a_reftable_repository_says_how_to_migrate() {
	_origin
	_make_reftable "$T/ops"
	_refuses "$T/ops" "reftable.*use --rev WORKTREE.*git 2.46 or newer: git -C $T/ops refs migrate --ref-format=files "
	expect 0 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
}

what_is_usual_may_be_said_as_an_extension() {
	_origin
	# Git 2.39 does not know the second one either.
	local config=$T/ops/.git/config
	git config -f "$config" core.repositoryFormatVersion 1
	git config -f "$config" extensions.objectFormat sha1
	git config -f "$config" extensions.refStorage files
	_works "$T/ops"
	git config --global extensions.refStorage reftable
	_works "$T/ops"
	git config -f "$config" extensions.refStorage stone
	_refuses "$T/ops" "refstorage 'stone'.*--rev WORKTREE"
}

an_extension_nobody_knows_is_named() {
	_origin
	git -C "$T/ops" config core.repositoryFormatVersion 1
	git -C "$T/ops" config extensions.fromTheFuture true
	_refuses "$T/ops" 'fromthefuture.*--rev WORKTREE'
	expect 0 bridge catalog validate --catalog "$T/ops" --rev WORKTREE
}

# ---- owners ----------------------------------------------------------------

_only_root() {
	[ "$(id -u)" = 0 ] || skip "only root can give files away"
}

a_foreign_repository_is_read_once_it_is_trusted() {
	_only_root
	_origin
	chown -R 65534 "$T/ops"
	_refuses "$T/ops" "'$T/ops' belongs to nobody, not to you"
	_run_what_it_says_after 'if you trust it: '
	_works "$T/ops"
}

a_foreign_bare_repository_is_read_once_it_is_trusted() {
	_only_root
	_origin
	git clone -q --bare "$T/ops" "$T/ops.git"
	chown -R 65534 "$T/ops.git"
	_refuses "$T/ops.git" "'$T/ops.git' belongs to nobody"
	_run_what_it_says_after 'if you trust it: '
	_works "$T/ops.git"
}

a_linked_worktree_of_a_foreign_repository_names_what_is_foreign() {
	_only_root
	_origin
	git -C "$T/ops" worktree add -q "$T/linked" -b other
	chown -R 65534 "$T/ops"
	_refuses "$T/linked" "'$T/ops/.git/worktrees/linked/?' belongs to nobody"
	_run_what_it_says_after 'if you trust it: '
	_works "$T/linked"
}

# Wherever git itself says yes or no, so does bridge.
_agrees_with_git() {
	local status=3
	! git -C "$T/ops" rev-parse -q --verify HEAD >/dev/null 2>&1 || status=0
	same "$status" "$1"
	expect "$status" bridge catalog validate --catalog "$T/ops"
}

trust_is_what_git_takes_for_it() {
	_only_root
	_origin
	chown -R 65534 "$T/ops"
	_agrees_with_git 3
	git config --global --add safe.directory '*'
	_agrees_with_git 0
	git config --global --add safe.directory ''
	_agrees_with_git 3
	git config --global --add safe.directory "$T/other"
	_agrees_with_git 3
	mv "$T/ops" "$HOME/ops" && T=$HOME
	git config --global --add safe.directory '~/ops'
	_agrees_with_git 0
	T=${HOME%/home}
	mv "$HOME/ops" "$T/ops"
	: >"$HOME/.gitconfig"

	git config -f "$T/elsewhere" --add safe.directory "$T/ops"
	GIT_CONFIG_GLOBAL=$T/elsewhere _agrees_with_git 0
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' _agrees_with_git 0
	git -C "$T/ops" -c safe.directory='*' config safe.directory '*'
	_agrees_with_git 3
}

# ---- places ----------------------------------------------------------------

linked_worktrees_are_read_with_a_configuration_each() {
	_origin
	git -C "$T/ops" worktree add -q "$T/linked" -b other
	_works "$T/linked"
	git -C "$T/ops" config core.repositoryFormatVersion 1
	git -C "$T/ops" config extensions.worktreeConfig true
	git -C "$T/linked" config --worktree some.key value
	git -C "$T/ops" config --worktree some.key value
	_works "$T/linked"
	_works "$T/ops"
}

a_bare_repository_is_read_but_has_no_files() {
	_origin
	git clone -q --bare "$T/ops" "$T/ops.git"
	_works "$T/ops.git"
	_one_error bridge catalog diff HEAD --catalog "$T/ops.git"
	err_has 'is a bare repository and has no working tree; name a revision'
	_one_error bridge catalog list --rev INDEX --catalog "$T/ops.git"
	err_has 'is a bare repository and has no index; name a revision'
	git -C "$T/ops.git" worktree add -q "$T/ops.git/inner" -b other
	_works "$T/ops.git/inner"
	expect 0 bridge catalog validate --rev WORKTREE --catalog "$T/ops.git/inner"
}

a_lost_alternate_is_named() {
	_origin
	git clone -q --shared "$T/ops" "$T/clone"
	_works "$T/clone"
	mv "$T/ops" "$T/moved"
	_refuses "$T/clone" "commit [0-9a-f]{40} of revision 'HEAD(~1)?' is not in the repository; its alternate '$T/ops/.git/objects' is not there|unknown revision 'HEAD~1'"
	err_has 'its alternate'

	echo "$T/moved/.git/objects" >"$T/clone/.git/objects/info/alternates"
	_works "$T/clone"
}

a_catalog_may_be_a_submodule() {
	_origin
	git config --global protocol.file.allow always
	git init -q -b main "$T/whole"
	git -C "$T/whole" submodule --quiet add "$T/ops" ops
	commit "$T/whole" 'add ops'
	_works "$T/whole/ops"

	git clone -q "$T/whole" "$T/clone"
	_one_error bridge catalog list --catalog "$T/clone/ops"
	err_has "'ops' is a submodule that is not checked out: "
	_run_what_it_says_after 'not checked out: '
	_works "$T/clone/ops"
}

a_detached_head_is_a_revision_like_any_other() {
	_origin
	git -C "$T/ops" checkout -q --detach
	_works "$T/ops"
}

an_unborn_head_says_what_there_is_instead() {
	_origin
	git init -q -b main "$T/new"
	cp -r "$T/ops/domains" "$T/ops/actors" "$T/new"
	_one_error bridge catalog list --catalog "$T/new"
	err_has 'has no commit yet; use --rev WORKTREE'
	expect 0 bridge catalog validate --catalog "$T/new" --rev WORKTREE

	git init -q --bare -b trunk "$T/new.git"
	_one_error bridge catalog list --catalog "$T/new.git"
	err_has 'has no commit yet; push one to it'
	err_lacks 'WORKTREE'

	git -C "$T/ops" push -q "$T/new.git" main
	_one_error bridge catalog list --catalog "$T/new.git"
	err_has 'names a branch that has no commit; others have: use --rev main '
	expect 0 bridge catalog validate --catalog "$T/new.git" --rev main
}

# ---- damage ----------------------------------------------------------------

a_missing_object_is_fetched_again_from_where_it_came() {
	_origin
	git clone -q "$T/ops" "$T/clone" # hard links: loose, as in the original
	rm -f "$(_loose "$T/clone" HEAD:domains/edge/bridges/b1.yaml)"
	_one_error bridge catalog show b1 --catalog "$T/clone"
	err_has "object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml' is not in the repository; run git "
	err_lacks 'partial'
	_one_error bridge catalog validate --catalog "$T/clone"
	expect 0 bridge catalog show b2 --catalog "$T/clone"
	_one_error bridge targets show gateway --catalog "$T/clone"
	_one_error bridge up b1 --catalog "$T/clone"

	_run_what_it_says_after ' run '
	_works "$T/clone"
}

without_a_remote_another_clone_can_help() {
	_origin
	git clone -q "$T/ops" "$T/clone"
	rm -f "$(_loose "$T/ops" HEAD:domains/edge/bridges/b1.yaml)"
	_one_error bridge catalog validate --catalog "$T/ops"
	err_has 'fetch --refetch CLONE, another clone that has it'
	sed -i "s|CLONE, another clone that has it|$T/clone|" "$ERR"
	_run_what_it_says_after ' run '
	_works "$T/ops"
}

a_damaged_object_is_removed_and_fetched_again() {
	_origin
	git clone -q --no-hardlinks "$T/ops" "$T/clone"
	local file
	file=$(_loose "$T/clone" HEAD:domains/edge/bridges/b1.yaml)
	chmod u+w "$file"
	echo damage >"$file"
	_one_error bridge catalog show b1 --catalog "$T/clone"
	err_has "cannot read the object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml': "
	_one_error bridge catalog validate --catalog "$T/clone"

	_run_what_it_says_after ' run '
	_works "$T/clone"
}

an_index_that_points_behind_its_pack_is_made_anew() {
	_origin
	git_here "$T/ops" repack -qad
	git clone -q --shared "$T/ops" "$T/clone"
	local index at
	index=$(echo "$T/ops"/.git/objects/pack/pack-*.idx)
	chmod u+w "$index"
	# The first offset: behind the fan-out, and an id and a checksum each.
	at=$((8 + 1024 + 24 * $(git -C "$T/ops" count-objects -v | sed -n 's/^in-pack: //p')))
	printf '\x7f\x00\x00\x00' | dd of="$index" bs=1 seek=$at conv=notrunc status=none

	for at in ops clone; do
		_one_error bridge catalog validate --catalog "$T/$at"
		err_has "pack-[0-9a-f]{40}.idx' does not fit its pack; "
	done
	_run_what_it_says_after ' run '
	_works "$T/ops"
	_works "$T/clone"
}

an_index_of_packs_that_points_behind_them_is_done_without() {
	_origin
	git_here "$T/ops" repack -qad
	git -C "$T/ops" multi-pack-index write
	local index=$T/ops/.git/objects/pack/multi-pack-index
	_works "$T/ops"
	chmod u+w "$index"
	python3 - "$index" <<-'PYTHON'
		import struct, sys
		with open(sys.argv[1], "r+b") as file:
		    index = file.read()
		    for at in range(12, 12 + 12 * index[6], 12):
		        if index[at:at + 4] == b"OOFF":
		            file.seek(struct.unpack(">Q", index[at + 4:at + 12])[0] + 4)
		            file.write(struct.pack(">I", 0x0c000001))
	PYTHON

	_one_error bridge catalog validate --catalog "$T/ops"
	err_has "multi-pack-index' does not fit its packs; "
	_run_what_it_says_after ' run '
	_works "$T/ops"
}

a_disk_full_of_damage_is_one_message() {
	_origin
	local i file
	for i in 1 2 3; do
		file=$(_loose "$T/ops" "HEAD:domains/edge/bridges/b$i.yaml")
		chmod u+w "$file"
		echo damage >"$file"
	done
	_one_error bridge catalog validate --catalog "$T/ops"
	err_has "of 'domains/edge/bridges/b1.yaml': .*; 2 more cannot be read"
}

a_lost_catalog_yaml_or_schema_is_not_passed_over() {
	_origin
	printf 'name: Ops\n' >"$T/ops/catalog.yaml"
	mkdir "$T/ops/schemas"
	printf 'type: object\n' >"$T/ops/schemas/bridge.schema.yaml"
	printf 'type: object\n# t\n' >"$T/ops/schemas/target.schema.yaml"
	printf 'type: object\n# d\n' >"$T/ops/schemas/domain.schema.yaml"
	commit "$T/ops" settings
	local file command
	for file in catalog.yaml schemas/bridge.schema.yaml; do
		mv "$(_loose "$T/ops" "HEAD:$file")" "$T/kept"
		for command in 'catalog validate' 'catalog show b1' 'catalog graph' 'catalog diff HEAD HEAD' 'up b1'; do
			[ "$file $command" != 'schemas/bridge.schema.yaml up b1' ] || continue
			_one_error bridge $command --catalog "$T/ops"
			err_has "object [0-9a-f]{40} of '$file' is not in the repository"
		done
		mv "$T/kept" "$(_loose "$T/ops" "HEAD:$file")"
	done
}

a_lost_folder_of_the_past_is_no_change() {
	_origin
	rm -f "$(_loose "$T/ops" HEAD~1:domains/edge/bridges)"
	_one_error bridge catalog log b1 --catalog "$T/ops"
	err_has "an object of 'domains/edge/bridges/b1.yaml' is not in the repository"
	out_lacks 'added'
}

a_lost_document_of_the_past_may_be_what_was_renamed() {
	_origin
	local at=$T/ops/domains/edge/bridges damaged
	git_here "$T/ops" mv "$at/b1.yaml" "$at/c1.yaml"
	sed -i 's/8002/8003/' "$at/c1.yaml"
	commit "$T/ops" 'b1 is c1'
	expect 0 bridge catalog log c1 --catalog "$T/ops"
	out_has 'renamed from domains/edge/bridges/b1.yaml'

	damaged=$(_loose "$T/ops" HEAD~1:domains/edge/bridges/b1.yaml)
	chmod u+w "$damaged"
	echo damage >"$damaged"
	_one_error bridge catalog log c1 --catalog "$T/ops"
	err_has "cannot read the object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml'"
	out_lacks 'added'
	rm -f "$damaged"
	_one_error bridge catalog log c1 --catalog "$T/ops"
	err_has "object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml' is not in the repository"
	out_lacks 'added'
}

a_lost_commit_of_the_past_is_no_shallow_clone() {
	_origin
	rm -f "$(_loose "$T/ops" HEAD~1)"
	_one_error bridge catalog log b1 --catalog "$T/ops"
	err_has 'object [0-9a-f]{40} of '
	err_lacks 'shallow'
}

what_is_gone_is_not_unknown_where_the_past_is_lost() {
	_origin
	git_here "$T/ops" rm -q domains/edge/bridges/b1.yaml
	commit "$T/ops" 'no b1'
	git_here "$T/ops" commit -q --allow-empty -m later
	expect 0 bridge catalog log b1 --catalog "$T/ops"
	expect 1 bridge catalog log b9 --catalog "$T/ops"
	local lost words file
	while read -r lost words; do
		file=$(_loose "$T/ops" "$lost")
		mv "$file" "$T/kept"
		_one_error bridge catalog log b1 --catalog "$T/ops"
		err_has "$words' is not in the repository"
		err_lacks 'shallow'
		mv "$T/kept" "$file"
	done <<-END
		HEAD~2 object [0-9a-f]{40} of '\.
		HEAD~2^{tree} object [0-9a-f]{40} of '\.
		HEAD~2:domains/edge object [0-9a-f]{40} of 'domains/edge
		HEAD~2:domains/edge/bridges object [0-9a-f]{40} of 'domains/edge/bridges
		HEAD~2:domains/edge/bridges/b1.yaml object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml
		HEAD~3 object [0-9a-f]{40} of 'domains/edge/bridges/b1.yaml
	END
	git clone -q --depth 1 "$URL" "$T/shallow"
	expect 1 bridge catalog log b1 --catalog "$T/shallow"
	err_has "no definition is called 'b1'"
	err_has "shallow clone; for the rest run git -C $T/shallow fetch --unshallow\$"
}

what_is_gone_below_a_lost_folder_is_not_unknown() {
	forgive_libgit2
	mkdir "$T/repo"
	make_catalog "$T/repo/some/cat"
	mv "$T/repo/some/cat/.git" "$T/repo/"
	add_bridge "$T/repo/some/cat" hub 18000 8000
	commit "$T/repo" 'add hub'
	rm "$T/repo/some/cat/domains/edge/bridges/hub.yaml"
	commit "$T/repo" 'no hub'
	expect 0 bridge catalog log hub --catalog "$T/repo/some/cat"
	rm -f "$(_loose "$T/repo" HEAD~1:some)"
	_one_error bridge catalog log hub --catalog "$T/repo/some/cat"
	err_has "an object of 'some/cat' is not in the repository"
}

# ---- the bridges themselves ------------------------------------------------

bridges_come_up_from_a_clone_of_every_kind() {
	forgive_libgit2
	start_sshd
	start_service "$(free_port | tee "$T/port")" 'hello from home'
	make_catalog
	add_bridge "$T/ops" b1 "$(free_port)" "$(cat "$T/port")"
	commit "$T/ops" 'add b1'
	git -C "$T/ops" config uploadpack.allowFilter true
	git clone -q --depth 1 --no-checkout --filter=blob:none "file://$T/ops" "$T/clone"
	_one_error bridge up b1 --catalog "$T/clone"
	_run_what_it_says_after ' run '
	git -C "$T/clone" worktree add -q --no-checkout "$T/linked" -b other
	expect 0 bridge up b1 --catalog "$T/linked"
	same "$(fetch "http://127.0.0.1:$(sed -n 's/^remote_port: //p' "$T/ops/domains/edge/bridges/b1.yaml")/")" \
		'hello from home'
}

run_tests
