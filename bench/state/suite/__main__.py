"""Gemini beside RocksDB (bench/state/README.md). The settings are in settings.py."""

import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile

from state.suite import (report, restores, separation, settings, snapshots, throughput,
                         tuning)
from state.suite.cgroup import MemoryGroup


class Bench:
    """What all measurements have in common, and what they have found."""

    def __init__(self, program):
        self.program = program
        self.settings = settings.Settings.from_environment()
        parent = pathlib.Path("build/bench")
        parent.mkdir(parents=True, exist_ok=True)
        # On the disk of the repository: folders of temporary files may be in memory.
        self.folder = tempfile.mkdtemp(prefix="state-", dir=parent.resolve())
        self.results, self.deaths = [], []
        self.agreed = 0
        self.tuning = []

    def died(self, what):
        print(f"  {what}", file=sys.stderr)
        self.deaths.append(what)

    def add(self, results):
        for result in results:
            print(report.line(result), flush=True)
        self.results += results
        pathlib.Path("build/bench/state.json").write_text(json.dumps(
            {"settings": vars(self.settings), "load_average": os.getloadavg(),
             "results": self.results, "tuning": self.tuning, "ended_early": self.deaths},
            indent=1) + "\n")


def measurements(bench):
    for group in throughput.groups(bench.settings.fast):
        yield group.name, lambda group=group: throughput.measure(bench, group)
    if not bench.settings.fast:
        yield "separation", lambda: separation.measure(bench)
    for value_bytes in snapshots.VALUES:
        yield "snapshots", lambda value_bytes=value_bytes: snapshots.measure(bench, value_bytes)
    yield "snapshots", lambda: snapshots.measure_dirty(bench)
    yield "deletes", lambda: snapshots.measure_deletes(bench)
    yield "restore", lambda: restores.measure(bench)
    yield "tuning", lambda: tuning.measure(bench)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # processes and folders are tidied up
    bench = Bench(sys.argv[1])
    probe = MemoryGroup("probe", 1 << 30)
    limited = probe.limited
    probe.close()
    memory = bench.settings.memory_bytes >> 20
    print(f"{memory} MB for each store, and a quarter of that and 48 MB for the rest of its process "
          f"{'with its page cache' if limited else '- NOT limited: there are no memory cgroups here'}")
    print(report.heading())
    try:
        for group, measure in measurements(bench):
            if bench.settings.wants(group):
                bench.add(measure())
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)
    print("\n".join(report.closing(bench.results, bench.deaths)))
    print(f"both sides gave the same answers to {bench.agreed} questions; load average "
          f"{os.getloadavg()[1]:.1f}; written to build/bench/state.json")
    return 1 if bench.deaths else 0


if __name__ == "__main__":
    sys.exit(main())
