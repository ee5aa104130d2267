# Completion: what `bridge complete` _offers, and the three real shells.
. "$(dirname "$0")/lib.sh"

_catalog() {
	make_catalog
	add_bridge "$T/ops" hub 9001 9002
	add_bridge "$T/ops" house 9003 9004
	commit "$T/ops"
	git_here "$T/ops" branch topic/one
	git_here "$T/ops" tag v1.2
}

# _offers WORD...: the values that the last word may become, in a line.
_offers() {
	bridge complete -- "$@" | cut -f1 | tr '\n' ' ' | sed 's/ $//'
}

every_command_and_option_is_offered() {
	local name
	_offers '' | tr ' ' '\n' >"$T/first"
	bridge --help | sed '/^Options/,$d' | grep '^  ' | awk '{ print $1 }' | sort -u >"$T/names"
	[ "$(wc -l <"$T/names")" -ge 12 ]
	while read -r name; do
		grep -qx "$name" "$T/first" || fail "no $name"
	done <"$T/names"
	same "$(sort "$T/first" | uniq -d)" ''
	grep -qxE 'complete|manual' "$T/first" && fail "what is for programs is offered"
	same "$(_offers catalog --rev HEAD va)" validate
	same "$(_offers st)" status
	same "$(_offers catalog va)" validate
	same "$(_offers mcp '')" register
	same "$(_offers help catalog sh)" show
	same "$(_offers help sta)" status
	for name in up 'catalog validate' status; do
		# shellcheck disable=SC2086
		bridge $name --help | grep -oE '^  .{4}--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort >"$T/a"
		# shellcheck disable=SC2086
		_offers $name -- | tr ' ' '\n' | sort >"$T/b"
		cmp "$T/a" "$T/b"
	done
}

live_names_ids_revisions_and_rules_are_offered() {
	_catalog
	same "$(_offers up '')" 'house hub'
	same "$(_offers up -q house h)" 'house hub'
	same "$(_offers logs '')" 'house hub'
	same "$(_offers logs hub '')" ''
	same "$(_offers catalog show hu)" hub
	same "$(_offers catalog log '')" 'edge gateway house hub agent.test'
	same "$(_offers targets show '')" gateway
	same "$(_offers up --domain '')" edge
	same "$(_offers status --rev '')" 'HEAD INDEX WORKTREE main topic/one v1.2'
	same "$(_offers status --rev=to)" '--rev=topic/one'
	same "$(_offers status --rev = to)" topic/one
	same "$(_offers catalog validate --since v)" v1.2
	same "$(_offers catalog diff m)" main
	same "$(_offers catalog explain port/)" port/clash
	same "$(_offers catalog schema tu)" tunnels
	same "$(_offers catalog validate --format sa)" sarif
	same "$(_offers status --color '')" 'auto always never'
	same "$(_offers mcp register --scope p)" project
	same "$(_offers completion z)" zsh
	same "$(_offers --config '')" :files
	same "$(_offers catalog validate '')" :files
}

options_that_were_typed_say_where_to_look() {
	_catalog
	rm "$HOME/.config/bridge/tunnels.yaml"
	same "$(_offers catalog show hu)" ''
	same "$(_offers --catalog "$T/ops" catalog show hu)" hub
	same "$(_offers catalog show --catalog "$T/ops" hu)" hub
}

without_anything_to_offer_there_is_silence() {
	expect 0 bridge complete -- nosuch ''
	same "$(cat "$OUT" "$ERR")" ''
	expect 0 bridge complete -- up ''
	same "$(cat "$OUT" "$ERR")" ''
	expect 0 bridge complete
	expect 0 bridge complete -- --rev
	expect 0 bridge complete -- status --nosuch=x
	expect 2 bridge completion tcsh
}

# typed SHELL... <KEYS: what the shell shows for these keys, on a terminal.
_typed() {
	python3 - "$@" <<-'PY'
		import os, pty, select, sys, time
		shell, setup, keys, wanted = sys.argv[1:5]
		pid, fd = pty.fork()
		if not pid:
		    os.environ["TERM"] = "dumb"
		    os.execvp(shell.split()[0], shell.split())
		seen = ""
		def until(what):
		    global seen
		    deadline = time.monotonic() + 60
		    while what not in seen:
		        if time.monotonic() > deadline or not select.select([fd], [], [], 60)[0]:
		            sys.exit("no %r in %r" % (what, seen))
		        seen += os.read(fd, 4096).decode(errors="replace")
		os.write(fd, (setup + "\n").encode())
		until("READY" + "ready")
		seen = ""
		os.write(fd, keys.encode())
		until(wanted)
		os.close(fd)
	PY
}

bash_completes() {
	_catalog
	git_here "$T/ops" branch 'x;reboot'
	mkdir -p "$HOME/bin" && ln -sf "$BUILD/bridge" "$HOME/bin/bridge"
	for row in 'bridge stat	|bridge status ' '~/bin/bridge stat	|bridge status ' '$HOME/bin/bridge stat	|bridge status ' 'bridge catalog show hu	|show hub' \
		'bridge status --rev=to	|--rev=topic/one' 'bridge status --rev x	|x\;reboot'; do
		expect 0 _typed 'bash --norc --noprofile -i' \
			"PS1='$ '; source <(bridge completion bash); printf 'READY%s' ready" "${row%%|*}" "${row#*|}"
	done
}

zsh_completes() {
	need zsh zsh
	_catalog
	git_here "$T/ops" branch 'x;reboot'
	mkdir -p "$HOME/bin" && ln -sf "$BUILD/bridge" "$HOME/bin/bridge"
	for row in 'bridge stat	|bridge status' '~/bin/bridge stat	|bridge status' '$HOME/bin/bridge stat	|bridge status' 'bridge catalog show hu	|show hub' \
		'bridge status --rev=to	|--rev=topic/one' 'bridge status --rev x	|x\;reboot'; do
		expect 0 _typed 'zsh -f -i' \
			"PS1='% '; autoload -U compinit; compinit -u -D; source <(bridge completion zsh); printf 'READY%s' ready" \
			"${row%%|*}" "${row#*|}"
	done
}

fish_completes() {
	need fish fish
	_catalog
	_fish() { expect 0 fish --no-config -c "bridge completion fish | source; complete -C '$1'"; }
	_fish 'bridge stat'
	out_has '^status	show all bridges'
	mkdir -p "$HOME/bin" && ln -sf "$BUILD/bridge" "$HOME/bin/bridge"
	_fish '~/bin/bridge stat'
	out_has '^status	show all bridges'
	_fish '$HOME/bin/bridge stat'
	out_has '^status	show all bridges'
	_fish 'bridge catalog show hu'
	out_has '^hub'
	_fish 'bridge status --rev=to'
	out_has '^--rev=topic/one'
	touch "$T/some.yaml"
	_fish "bridge --config $T/so"
	out_has 'some.yaml'
}

run_tests
