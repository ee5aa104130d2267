"""A local service for the tests: answers GET with a fixed text.

/slow never answers, /stream is an event stream that never ends, /redirect
redirects, /forever sends body without end, /STATUS answers with that status,
/toggle answers 503 while the file named by the environment's TOGGLE exists.
"""
import http.server
import os
import sys
import time

PORT, TEXT = int(sys.argv[1]), sys.argv[2]


class Handler(http.server.BaseHTTPRequestHandler):
    def head(self, status, kind="text/plain", length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.flush()

    def do_GET(self):
        name = self.path.strip("/")
        if name == "slow":
            time.sleep(3600)
        elif name == "stream":
            self.head(200, "text/event-stream")
            time.sleep(3600)
        elif name == "redirect":
            self.send_response(302)
            self.send_header("Location", "/500")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif name == "forever":
            self.head(200)
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
        else:
            status = 200
            if name.isdigit():
                status = int(name)
            if name == "toggle" and os.path.exists(os.environ.get("TOGGLE", "/")):
                status = 503
            self.head(status, length=len(TEXT))
            self.wfile.write(TEXT.encode())

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer.daemon_threads = True
http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
