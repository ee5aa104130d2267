"""Ask a language server about one file, as an editor does.

editor.py FOLDER FILE SETTINGS [QUESTION...] -- SERVER...

QUESTION is complete:LINE:COLUMN or hover:LINE:COLUMN, from 1 as editors show
them. Prints {"diagnostics": [[line, severity, message]...], "answers": [...]}.
SETTINGS is the JSON of the editor's settings for `yaml`.
"""

import json
import pathlib
import subprocess
import sys
import threading


class Server:
    def __init__(self, command, settings):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.settings = settings
        self.last = 0
        self.diagnostics = {}

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = None
        while line := self.process.stdout.readline().strip():
            name, value = line.split(b":", 1)
            if name.lower() == b"content-length":
                length = int(value)
        if length is None:
            sys.exit("the language server has ended")
        return json.loads(self.process.stdout.read(length))

    def handle(self, message):
        """What the server wants or says of its own accord."""
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif "id" in message and "method" in message:
            result = None
            if message["method"] == "workspace/configuration":
                result = [self.settings if item.get("section") == "yaml" else None
                          for item in message["params"]["items"]]
            self.send(id=message["id"], result=result)

    def ask(self, method, params):
        self.last += 1
        self.send(id=self.last, method=method, params=params)
        while True:
            message = self.receive()
            if message.get("id") == self.last and "method" not in message:
                return message.get("result")
            self.handle(message)

    def wait_for_diagnostics(self, uri):
        while uri not in self.diagnostics:
            self.handle(self.receive())
        return self.diagnostics[uri]


def text_of(hover):
    if not hover:
        return ""
    contents = hover["contents"]
    return contents["value"] if isinstance(contents, dict) else str(contents)


def answer(server, uri, question):
    kind, line, column = question.split(":")
    where = {"textDocument": {"uri": uri},
             "position": {"line": int(line) - 1, "character": int(column) - 1}}
    if kind == "hover":
        return text_of(server.ask("textDocument/hover", where))
    found = server.ask("textDocument/completion", where)
    items = found["items"] if isinstance(found, dict) else found or []
    return {item["label"]: {
        "insert": item.get("textEdit", {}).get("newText", item.get("insertText")),
        "about": (item["documentation"]["value"]
                  if isinstance(item.get("documentation"), dict)
                  else item.get("documentation"))} for item in items}


def main():
    words = sys.argv[1:]
    split = words.index("--")
    folder, file, settings, *questions = words[:split]
    server = Server(words[split + 1:], json.loads(settings))
    limit = threading.Timer(60, server.process.kill)
    limit.daemon = True
    limit.start()
    path = pathlib.Path(folder).resolve()
    uri = (path / file).as_uri()
    server.ask("initialize", {
        "processId": None, "rootUri": path.as_uri(),
        "workspaceFolders": [{"uri": path.as_uri(), "name": "catalog"}],
        "capabilities": {
            "workspace": {"configuration": True,
                          "didChangeConfiguration": {"dynamicRegistration": True}},
            "textDocument": {
                "completion": {"completionItem": {
                    "snippetSupport": True,
                    "documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]}}}})
    server.send(method="initialized", params={})
    server.send(method="workspace/didChangeConfiguration",
                params={"settings": {"yaml": server.settings}})
    server.send(method="textDocument/didOpen", params={"textDocument": {
        "uri": uri, "languageId": "yaml", "version": 1,
        "text": (path / file).read_text()}})
    diagnostics = server.wait_for_diagnostics(uri)
    answers = [answer(server, uri, question) for question in questions]
    print(json.dumps({
        "diagnostics": [[d["range"]["start"]["line"] + 1, d.get("severity"),
                         d["message"]] for d in diagnostics],
        "answers": answers}, indent=1))
    server.ask("shutdown", None)
    server.send(method="exit")
    server.process.wait()


main()
