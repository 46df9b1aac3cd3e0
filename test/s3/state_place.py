"""Where the state of jobs under test lies: where it fits, or so that all ways are gone that state can go.

    python3 state_place.py PLACE COMMAND...     # runs the command with `--set key=value` for each option behind it
"""

import os
import subprocess
import sys
import tempfile
import threading

from s3_server import KEYS, S3Server

# No state stays in memory between two batches.
SPILLED = (("castor.memory", "32mb"), ("castor.memory.state", "1kb"))
PLACES = {
    "memory": (),
    "spilled": SPILLED,
    # The same, and nothing on local disk.
    "remote": SPILLED + (("state.backend.gemini.file.cache.type", "NONE"),),
}


class RemoteState:
    """Folders of an object store, which is started when it is asked for. Thread-safe, but for `close`."""

    def __init__(self):
        self.lock, self.folder, self.server = threading.Lock(), None, None

    @staticmethod
    def path(name):
        return f"s3://lake/{name}"

    def settings(self, name):
        """Arguments of a worker for a job whose checkpoints are in the folder of that name."""
        with self.lock:
            if self.server is None:
                self.folder = tempfile.TemporaryDirectory(prefix="castor-state-s3-")
                self.server = S3Server(os.path.join(self.folder.name, "s3"))
        keys = {"s3.access-key": KEYS["AWS_ACCESS_KEY_ID"], "s3.secret-key": KEYS["AWS_SECRET_ACCESS_KEY"]}
        values = [self.server.endpoint, f"execution.checkpointing.dir={self.path(name)}"]
        values += ["=".join(pair) for pair in keys.items()]
        return [part for value in values for part in ("--set", value)]

    def left(self, name):
        """Files of the job that are still there."""
        return self.server.objects(name + "/")

    def close(self):
        if self.server is not None:
            self.server.kill()
            self.folder.cleanup()


class StatePlace:
    """One of PLACES, for jobs of all names. Thread-safe, but for `close`."""

    def __init__(self, place):
        assert place in PLACES, f"state is in one of {', '.join(PLACES)}, not in {place}"
        self.place, self.remote = place, RemoteState()

    @property
    def is_remote(self):
        return self.place == "remote"

    def settings(self, name):
        """Arguments of a worker."""
        own = [part for pair in PLACES[self.place] for part in ("--set", "=".join(pair))]
        return own + (self.remote.settings(name) if self.is_remote else [])

    def close(self):
        self.remote.close()


def main(place, *command):
    state = StatePlace(place)
    try:
        return subprocess.run([*command, *state.settings("jobs")], check=False).returncode
    finally:
        state.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
