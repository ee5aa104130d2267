"""Make a fuzzer's first inputs from what the tree and the suites hold.

seeds.py FUZZER FOLDER; the public suites are at $SUITES, if anywhere.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITES = pathlib.Path(os.environ.get("SUITES") or "/nonexistent")
CUT = b"\n%%%%\n"
KINDS = ["catalog", "domain", "target", "bridge", "actor", "tunnels"]


def example():
    """Every document of the example catalog: path, content."""
    top = ROOT / "opscatalog.example"
    for path in sorted(top.rglob("*.yaml")):
        yield str(path.relative_to(top)), path.read_bytes()


def kind_of(path):
    for part, kind in (
        ("bridges/", "bridge"),
        ("targets/", "target"),
        ("actors/", "actor"),
        ("domain.yaml", "domain"),
        ("tunnels", "tunnels"),
    ):
        if part in path:
            return KINDS.index(kind)
    return 0


def yaml_suite():
    try:
        cases = json.loads((SUITES / "yaml/cases.json").read_text())
    except OSError:
        return
    for case in cases:
        text = case.get("yaml") if isinstance(case, dict) else None
        if text:
            yield text.encode()


def schema_suite():
    for path in sorted((SUITES / "json-schema/tests").rglob("*.json")):
        for group in json.loads(path.read_text()):
            for test in group["tests"][:3]:
                yield group["schema"], test["data"]


def yaml():
    for path, content in example():
        yield bytes([kind_of(path)]) + content
    for content in yaml_suite():
        yield b"\0" + content
    yield b"\5tunnels: {a: &a {host: h}, b: {<<: *a, tags: [1, 0x2, .nan]}}\n"


def schema():
    for rule, data in schema_suite():
        yield json.dumps(rule).encode() + CUT + json.dumps(data).encode()
    documents = list(example())
    for path in sorted((ROOT / "schema").glob("*.schema.json")):
        kind = KINDS.index(path.name.split(".")[0])
        for name, content in documents:
            if kind_of(name) == kind:
                yield path.read_bytes() + CUT + content


def patterns(value):
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        inner = value.get("patternProperties")
        if isinstance(inner, dict):
            yield from inner
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from patterns(item)


def regex():
    for rule, data in schema_suite():
        for pattern in patterns(rule):
            text = data if isinstance(data, str) else json.dumps(data)
            yield pattern.encode() + CUT + text.encode()
    for path in sorted((ROOT / "schema").glob("*.schema.json")):
        for pattern in patterns(json.loads(path.read_text())):
            yield pattern.encode() + CUT + b"state-hub.example.org:22"
    yield b"(a*)*b" + CUT + b"a" * 200
    yield b"^([a-z]+|\\p{Letter}{2,5}?)+$" + CUT + b"abc" * 50


def format():
    for rule, data in schema_suite():
        if isinstance(rule, dict) and "format" in rule and isinstance(data, str):
            try:
                yield rule["format"].encode() + b"\n" + data.encode()
            except UnicodeEncodeError:
                continue
    yield b"ipv6\n::1"
    yield b"date-time\n2026-03-12T14:23:01.456789Z"
    yield b"uri\nhttp://u@h.example:1/p?q#f"


def file(path, content):
    return path.encode() + b"\n" + content


def catalog():
    files = [file(path, content) for path, content in example()]
    yield CUT.join(files)
    extra = b"{type: object, required: [name], properties: {name: {pattern: '^x'}}}"
    yield CUT.join(files + [file("schemas/domain.schema.yaml", extra)])
    yield CUT.join(files + [file("domains/edge/bridges/a.yml", BRIDGE)])
    yield CUT.join(
        [
            file("catalog.yaml", b"rules: {port/clash: error, actor/unused: off}\n"),
            file("domains/a/domain.yaml", b"name: A\n"),
            file("domains/a/targets/t.yaml", b"host: h\nproxy_jump: [t, u]\n"),
            file("domains/a/targets/u.yaml", b"host: h\nproxy_jump: t\n"),
            file("domains/b/bridges/a.yaml", BRIDGE),
            file("domains/b/bridges/A.yaml", BRIDGE),
            file("actors/x.yaml", b"class: human\n"),
        ]
    )


BRIDGE = b"target: t\nremote_port: 1\nlocal_port: 2\nactor: x\n"
TUNNELS = b"""catalog_select: {domains: [edge]}
defaults: {ssh_user: me, actor: x, reconnect: {max_attempts: 3}}
tunnels:
  a: {host: h.example, remote_port: 1, local_port: 2, ssh_key: ~/.ssh/k}
  b: {extends: state-hub, tags: [x], health_check: {url: http://h/}}
  c: {extends: a, proxy_jump: [gateway, u@h:22]}
"""


def config():
    yield TUNNELS
    files = [file(path, content) for path, content in example()]
    yield CUT.join([TUNNELS] + files)
    yield b"tunnels: {}\n"


def objects():
    """See fuzz_objects.c: fe N is the raw id, ff N the hex id of object N."""
    made = []

    def add(content):
        made.append(content)
        return bytes([len(made) - 1])

    def tree(*entries):
        return add(
            b"t" + b"".join(m + b" " + n + b"\0\xfe" + i for m, n, i in entries)
        )

    bridge = add(b"b" + BRIDGE)
    domain = add(b"bname: A\n")
    target = add(b"bhost: h\nssh_user: u\nssh_key: /k\n")
    actor = add(b"bclass: human\n")
    bridges = tree((b"100644", b"a.yaml", bridge))
    targets = tree((b"100644", b"t.yaml", target), (b"120000", b"x", target))
    top = tree(
        (b"40000", b"bridges", bridges),
        (b"100644", b"domain.yaml", domain),
        (b"40000", b"targets", targets),
    )
    actors = tree((b"100755", b"x.yaml", actor), (b"160000", b"y", actor))
    domains = tree((b"40000", b"d", top))
    root = tree((b"40000", b"actors", actors), (b"40000", b"domains", domains))
    who = b"t <t@example.org> 1700000000 +0000\n"
    commit = add(
        b"ctree \xff" + root + b"\nauthor " + who + b"committer " + who + b"\nm\n"
    )
    for name in (b"HEAD", b"main", b"main:domains", b"@{0}", b":/m", b"main^{/m}"):
        yield CUT.join([name] + made)
    add(b"ctree \xff" + root + b"\nparent \xff" + commit + b"\nauthor "
        + who + b"committer " + who + b"\nn\n")
    for name in (b"HEAD~1", b"HEAD^", b"main^{tree}", b"main^{commit}~1", b"HEAD^2"):
        yield CUT.join([name] + made)
    add(b"gobject \xff" + commit + b"\ntype commit\ntag v\ntagger " + who + b"\nt\n")
    yield CUT.join([b"main"] + made)


def repository():
    """A real repository's files, loose and packed."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    environment = {
        key: value
        for key, value in environment.items()
        if not key.startswith("GIT_") or key.startswith("GIT_CONFIG")
    }

    def git(folder, *words):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(
            ["git", *who, *words], cwd=folder, env=environment, check=True
        )

    def files(folder):
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_file() and not any(
                part in name for part in ("hooks/", "logs/", "info/", "description")
            ):
                yield file(name, path.read_bytes())

    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        for path, content in (
            ("actors/x.yaml", b"class: human\n"),
            ("domains/d/domain.yaml", b"name: D\n"),
            ("domains/d/bridges/a.yaml", BRIDGE),
        ):
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(content)
        git(top, "init", "-q", "-b", "main")
        git(top, "add", "-A")
        yield CUT.join([b"INDEX", *files(top)])
        git(top, "commit", "-q", "-m", "m")
        for revision in (b"HEAD", b"INDEX", b"WORKTREE", b"main~1"):
            yield CUT.join([revision, *files(top)])
        git(top, "gc", "-q")
        git(top, "update-index", "--index-version", "4")
        for revision in (b"HEAD", b"INDEX", b"main@{1}"):
            yield CUT.join([revision, *files(top)])


def text():
    yield "plain \u202e \x1b[31m \x9b \u200b \U0001f600 \ud7ff".encode()
    yield b"\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xff\xfe \0 \\"


def report():
    yield b"\x0f\n" + CUT.join(
        [
            b"\1\1\1\1\5\ndomains/a/domain.yaml\n'x' is not known\nname: A\n",
            b"\2\2\3\3\1\nb<>&\"\n<&\x1b]]>\n\tx: y\n\xc3\xa9\n",
            b"\3\n\nno document",
        ]
    )
    yield b"\0\n" + b"\7\1\1\1\1\np\xff\nm\xe2\x80\xae\nx\n"


def locate():
    keys = [b"ba\0", b"bstate-hub\0", b"tgw\0"]
    strings, pairs = b"edge\0", b""
    for key in keys:
        pairs += struct.pack("=II", len(strings), 0)
        strings += key
    yield b"bridge1\n" + struct.pack("=II", len(keys), 1) + pairs + strings


SENT = {
    "name": "a",
    "source": "catalog",
    "origin": "domains/d/bridges/a.yaml:1",
    "host": "h.example.org",
    "ssh_user": "u",
    "ssh_key": "/k",
    "remote_port": 1,
    "local_port": 2,
    "actor": "x",
}


def bridge():
    said = (
        b"debug1: x\nu@h: Permission denied (publickey).\n"
        b"Host key verification failed.\nssh: connect to host h port 22: "
        b"Connection refused\nkex_exchange_identification: x\n"
    )
    yield json.dumps(SENT).encode() + CUT + said
    full = {
        **SENT,
        "proxy_jump": ["u@h:22", "[::1]:2"],
        "host_keys": ["ssh-ed25519 AAAA"],
        "tags": ["t"],
        "health_check": {"url": "http://h/", "interval": 3, "from": "remote"},
        "reconnect": {"max_attempts": 3, "backoff_initial": 1, "backoff_max": 9},
        "remote_bind": "*",
        "local_host": "::1",
    }
    yield json.dumps(full).encode() + CUT + b"\x1b[31m\n"


def lines(*requests):
    return b"".join(json.dumps(line).encode() + b"\n" for line in requests)


def control():
    hello = {"op": "hello", "id": 1, "protocol": 1, "version": "0"}
    yield lines(hello, *({"op": op, "id": op, "name": "a", "bridge": SENT}
        for op in ("status", "up", "down", "restart", "update", "subscribe",
                   "flush", "stay", "upgrade", "end")))
    yield lines({"op": "status"}, {"op": "hello", "protocol": 7})
    yield b"[]\n" + lines(hello)


def ssh_transcript():
    yield b"""OpenSSH_9.2p1\r
debug1: Connection established.\r
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1\r
debug1: Server host key: ssh-ed25519 SHA256:abc\r
debug1: Host '[h]:22' is known and matches the ED25519 host key.\r
debug1: Found key in /x/known_hosts:3\r
Authenticated to h ([127.0.0.1]:22) using "publickey".\r
debug1: Remote: /root/.ssh/authorized_keys:1: key options: command permitlisten\r
debug1: Remote: port forwarding refused\r
debug1: remote forward failure for: listen 127.0.0.1:1, connect 127.0.0.1:2\r
Error: remote port forwarding failed for listen port 1\r
"""
    yield b"""@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
Offending ED25519 key in /x/.known_hosts:7\r
No ED25519 host key is known for [h]:22 and you have requested strict checking.\r
Host key verification failed.\r
"""


def server_survey():
    yield b"""bridge-uid 1000
bridge-from 127.0.0.1
bridge-listeners
LISTEN 0 128 127.0.0.1:43111 0.0.0.0:* users:(("sshd",pid=11287,fd=5)) uid:7 ino:4
LISTEN 0 128 [::]:43111 [::]:* uid:1000 ino:5 sk:1 cgroup:/ v6only:1 <->
bridge-sessions
0 0 127.0.0.1:22 10.0.0.1:40520 users:(("sshd",pid=1,fd=4),("sshd",pid=11287,fd=4))
bridge-settings
bridge-fail2ban
ClientAliveInterval=7
bridge-effective
clientaliveinterval 15
clientalivecountmax 3
"""
    yield b"""bridge-uid 0
bridge-settings
bridge-file
bridge-enter
Match User x
\tClientAliveInterval\t= "1m30"
bridge-leave
ClientAliveCountMax 2
bridge-unreadable
"""


def mux():
    def packet(kind, *numbers, text=None):
        body = struct.pack(">%dI" % (1 + len(numbers)), kind, *numbers)
        if text is not None:
            body += struct.pack(">I", len(text)) + text
        return struct.pack(">I", len(body)) + body

    hello = packet(1, 4)
    yield hello + packet(0x80000001, 1) + packet(0x80000007, 2, 18081)
    yield hello + packet(0x80000003, 3, text=b"remote port forwarding failed")
    yield hello + packet(0x80000002, 4, text=b"refused")
    yield packet(0x80000005, 5, 4711) + hello[:7]


def mcp():
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {}}

    def session(*messages):
        yield "".join(json.dumps(m) + "\n" for m in messages).encode()

    def ask(id, method, **params):
        return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}

    for version in "2024-11-05", "2025-03-26", "2025-11-25":
        begin = ask(0, "initialize", protocolVersion=version, capabilities={},
                    clientInfo={"name": "x", "version": "1"})
        yield from session(begin, {"jsonrpc": "2.0", "method": "notifications/initialized"},
                           ask(1, "tools/list"), ask("2", "prompts/list", cursor="p32"), ask(3, "ping"),
                           ask(4, "prompts/get", name="bridge-status", arguments={"bridge": "hub"}))
        yield from session(begin, [ask(1, "ping"), 7, {"jsonrpc": "2.0", "method": "x"}], [])
    yield from session(ask(1, "server/discover", _meta=meta), ask(2, "resources/list", _meta=meta),
                       ask(3, "resources/templates/list", _meta=meta),
                       {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 3}})
    yield b'{"jsonrpc":"2.0","id":\r\n\n\x1b[31mred\x1b]0;x\x07 \xe2\x80\xae\xff\n{}'


def client():
    yield lines({"id": 1, "ok": True, "bridges": []}, {"event": "x"})
    yield lines({"id": 1, "ok": False, "error": {"code": "unknown", "message": "m"}})
    yield lines({"event": "state"}, [], 1)


def state():
    line = b'{"ts":"2026-03-12T14:23:01.456789","tunnel":"a","event":"started"}\n'
    yield CUT.join(
        [
            file("a.state", b"failed\n"),
            file("a.log", line * 3 + b'{"torn'),
            file("a.log.1", line),
            file("a.pid", b"1\n"),
            file(".desired.json", json.dumps({"a": SENT, "b": 1}).encode()),
            file("b.state", b"connected\n"),
        ]
    )


def main():
    name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    make = globals().get(name.removeprefix("fuzz_"))
    for number, content in enumerate(make() if make else []):
        try:
            (folder / f"{number:05}").write_bytes(content)
        except OSError as error:
            sys.exit(f"{folder}: {error}")
    for path in sorted((ROOT / "testdata/fuzz" / name).glob("*")):
        (folder / path.name).write_bytes(path.read_bytes())


main()
