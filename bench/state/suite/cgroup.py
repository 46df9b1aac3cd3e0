"""One memory limit for a process with all its page cache: a memory cgroup, version 1 or 2."""

import os
import pathlib
import time

V1 = pathlib.Path("/sys/fs/cgroup/memory")
V2 = pathlib.Path("/sys/fs/cgroup")


class MemoryGroup:
    """A cgroup of its own; without one (`limited` is False) nothing is limited, which the report says."""

    def __init__(self, name, limit_bytes):
        self.limit_bytes = limit_bytes
        self.path = None
        for root, limit in ((V1, "memory.limit_in_bytes"), (V2, "memory.max")):
            if not (root / "cgroup.procs").exists():
                continue
            path = root / f"castor-bench-{os.getpid()}-{name}"
            try:
                path.mkdir()
                (path / limit).write_text(str(limit_bytes))
            except OSError:
                if path.exists():
                    path.rmdir()
                continue
            self.path = path
            break

    @property
    def limited(self):
        return self.path is not None

    def enter(self):
        """Called in the child before it becomes the program."""
        if self.path:
            (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def peak_bytes(self):
        for name in ("memory.max_usage_in_bytes", "memory.peak"):
            if self.path and (self.path / name).exists():
                return int((self.path / name).read_text())
        return None

    def close(self):
        """After its processes have ended. Page cache that is still charged goes with it."""
        for _ in range(50):
            if not self.path:
                return
            try:
                self.path.rmdir()
                self.path = None
            except OSError:
                time.sleep(0.1)


def forget_pages(folder):
    """Lets the page cache go of what lies in a folder, so that it is read from the disk again."""
    for file in pathlib.Path(folder).rglob("*"):
        if not file.is_file():
            continue
        handle = os.open(file, os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
