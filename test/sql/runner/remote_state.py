"""Where state lies that is on an object store: a folder for each job in one that is started when it is asked for."""

import os
import pathlib
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "s3"))
from s3_server import KEYS, S3Server


class RemoteState:
    """Thread-safe, but for `close`."""

    def __init__(self):
        self.lock, self.folder, self.server = threading.Lock(), None, None

    def settings(self, name):
        """Arguments of the worker."""
        with self.lock:
            if self.server is None:
                self.folder = tempfile.TemporaryDirectory(prefix="castor-sql-s3-")
                self.server = S3Server(os.path.join(self.folder.name, "s3"))
        keys = {"s3.access-key": KEYS["AWS_ACCESS_KEY_ID"], "s3.secret-key": KEYS["AWS_SECRET_ACCESS_KEY"]}
        values = [self.server.endpoint, f"execution.checkpointing.dir=s3://lake/{name}"]
        values += ["=".join(pair) for pair in keys.items()]
        return [part for value in values for part in ("--set", value)]

    def left(self, name):
        """Files of the job that are still there."""
        return self.server.objects(name + "/")

    def close(self):
        if self.server is not None:
            self.server.kill()
            self.folder.cleanup()
