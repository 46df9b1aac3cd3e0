"""Job bundles from one planner process, kept by content."""

import hashlib
import json
import os
import socket
import subprocess
import tempfile
import threading
import time

MINI_BATCH = {
    "table.exec.mini-batch.enabled": "true",
    "table.exec.mini-batch.allow-latency": "1 s",
    "table.exec.mini-batch.size": "5",
    "table.optimizer.distinct-agg.split.enabled": "true",
}


class Planner:
    """Thread-safe. The process starts with the first script that is not in the cache."""

    def __init__(self, root, work):
        self.program = os.path.join(root, "planner", "castor-planner")
        self.folder = tempfile.TemporaryDirectory(prefix="castor-planner-")
        self.socket_path = os.path.join(self.folder.name, "socket")
        self.cache = os.path.join(work, "bundles")
        os.makedirs(self.cache, exist_ok=True)
        jar = os.stat(os.path.join(root, "planner", "target", "castor-planner.jar"))
        self.version = f"{jar.st_size} {jar.st_mtime_ns}"
        self.process = None
        self.starting = threading.Lock()
        self.local = threading.local()

    def compile(self, script, settings, folder):
        """The bundle, or the error document."""
        request = {"op": "compile", "script": script, "name": "test", "settings": settings}
        request["directory"] = folder
        line = json.dumps(request)
        key = hashlib.sha256((self.version + line).encode()).hexdigest()
        path = os.path.join(self.cache, key + ".json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
        answer = self.ask(line)
        bundle = json.loads(answer)
        if bundle.get("cacheable") or "error" in bundle:
            with open(path + f".{threading.get_ident()}", "w", encoding="utf-8") as file:
                file.write(answer)
            os.rename(file.name, path)
        return bundle

    def ask(self, line):
        if not hasattr(self.local, "stream"):
            self.start()
            self.local.stream = self.connect()
        self.local.stream.write(line + "\n")
        self.local.stream.flush()
        answer = self.local.stream.readline()
        if not answer:
            raise RuntimeError("the planner has died")
        return answer

    def start(self):
        with self.starting:
            if self.process is None:
                self.process = subprocess.Popen(
                    [self.program, "--socket", self.socket_path, "--idle", "1800"]
                )

    def connect(self):
        deadline = time.monotonic() + 60
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(self.socket_path)
                return connection.makefile("rw", encoding="utf-8")
            except OSError:
                connection.close()
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the planner did not start") from None
                time.sleep(0.02)

    def close(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        self.folder.cleanup()
