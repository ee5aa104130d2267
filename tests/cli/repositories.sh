# The kinds of repository there are: each is read, or says exactly why not and
# what to run; where a message gives a command, it is run here as it stands.
. "$(dirname "$0")/origin.sh"

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

a_linked_working_tree_of_a_sha256_repository_says_the_same() {
	_origin
	git init -q -b main --object-format=sha256 "$T/sha"
	git -C "$T/ops" fast-export --all | git -C "$T/sha" fast-import --quiet
	git -C "$T/sha" worktree add -q "$T/linked" --detach main
	_refuses "$T/linked" 'SHA-256.*use --rev WORKTREE'
	expect 0 bridge catalog validate --catalog "$T/linked" --rev WORKTREE
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
	[ "$(id -u)" = 0 ] || skip "only root can give files away: run as root"
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
