# The main job through MCP, on a real sshd: bridges come up, are seen and heard
# of, and go down; they outlive the session.
. "$(dirname "$0")/lib.sh"

_ready() {
	start_sshd "$@"
	LOCAL=$(free_port) REMOTE=$(free_port)
	start_service "$LOCAL" hello
	make_catalog
	add_bridge "$T/ops" hub "$REMOTE" "$LOCAL"
	add_bridge "$T/ops" taken "$LOCAL" "$LOCAL" 'reconnect: {backoff_initial: 50}'
	commit "$T/ops"
}

a_bridge_of_the_catalog_comes_up_is_watched_and_goes_down() {
	_ready
	mcp "$REMOTE" <<-'PY'
		import urllib.request
		for version in "2025-11-25", MODERN:
		    c = Client(version=version)
		    same([t["id"] for t in c.call("catalog_list_targets")["structuredContent"]["targets"]], ["gateway"])
		    if version == MODERN:
		        stream = c.start("subscriptions/listen", notifications={"resourceSubscriptions": ["bridge://status/hub"]})
		        c.heard("notifications/subscriptions/acknowledged")
		    else:
		        c.ask("resources/subscribe", uri="bridge://status/hub")
		    # The same by another name, and heard of by that.
		    other = c.start("subscriptions/listen", id="other", modern=True,
		                    notifications={"resourceSubscriptions": ["bridge://status/h%75b"]})
		    c.heard("notifications/subscriptions/acknowledged")
		    up = c.call("bridge_up", bridges=["hub"])
		    same((up["isError"], up["structuredContent"]["bridges"][0]["state"]), (False, "connected"))
		    c.heard("notifications/resources/updated", uri="bridge://status/hub")
		    c.heard("notifications/resources/updated", uri="bridge://status/h%75b")
		    c.tell("notifications/cancelled", requestId="other")
		    same(urllib.request.urlopen("http://127.0.0.1:%s/" % sys.argv[1]).read().decode(), "hello")
		    def status():
		        return c.call("bridge_status", bridges=["hub"])["structuredContent"]["bridges"][0]
		    while c.seen.qsize(): c.kept.append(c.seen.get())
		    c.kept.clear()
		    os.kill(status()["pid"], 9)
		    c.heard("notifications/resources/updated", uri="bridge://status/hub")
		    deadline = time.monotonic() + DEADLINE
		    while (now := status())["state"] != "connected" and time.monotonic() < deadline:
		        c.heard("notifications/resources/updated", uri="bridge://status/hub")
		    same(now["state"], "connected")
		    logs = c.call("bridge_logs", bridge="hub")["structuredContent"]
		    assert {"bridge_disconnected", "bridge_connected"} <= {e["event"] for e in logs["events"]}
		    same(c.call("bridge_logs", bridge="hub", lines=1)["structuredContent"]["truncated"], True)
		    same(c.call("bridge_logs", bridge="hub", since="2100-01-01")["structuredContent"]["events"], [])
		    if version == MODERN:
		        c.tell("notifications/cancelled", requestId=stream)
		    else:
		        c.ask("resources/unsubscribe", uri="bridge://status/hub")
		    while c.seen.qsize(): c.kept.append(c.seen.get())
		    c.kept.clear()
		    restarted = c.call("bridge_restart", bridges=["hub"])
		    same(restarted["structuredContent"]["bridges"][0]["state"], "connected")
		    down = c.call("bridge_down", bridges=["hub"])["structuredContent"]["bridges"]
		    same(down, [{"name": "hub", "state": "stopped", "was_up": True}])
		    again = c.call("bridge_down", bridges=["hub"])
		    same(again["structuredContent"], {"bridges": [{"name": "hub", "state": "stopped", "was_up": False}]})
		    same(c.end(), [])
	PY
}

a_bridge_that_does_not_come_up_is_an_error_that_says_why() {
	_ready
	mcp <<-'PY'
		c = Client(version="2025-11-25")
		up = c.call("bridge_up", bridges=["hub", "taken"])
		same(up["isError"], True)
		content = up["structuredContent"]
		same({b["name"]: b["state"] for b in content["bridges"]}, {"hub": "connected", "taken": "reconnecting"})
		same(content["error"]["code"], "not-up")
		assert "taken" in content["error"]["message"] and "hub" not in content["error"]["message"], content["error"]
	PY
}

what_the_command_only_warns_of_comes_up() {
	_ready
	add_bridge "$T/ops" warned "$(free_port)" "$LOCAL" 'nopekey: 7'
	add_bridge "$T/ops" disabled "$(free_port)" "$LOCAL" 'enabled: false'
	commit "$T/ops"
	mcp <<-'PY'
		c = Client(version="2025-11-25")
		up = c.call("bridge_up", bridges=["warned"])
		same((up["isError"], up["structuredContent"]["bridges"][0]["state"]), (False, "connected"))
		same(up["structuredContent"]["findings"][0]["rule"], "schema/unknown-key")
		same(c.call("bridge_restart", bridges=["warned"])["isError"], False)
		down = c.call("bridge_down", bridges=["warned", "warned"])["structuredContent"]["bridges"]
		same(len(down), 1)
		for tool in "bridge_up", "bridge_restart":
		    no = c.call(tool, bridges=["disabled"])
		    assert no["isError"] and "is disabled by" in no["structuredContent"]["error"]["message"], no
	PY
}

# _mute COUNT: bridges that wait for an ssh which never answers.
_mute() {
	local i
	mute_target
	for i in $(seq "$1"); do
		printf 'target: mute\nremote_port: %s\nlocal_port: 9\nactor: agent.test\n' $((18000 + i)) \
			>"$T/ops/domains/edge/bridges/mute$i.yaml"
	done
	commit "$T/ops"
}

calls_that_wait_keep_no_others_waiting_and_cancelled_ones_never_begin() {
	_ready
	_mute 16
	mcp <<-'PY'
		c = Client(version="2025-11-25")
		waiting = [c.start("tools/call", name="bridge_up", arguments={"bridges": ["mute%d" % i], "wait_seconds": 300})
		           for i in range(1, 17)]
		queued = c.start("tools/call", name="bridge_up", arguments={"bridges": ["hub"]})
		# All the threads for what is slow are taken; these have others.
		deadline = time.monotonic() + DEADLINE
		while time.monotonic() < deadline:
		    seen = {b["name"]: b["state"] for b in c.call("bridge_status")["structuredContent"]["bridges"]}
		    if list(seen.values()).count("starting") == 16: break
		same(seen["hub"], "stopped")
		c.ask("resources/read", uri="catalog://domains")
		for id in [queued] + waiting:
		    c.tell("notifications/cancelled", requestId=id)
		# What comes after it in the same queue has been done: so it was not.
		c.call("bridge_down", bridges=["mute1"])
		same([b["state"] for b in c.call("bridge_status", bridges=["hub"])["structuredContent"]["bridges"]], ["stopped"])
	PY
	log_has hub bridge_started && fail "it was started"
	true
}

bridges_outlive_the_session() {
	_ready
	mcp <<-'PY'
		c = Client(version="2025-11-25")
		c.call("bridge_up", bridges=["hub"])
		c.end()
		same(Client(version=MODERN).call("bridge_status", bridges=["hub"])["structuredContent"]["bridges"][0]["state"], "connected")
	PY
	same "$(fetch "http://127.0.0.1:$REMOTE/")" hello
	expect 0 bridge down
}

progress_rises_and_a_cancelled_call_says_nothing_more() {
	_ready
	# Nobody answers there: a listening socket that accepts nothing.
	SILENT=$(free_port)
	python3 -c 'import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(8); time.sleep(600)' \
		"$SILENT" &
	started $!
	wait_until 10 listens "$SILENT"
	for i in 1 2 3; do add_bridge "$T/ops" "more-$i" "$(free_port)" "$LOCAL"; done
	printf 'host: 127.0.0.1\nssh_port: %s\nssh_user: x\nssh_key: %s\n' "$SILENT" "$T/key" \
		>"$T/ops/domains/edge/targets/silent.yaml"
	printf 'target: silent\nremote_port: 9\nlocal_port: 9\nactor: agent.test\n' \
		>"$T/ops/domains/edge/bridges/mute.yaml"
	commit "$T/ops"
	mcp <<-'PY'
		c = Client(version=MODERN)
		id = c.start("tools/call", meta={"progressToken": "p"}, name="bridge_up",
		             arguments={"bridges": ["hub", "more-1", "more-2", "more-3"]})
		c.answer(id)
		told = [m["params"] for m in c.kept]
		same([t["progress"] for t in told], sorted(set(t["progress"] for t in told)))
		same(told[-1]["progress"], 4)
		same({(t["progressToken"], t["total"]) for t in told}, {("p", 4)})
		c.kept.clear()
		# One that waits, and is told not to; others are served meanwhile.
		begin = time.monotonic()
		id = c.start("tools/call", name="bridge_up", arguments={"bridges": ["mute"], "wait_seconds": 300})
		status = lambda: {b["name"]: b["state"] for b in c.call("bridge_status")["structuredContent"]["bridges"]}
		while "mute" not in status(): pass
		c.tell("notifications/cancelled", requestId=id)
		c.call("bridge_status")
		# What waits when the client leaves is answered with what is known.
		other = c.start("tools/call", name="bridge_up", arguments={"bridges": ["mute"], "wait_seconds": 300})
		c.call("bridge_status")
		rest = c.end()
		same([m["id"] for m in rest], [other])
		same(rest[0]["result"]["structuredContent"]["error"]["code"], "not-up")
		assert time.monotonic() - begin < 250
	PY
	expect 0 bridge down
}

up_and_down_may_follow_each_other_at_once() {
	_ready
	mcp <<-'PY'
		c = Client(version="2025-11-25")
		bad = []
		for i in range(25):
		    for tool in "bridge_up", "bridge_down", "bridge_down", "bridge_status":
		        result = c.call(tool, bridges=["hub"])
		        if result["isError"]:
		            bad.append((i, tool, result["structuredContent"]["error"]))
		same(bad, [])
	PY
}

events_are_logged_to_clients_that_ask() {
	_ready
	mcp <<-'PY'
		for version in "2024-11-05", "2025-11-25":
		    c = Client(version=version)
		    c.ask("logging/setLevel", level="info")
		    # Also what happens before the watcher has found the supervisor.
		    c.call("bridge_up", bridges=["hub"])
		    said = c.heard("notifications/message")["params"]
		    same((said["logger"], said["data"]["bridge"]), ("bridge", "hub"))
		    c.call("bridge_down", bridges=["hub"])
		    c.process.stdin.close()
	PY
}

a_catalog_that_moves_is_heard_of() {
	_ready
	mcp "$T/ops" <<-'PY'
		c = Client(version=MODERN)
		c.start("subscriptions/listen", id="s", notifications={"resourceSubscriptions": ["catalog://domains"]})
		c.heard("notifications/subscriptions/acknowledged")
		git = ["git", "-C", sys.argv[1], "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "--allow-empty", "-m", "x"]
		deadline = time.monotonic() + DEADLINE
		while c.seen.empty() and time.monotonic() < deadline:
		    subprocess.run(git, check=True)
		    time.sleep(0.1)
		c.heard("notifications/resources/updated", uri="catalog://domains")
	PY
}

a_catalog_is_heard_of_wherever_it_is_read_from() {
	_ready
	mcp "$T/ops" "$HOME/.config/bridge" <<-'PY'
		import shutil
		ops, config = sys.argv[1:]
		def git(*words):
		    subprocess.run(["git", "-C", ops, "-c", "user.name=t", "-c", "user.email=t@example.org", *words], check=True)
		def hears(change, *arguments, cwd=None):
		    here = os.getcwd()
		    if cwd: os.chdir(cwd)
		    c = Client(*arguments, version="2025-11-25")
		    os.chdir(here)
		    c.ask("resources/subscribe", uri="catalog://targets")
		    deadline = time.monotonic() + DEADLINE
		    while c.seen.empty() and time.monotonic() < deadline:
		        change()
		        time.sleep(0.05)
		    c.heard("notifications/resources/updated", uri="catalog://targets")
		    c.end()
		def write():
		    open(ops + "/domains/edge/targets/gateway.yaml", "a").write("# more\n")
		def stage():
		    write()
		    git("add", "-A")
		def make():
		    os.makedirs(ops + "/domains/other%d/targets" % time.monotonic_ns())
		def commit():
		    git("commit", "-q", "--allow-empty", "-m", "x")
		hears(write, "--rev", "WORKTREE")
		hears(make, "--rev", "WORKTREE")
		hears(stage, "--rev", "INDEX")
		shutil.move(config, config + ".away")
		hears(commit, cwd=ops)
		def back():
		    if not os.path.exists(config): shutil.move(config + ".away", config)
		    commit()
		hears(back, cwd="/")
	PY
}

a_stopped_supervisor_does_not_stop_the_server() {
	_ready
	expect 0 bridge up hub
	PID=$(supervisor_pid)
	kill -STOP "$PID"
	mcp "$PID" <<-'PY'
		import signal
		c = Client(version="2025-11-25")
		id = c.start("tools/call", name="bridge_status", arguments={})
		# Behind the first one they would wait until that has failed.
		c.ask("ping")
		c.call("catalog_list_domains")
		os.kill(int(sys.argv[1]), signal.SIGCONT)
		same(c.answer(id)["result"]["structuredContent"]["bridges"][0]["name"], "hub")
	PY
	expect 0 bridge down
}

run_tests
