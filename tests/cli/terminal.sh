# What people see, on a real terminal: tmux's, at 80 and at 200 columns.
. "$(dirname "$0")/lib.sh"

# _terminal COLUMNS ROWS: a shell in a terminal of that size.
_terminal() {
	need tmux tmux
	unset TMUX
	export TMUX_TMPDIR=$T
	mkdir -p "$T/tmux-$(id -u)" && chmod 700 "$T/tmux-$(id -u)"
	tmux -f /dev/null -u new-session -d -x "$1" -y "$2" \
		"PS1='\$ ' exec bash --norc --noprofile"
	started "$(tmux display -p '#{pid}')"
	wait_until 10 _shows '^\$'
}

_size_is() {
	[ "$(stty -F "$(tmux display -p '#{pane_tty}')" size)" = "$2 $1" ]
}

_resize() {
	tmux resize-window -x "$1" -y "$2"
	wait_until 10 _size_is "$1" "$2"
}

_type() {
	tmux send-keys -- "$@"
}

# On an empty screen, which tmux clears at once: what is seen afterwards is new.
# Keys that come while another program has the terminal may be that one's.
_run() {
	wait_until 10 _shell_reads
	tmux send-keys -R
	_type "clear; $1" Enter
}

_shell_reads() {
	[ "$(tmux display -p '#{pane_current_command}')" = bash ]
}

_screen() {
	tmux capture-pane -p
}

_shows() {
	_screen | grep -qE -- "$1"
}

_shows_not() {
	! _shows "$1"
}

_see() {
	(wait_until 15 _shows "$1") || fail "the screen is: $(_screen)"
}

# The columns its widest line takes, wide characters counted twice.
_widest() {
	python3 -c 'import sys, unicodedata
def width(line):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
print(max(width(line.rstrip("\n")) for line in sys.stdin))'
}

# Where in its line a word begins, in columns.
_column() {
	python3 -c 'import sys, unicodedata
for line in sys.stdin:
    at = line.find(sys.argv[1])
    if at >= 0:
        print(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:at]))
        break' "$1"
}

_ready() {
	start_sshd
	make_catalog
	add_bridge "$T/ops" hub "$(free_port)" 9
	printf 'host: no-such-host.invalid\nssh_user: x\nssh_key: %s\n' "$T/key" \
		>"$T/ops/domains/edge/targets/nowhere.yaml"
	printf 'target: nowhere\nremote_port: 18001\nlocal_port: 9\nactor: agent.test\n' \
		>"$T/ops/domains/edge/bridges/a-bridge-whose-name-is-rather-long.yaml"
	commit "$T/ops"
}

status_fits_eighty_columns() {
	_ready
	expect 1 bridge up
	_terminal 80 24
	_run 'bridge status'
	_see '^hub +connected .* s ago$'
	_see '^a-bridge-whose-name-is-[a-z]*… +reconnecting .*retry in [0-9]+ s +[0-9]+ s ago \(dns\)'
	_shows '^NAME +STATE +UPTIME .*LAST EVENT$' || fail "not: $(_screen)"
	_shows 'REMOTE|HEALTH' && fail "it has columns there is no room for: $(_screen)"
	# Nothing has been wrapped: a line a bridge, the head and two prompts.
	same "$(_screen | grep -vc '^$')" 4
}

status_shows_all_at_two_hundred_columns() {
	_ready
	expect 1 bridge up
	_terminal 200 24
	_run 'bridge status'
	_see '^NAME +STATE +HEALTH +UPTIME +HOST +REMOTE +LOCAL +ACTOR +LAST EVENT$'
	_see '^a-bridge-whose-name-is-rather-long +reconnecting .* no-such-host.invalid +18001 +9 +agent.test +[0-9]+ s ago \(dns\): .*Could not resolve'
	same "$(_screen | grep -vc '^$')" 4
}

a_pipe_gets_everything_plain_and_with_times() {
	_ready
	expect 1 bridge up
	_terminal 80 24
	_run "bridge status | cat >$T/piped; echo done"
	_see '^done'
	grep -qE '^a-bridge-whose-name-is-rather-long +reconnecting .*20[0-9-]+T[0-9:]+ bridge_reconnecting \(dns\): .*Could not resolve.*next attempt' \
		"$T/piped" || fail "not whole: $(cat "$T/piped")"
	grep -qF $'\033' "$T/piped" && fail "there are escapes in it"
	_run "bridge status --color always | grep -c '\[3[123]m'"
	_see '^2$'
}

states_are_coloured_but_not_with_no_color() {
	_ready
	expect 1 bridge up
	_terminal 80 24
	_run 'bridge status'
	_see '^hub'
	tmux capture-pane -p -e | grep -qF $'\033[32mconnected' || fail "connected is not green"
	tmux capture-pane -p -e | grep -qF $'\033[33mreconnecting' || fail "reconnecting is not yellow"
	_run 'NO_COLOR=1 bridge status'
	_see '^hub'
	tmux capture-pane -p -e | grep -F $'\033[3' && fail "there is colour"
	_run 'TERM=dumb bridge status'
	_see '^hub'
	tmux capture-pane -p -e | grep -F $'\033[3' && fail "there is colour"
	true
}

wide_names_are_aligned_and_cut_between_characters() {
	make_catalog
	printf 'name: 橋の領域と長い名前が続いていて八十桁には入りきらないもの\nowner: 運用チーム\n' \
		>"$T/ops/domains/edge/domain.yaml"
	mkdir -p "$T/ops/domains/second"
	printf 'name: Zweite Domäne\nowner: größere Gruppe\n' >"$T/ops/domains/second/domain.yaml"
	printf 'host: a.example.org\ndescription: 東京にある最初の踏み台サーバーで、すべての接続がここを通ります\n' \
		>"$T/ops/domains/edge/targets/gateway.yaml"
	commit "$T/ops"
	_terminal 80 24
	_run 'bridge catalog list'
	_see '^second'
	same "$(_screen | _column 橋の)" "$(_screen | _column Zweite)"
	_shows '^edge .*…$' || fail "nothing is cut: $(_screen)"
	_run 'bridge targets'
	_see '^gateway'
	_shows '東京.*…$' || fail "nothing is cut: $(_screen)"
	[ "$(_screen | _widest)" -le 80 ] || fail "too wide"
	same "$(_screen | grep -vc '^$')" 3
	_resize 200 24
	_run 'bridge targets'
	_see '通ります$'
	# Where the locale knows no such character, three dots.
	_resize 80 24
	_run 'LC_ALL=C bridge targets'
	_see '\.\.\.$'
}

_watching() {
	_terminal "$1" "$2"
	_type 'echo before' Enter
	_see '^before'
	tmux pipe-pane "cat >>$T/raw"
	_type 'bridge status --watch' Enter
	_see 'q quits'
}

watch_shows_what_happens_and_quits_on_q() {
	_ready
	expect 0 bridge up hub
	_watching 80 24
	_see '^2 bridges: 1 connected, 1 stopped '
	_shows_not '^before' || fail "the screen is not its own"
	_see '^hub +connected .* ([4-9]|[1-9][0-9]+) s ago'
	kill -9 "$(ssh_pid hub)"
	_see '^hub +connected .* [0-3] s ago'
	expect 0 bridge down hub
	_see '^2 bridges: 2 stopped; no supervisor runs '
	expect 0 bridge up hub
	_see '^2 bridges: 1 connected, 1 stopped '
	_type q
	_see '^before'
	_shows_not 'q quits' || fail "the screen is not as it was"
	_type 'stty -a; echo status $?' Enter
	_see '^status 0'
	_shows ' icanon' || fail "keys are still raw"
	_shows ' echo ' || fail "what is typed does not show"
}

watch_redraws_in_place_without_clearing() {
	_ready
	expect 0 bridge up hub
	_watching 80 24
	# Once a second, and sooner when something happens.
	_redrawn() { [ "$(grep -oF $'\033[?2026h\033[H' "$T/raw" | wc -l)" -ge 3 ]; }
	wait_until 20 _redrawn
	_type q
	_see '^before'
	wait_until 5 grep -qF $'\033[?1049l' "$T/raw"
	grep -qF $'\033[2J' "$T/raw" && fail "it clears the screen"
	same "$(grep -oF $'\033[?2026h' "$T/raw" | wc -l)" "$(grep -oF $'\033[?2026l' "$T/raw" | wc -l)"
	# A cursor that was hidden is back.
	grep -qF $'\033[?25h' "$T/raw" || fail "the cursor is lost"
}

watch_scrolls_when_there_are_more_than_lines() {
	local i
	start_sshd
	make_catalog
	for i in $(seq 10 29); do add_bridge "$T/ops" "b$i" "$(free_port)" 9 'share_connection: true'; done
	commit "$T/ops"
	expect 0 bridge up
	_watching 80 10
	_see '^20 bridges: 20 connected +1-8 of 20  q quits'
	_type j
	_see ' 2-9 of 20 '
	_shows '^NAME' || fail "the head has gone"
	_shows '^b10 ' && fail "the first is still there"
	_type Down PageDown
	_see ' 11-18 of 20 '
	_type G
	_see '13-20 of 20'
	_see '^b29 '
	_type j j j k
	_see '12-19 of 20'
	_type g
	_see ' 1-8 of 20'
	_resize 100 30
	_see '^b29 '
	_shows_not ' of 20 ' || fail "it says that there is more"
	_type q
	_see '^before'
}

watch_can_be_suspended_and_interrupted() {
	_ready
	expect 0 bridge up hub
	_watching 80 24
	_type C-z
	_see 'Stopped'
	_shows '^before' || fail "the terminal was not given back"
	_type 'stty -a' Enter
	_see ' icanon'
	_type fg Enter
	_see 'q quits'
	_type C-c
	_see '^before'
	_type 'echo status $?' Enter
	_see '^status 130'
	_run 'bridge status --watch </dev/null'
	_see '\^C quits'
	_type C-c
	_run 'bridge status --watch nobody; echo status $?'
	_see "no bridge is called 'nobody'"
	_see '^status 1'
}

a_stopped_supervisor_does_not_keep_anybody_watching() {
	_ready
	expect 0 bridge up hub
	_watching 80 24
	kill -STOP "$(cat "$BRIDGE_STATE_DIR/hub.pid")"
	_type q
	_see '^before'
	kill -CONT "$(cat "$BRIDGE_STATE_DIR/hub.pid")"
}

watch_takes_the_terminal_again_after_any_stop() {
	_ready
	expect 0 bridge up hub
	_watching 80 24
	kill -STOP "$(pgrep -P "$(tmux display -p '#{pane_pid}')" -x bridge)"
	_see 'Stopped'
	_type 'fg' Enter
	_see 'q quits'
	_type q
	_see '^before'
}

narrow_terminals_get_what_matters() {
	_ready
	add_bridge "$T/ops" "$(printf 'n%.0s' {1..63})" "$(free_port)" 9
	commit "$T/ops"
	expect 1 bridge up
	_terminal 40 12
	_run 'bridge status'
	_see '^hub +connected'
	_see '^n+… +connected'
	same "$(_screen | grep -vc '^$')" 5
	_run 'bridge status --watch'
	_see 'q quits$'
	_type q
	_run 'bridge targets'
	_see '^gateway '
	same "$(_screen | grep -vc '^$')" 4
	_resize 20 12
	_run 'bridge status'
	_see '^hub '
	[ "$(_screen | _widest)" -le 20 ] || fail "too wide: $(_screen)"
}

watch_ends_with_its_terminal() {
	local signal
	_ready
	expect 0 bridge up hub
	_terminal 80 24
	for signal in '' "trap '' HUP; "; do
		tmux new-window "${signal}echo \$\$ >'$T/watching'; exec bridge status --watch"
		_see 'q quits'
		tmux kill-window
		wait_until 10 is_gone "$(cat "$T/watching")"
	done
}

up_says_whom_it_waits_for() {
	_ready
	mute_target
	printf 'target: mute\nremote_port: 18002\nlocal_port: 9\nactor: agent.test\n' \
		>"$T/ops/domains/edge/bridges/silent.yaml"
	commit "$T/ops"
	expect 0 bridge up hub
	_terminal 80 24
	_run 'bridge up hub silent --wait 5'
	_see '^[1-5] s: 1 of 2 settled; waiting for silent$'
	_see '^silent +starting'
	_shows_not 'settled' || fail "the line has not gone"
	expect 0 bridge down
	# A line that is written over must not be wider than what there really is.
	_run 'COLUMNS=300 bridge up hub silent --wait 3'
	_see '^silent +starting'
	_shows_not 'settled' || fail "lines are left: $(_screen)"
	expect 0 bridge down
	_run "bridge up hub silent --wait 2 2>$T/err; echo done"
	_see '^done'
	grep -q settled "$T/err" && fail "it is told in a file"
	expect 0 bridge down
	tmux clear-history
	tmux pipe-pane "cat >>$T/raw"
	_run 'bridge up hub silent --wait 2 -q; echo done'
	_see '^done'
	grep -q settled "$T/raw" && fail "-q is not quiet"
	true
}

run_tests
