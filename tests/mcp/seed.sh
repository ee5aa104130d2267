# The contract with the first users, as agents have it: ten tools and three
# resources by their names, on the files that these users write.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../cli/seed_lib.sh"

ten_tools_and_three_resources_do_the_main_job() {
	_first_users full
	_start_hello
	mcp <<-'PY'
		import urllib.request
		c = Client(version="2025-11-25")
		same(sorted(t["name"] for t in c.ask("tools/list")["result"]["tools"]), [
		    "bridge_down", "bridge_logs", "bridge_restart", "bridge_status", "bridge_up",
		    "catalog_list_domains", "catalog_list_targets", "catalog_show_bridge",
		    "catalog_show_target", "catalog_validate"])
		same(sorted(r["uri"] for r in c.ask("resources/list")["result"]["resources"]),
		     ["bridge://status", "catalog://domains", "catalog://targets"])
		def call(name, **arguments):
		    result = c.call(name, 90, **arguments)
		    assert not result["isError"], (name, result)
		    return result["structuredContent"]
		def states(answer):
		    return [(b["name"], b["state"]) for b in answer["bridges"]]
		def read(uri):
		    return json.loads(c.ask("resources/read", uri=uri)["result"]["contents"][0]["text"])

		none = [("hub-east", "stopped"), ("metrics-east", "stopped")]
		same(states(call("bridge_status")), none)
		same(states(read("bridge://status")), none)
		same([d["id"] for d in call("catalog_list_domains")["domains"]], ["east"])
		same([d["id"] for d in read("catalog://domains")["domains"]], ["east"])
		same([t["id"] for t in call("catalog_list_targets")["targets"]], ["box-east"])
		same([t["id"] for t in read("catalog://targets")["targets"]], ["box-east"])
		same(call("catalog_show_target", id="box-east")["host"], "east.example.org")
		same(call("catalog_show_bridge", id="hub-east")["remote_port"], 18000)
		valid = call("catalog_validate")
		same((valid["valid"], [f["rule"] for f in valid["findings"]]), (True, ["reference/local-actor"]))

		same(states(call("bridge_up", bridges=["hub-east"], wait_seconds=60)), [("hub-east", "connected")])
		same(urllib.request.urlopen("http://127.0.0.1:18000/").read(), b"hello")
		same(states(call("bridge_restart", bridges=["hub-east"], wait_seconds=60)), [("hub-east", "connected")])
		assert "bridge_connected" in {e["event"] for e in call("bridge_logs", bridge="hub-east")["events"]}
		same(states(call("bridge_down", bridges=["hub-east"])), [("hub-east", "stopped")])
		same(c.end(), [])
	PY
}

a_catalog_that_cannot_be_read_is_a_finding_of_the_status() {
	_first_users full
	mv "$HOME/ops-infra" "$HOME/away"
	mcp <<-'PY'
		c = Client(version="2025-11-25")
		result = c.call("bridge_status")
		same(result["isError"], False)
		answer = result["structuredContent"]
		same([(b["name"], b["state"]) for b in answer["bridges"]], [("hub-east", "stopped")])
		same([f["rule"] for f in answer["findings"]], ["io/read"])
		same(c.end(), [])
	PY
}

run_tests
