# The house itself: the demo, the layers, an installed tree.
. "$(dirname "$0")/lib.sh"

the_demo_shows_the_main_job_and_leaves_nothing_behind() {
	mkdir "$T/tmp"
	TMPDIR=$T/tmp expect 0 bash "$ROOT/tests/demo.sh"
	out_has '^hello from this machine$'
	same "$(ls -A "$T/tmp")" ''
	! pgrep -f "$T/tmp" >/dev/null || fail "a process is left"
}

an_interrupted_demo_leaves_nothing_behind() {
	mkdir "$T/tmp"
	TMPDIR=$T/tmp setsid bash "$ROOT/tests/demo.sh" >"$T/log" 2>&1 &
	local demo=$!
	started $demo
	_is_up() { compgen -G "$T/tmp/*/state/state-hub.pid"; }
	wait_until 20 _is_up

	kill -TERM -- -$demo

	wait_until 15 is_gone $demo
	same "$(ls -A "$T/tmp")" ''
	! pgrep -f "$T/tmp" >/dev/null || fail "a process is left"
}

# refused FILE HEADER: an include that the layers do not allow.
_refused() {
	expect 0 sh "$ROOT/tests/layers.sh"
	cp "$1" "$T/kept"
	sed -i "1i #include \"$2\"" "$1"
	expect 1 sh "$ROOT/tests/layers.sh"
	err_has "$1:1:"
	cp "$T/kept" "$1"
}

an_include_that_points_up_or_aside_is_found() {
	mkdir "$T/tree"
	cp -r "$ROOT/schema" "$ROOT/catalog" "$ROOT/tunnel" "$ROOT/cmd" "$T/tree/"
	cd "$T/tree"

	_refused catalog/resolve/config.c tunnel/ssh/argv.h
	_refused catalog/store/parse.c catalog/rules/rules.h
	_refused tunnel/state/audit_log.c tunnel/control/protocol.h
	_refused cmd/ui/table.c cmd/context/command.h
	_refused cmd/catalog/show.c catalog/store/types.h
}

# Each of these stood in several files once.
one_definition_serves_all() {
	local name
	for name in write_all own_grow json_text; do
		same "$(grep -rnE "^[a-z].*\\b$name\\(" --include='*.c' \
			"$ROOT/schema" "$ROOT/catalog" "$ROOT/tunnel" "$ROOT/cmd" |
			grep -cv ';$')" 1
	done
}

an_installed_tree_works_wherever_it_is_put() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	commit "$T/ops"
	mkdir -p "$T/usr/bin" "$T/usr/libexec/bridge"
	cp "$BUILD/bridge" "$T/usr/bin/"
	cp "$BUILD/bridge-supervisor" "$T/usr/libexec/bridge/"
	PATH=$T/usr/bin:$T/bin:/usr/bin:/bin

	expect 0 bridge up hub
	expect 0 bridge down hub
}

every_command_of_the_readme_is_in_help_and_the_other_way_round() {
	bridge help | sed -nE 's/^  ([a-z]+( [a-z]+)?)( [[A-Z].*| {2,}.*)$/\1/p' | sort >"$T/help"
	sed -nE 's/^    bridge ([a-z]+( [a-z]+)?)( [[A-Z].*| {2,}.*)$/\1/p' "$ROOT/README.md" |
		grep -v '^help$' | sort -u >"$T/readme"
	[ "$(wc -l <"$T/help")" -ge 10 ] || fail "too few commands in help"
	diff "$T/help" "$T/readme" || fail "README and help differ"
}

what_contributing_names_is_there() {
	local path
	grep -oE '`[a-z]+/[A-Za-z0-9_./*-]+`' "$ROOT/.github/CONTRIBUTING.md" | tr -d '`' |
		grep -v 'NAME\|ID\|KIND' | sort -u >"$T/paths"
	[ "$(wc -l <"$T/paths")" -ge 10 ] || fail "too few paths are named"
	while read -r path; do
		compgen -G "$ROOT/$path" >/dev/null || fail "there is no $path"
	done <"$T/paths"
	sed -nE 's/^    make ([a-z -]+)( *#.*)?$/\1/p' "$ROOT/.github/CONTRIBUTING.md" |
		tr ' ' '\n' | sed '/^$/d' >"$T/targets"
	[ "$(wc -l <"$T/targets")" -ge 5 ] || fail "too few targets are named"
	while read -r path; do
		grep -qE "^$path:" "$ROOT/Makefile" || fail "there is no make $path"
	done <"$T/targets"
}

run_tests
