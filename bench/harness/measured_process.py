"""Runs a command on chosen cores and measures its whole process tree.

Wall time is from start to exit; CPU time is what the kernel accounts to the process and all descendants that
were waited for; peak memory is the sum over the processes of the tree of the most that each had resident
(VmHWM, sampled: it only grows, so little is missed). The measuring process keeps off the chosen
cores where the machine has others.
"""

import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Measurement:
    """How a command ended and what it took."""

    code: int
    out: str
    err: str
    wall_s: float
    cpu_s: float
    peak_bytes: int


def last_cores(count):
    """The cores to measure on: the last ones, since the first serves most interrupts."""
    available = sorted(os.sched_getaffinity(0))
    if not 1 <= count <= len(available):
        raise SystemExit(f"CORES={count}: this process may use {len(available)} core(s)")
    return available[-count:]


def keep_off(cores):
    """Moves this process (not its later measured children) to the cores that are left, if any."""
    others = os.sched_getaffinity(0) - set(cores)
    if others:
        os.sched_setaffinity(0, others)


def run(argv, cores, timeout_s=1800):
    """Runs argv on the cores until it ends; a command that does not end in time is killed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.monotonic()
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
        killer = threading.Timer(timeout_s, process.kill)
        killer.start()
        memory = _MemoryWatch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        killer.cancel()
        peak = memory.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Measurement(
            process.returncode,
            out.read(),
            err.read(),
            wall,
            usage.ru_utime + usage.ru_stime,
            max(peak, usage.ru_maxrss * 1024),
        )


class _MemoryWatch:
    """Samples the tree below a process on a thread of its own until stopped."""

    def __init__(self, root):
        self.root = root
        self.peaks = {}
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopped.set()
        self.thread.join()
        return sum(self.peaks.values())

    def _watch(self):
        while not self.stopped.wait(SAMPLE_SECONDS):
            for pid in _tree(self.root):
                self.peaks[pid] = max(self.peaks.get(pid, 0), _high_water_mark(pid))


def _tree(root):
    found, open_pids = [], [root]
    while open_pids:
        pid = open_pids.pop()
        found.append(pid)
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                    open_pids.extend(int(child) for child in children.read().split())
        except OSError:
            continue  # The process or the thread has just ended.
    return found


def _high_water_mark(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass  # The process has just ended.
    return 0
