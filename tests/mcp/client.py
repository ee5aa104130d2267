"""A client of `bridge mcp` for tests: it says exactly what it is told to, and
notes every message the server sends, for the schema of its version."""
import json, os, queue, subprocess, sys, threading, time

VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
MODERN = "2026-07-28"
DEADLINE = 60

RESULTS = {
    "initialize": "InitializeResult", "ping": "EmptyResult", "server/discover": "DiscoverResult",
    "tools/list": "ListToolsResult", "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult", "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult", "resources/subscribe": "EmptyResult",
    "resources/unsubscribe": "EmptyResult", "logging/setLevel": "EmptyResult",
    "prompts/list": "ListPromptsResult", "prompts/get": "GetPromptResult",
    "completion/complete": "CompleteResult", "subscriptions/listen": "SubscriptionsListenResult",
}
NOTIFICATIONS = {
    "notifications/resources/updated": "ResourceUpdatedNotification",
    "notifications/message": "LoggingMessageNotification",
    "notifications/progress": "ProgressNotification",
    "notifications/subscriptions/acknowledged": "SubscriptionsAcknowledgedNotification",
}


class Client:
    def __init__(self, *arguments, version=None):
        self.process = subprocess.Popen(
            [os.environ["BUILD"] + "/bridge", "mcp", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.version = version
        self.ids = 0
        self.asked = {}
        self.seen = queue.Queue()
        self.kept = []
        self.noted = open(os.environ["MCP_NOTED"], "a")
        threading.Thread(target=self._read, daemon=True).start()
        if version in VERSIONS:
            self.hello = self.ask("initialize", protocolVersion=version, capabilities={},
                                  clientInfo={"name": "test", "version": "1"})["result"]
            self.tell("notifications/initialized")

    def _read(self):
        for line in self.process.stdout:
            for point in line.decode():
                assert point == "\n" or ord(point) >= 0x20, "a control character: %r" % line
            message = json.loads(line)
            for one in message if isinstance(message, list) else [message]:
                self._note(one)
            self.seen.put(message)
        self.seen.put(None)

    def _note(self, message):
        version, method = self.asked.get(json.dumps(message.get("id")), (self.version, None))
        if "method" in message:
            # Streams are modern whatever the session is.
            if "subscriptionId" in json.dumps(message):
                version = MODERN
            names = [NOTIFICATIONS[message["method"]]]
            values = [message]
        elif "error" in message:
            names = ["JSONRPCErrorResponse" if version in ("2025-11-25", MODERN) else "JSONRPCError"]
            values = [message]
            if "id" not in message and names == ["JSONRPCError"]:
                return
        else:
            names = [RESULTS[method], "JSONRPCMessage"]
            values = [message["result"], message]
        for name, value in zip(names, values):
            if version:
                self.noted.write(json.dumps([version, name, value]) + "\n")
                self.noted.flush()

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        self.raw(json.dumps(message).encode() + b"\n")

    def tell(self, method, **params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def start(self, method, id=None, modern=None, meta=None, **params):
        """Send a request; its id."""
        if id is None:
            self.ids += 1
            id = self.ids
        modern = self.version == MODERN if modern is None else modern
        if modern:
            meta = {"io.modelcontextprotocol/protocolVersion": MODERN,
                    "io.modelcontextprotocol/clientCapabilities": {}, **(meta or {})}
        if meta:
            params["_meta"] = meta
        version = MODERN if modern else self.version
        if method == "initialize":
            version = params["protocolVersion"] if params["protocolVersion"] in VERSIONS else VERSIONS[-1]
        self.asked[json.dumps(id)] = (version, method)
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        return id

    def next(self, wanted, seconds=DEADLINE):
        """The first message, old or new, that is wanted; it is taken out."""
        deadline = time.monotonic() + seconds
        for i, message in enumerate(self.kept):
            if wanted(message):
                return self.kept.pop(i)
        while True:
            left = deadline - time.monotonic()
            try:
                message = self.seen.get(timeout=max(left, 0.001))
            except queue.Empty:
                sys.exit("waited in vain; there is %s" % self.kept)
            if message is None:
                sys.exit("the server ended; there is %s" % self.kept)
            if wanted(message):
                return message
            self.kept.append(message)

    def answer(self, id, seconds=DEADLINE):
        return self.next(lambda m: isinstance(m, dict) and "method" not in m and m.get("id") == id
                         and type(m.get("id")) is type(id), seconds)

    def ask(self, method, seconds=DEADLINE, **rest):
        return self.answer(self.start(method, **rest), seconds)

    def call(self, tool, seconds=DEADLINE, **arguments):
        return self.ask("tools/call", seconds, name=tool, arguments=arguments)["result"]

    def heard(self, method, seconds=DEADLINE, **params):
        return self.next(lambda m: isinstance(m, dict) and m.get("method") == method and all(
            m["params"].get(k) == v for k, v in params.items()), seconds)

    def end(self, status=0):
        """Hang up; what was not taken out yet."""
        self.process.stdin.close()
        got = self.process.wait(DEADLINE)
        assert got == status, "exit %s" % got
        while (message := self.seen.get(timeout=DEADLINE)) is not None:
            self.kept.append(message)
        return self.kept


def same(a, b):
    if a != b:
        sys.exit("%r is not %r" % (a, b))


def error_of(message, code):
    same(message["error"]["code"], code)
    return message["error"]
