"""A webhook's receiver: a real HTTP server that keeps what it is told, and refuses for as long as it should."""

import http.server
import json
import threading


class Receiver:
    def __init__(self):
        receiver = self
        self.told, self.headers, self.refused = [], [], 0
        self.refuses = False

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 (the library's name)
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if receiver.refuses:
                    receiver.refused += 1
                else:
                    receiver.told.append(body)
                    receiver.headers.append(dict(self.headers))
                self.send_response(503 if receiver.refuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks/castor?of=test"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def statuses(self):
        return [each["status"] for each in self.told]
