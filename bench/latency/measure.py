"""make bench-latency; see bench/latency/README.md.

Read from the environment, all optional:

  TIMEOUTS  values of execution.buffer-timeout (default "0ms 1ms 10ms 100ms")
  DURATION  seconds each is measured, after those that fill the state (default 40)
  KEYS      keys of the state (default 1000000)
  CORES     cores the engine is pinned to (default: all); its parallelism is at least 2, so that rows are exchanged
  LOAD      share of the highest load (default 0.5)
  RATE      events per second instead, without looking for the highest load
  CHECKPOINT_INTERVAL  (default 10s)
"""

import json
import os
import shutil
import sys
import time

from harness import measured_process
from latency.histogram import Histogram
from nexmark.suite import script

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASTOR = os.path.join(ROOT, "bin", "castor")
OUTPUT = os.path.join(ROOT, "build", "bench", "latency.json")
PERCENTILES = (50, 90, 99, 99.9, 99.99, 100)
GOAL_MS = 10
# After so many events a key, all but one in some thousands have come.
EVENTS_PER_KEY = 30
# Enough for some ten seconds, so that checkpoints count as they do in the measure.
SEARCH_EVENTS = 40_000_000
# For a job to start on a busy machine.
START_S = 4


class Bench:
    """The job in a folder of its own, on chosen cores."""

    def __init__(self, folder, cores):
        self.folder = folder
        self.cores = cores
        self.parallelism = max(2, len(cores))
        self.interval = os.environ.get("CHECKPOINT_INTERVAL") or "10s"
        self.keys = setting("KEYS", "1000000", int)
        self.fill_events = EVENTS_PER_KEY * self.keys
        self.compile_s = 0.0
        with open(os.path.join(HERE, "job.sql"), encoding="utf-8") as file:
            self.job = file.read()

    def compile(self, source, warm_up_s):
        """Writes and compiles the script; the bundle's path."""
        results = os.path.join(self.folder, "results")
        shutil.rmtree(results, ignore_errors=True)
        sink = {"connector": "latency", "path": results, "column": "due"}
        sink["warm-up"] = f"{warm_up_s} s"
        with open(os.path.join(script.NEXMARK, "ddl.sql"), encoding="utf-8") as ddl:
            text = ddl.read() + "\n" + self.job
        values = {"SOURCE": source, "SINK": script.options(sink), "KEYS": str(self.keys)}
        for name, value in values.items():
            text = text.replace("${" + name + "}", value)
        path = os.path.join(self.folder, "job.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        compiling = ["compile", "-q", path, "-o", path + ".json"]
        self.compile_s = self._castor(compiling, sorted(os.sched_getaffinity(0))).wall_s
        return path + ".json"

    def run(self, bundle, timeout):
        """One run; what it took."""
        checkpoints = os.path.join(self.folder, "checkpoints")
        command = ["run", "-q", bundle, "-p", str(self.parallelism)]
        command += ["--set", f"execution.buffer-timeout={timeout}"]
        command += ["--checkpoint-dir", checkpoints, "--checkpoint-interval", self.interval]
        measured = self._castor(command, self.cores)
        shutil.rmtree(checkpoints, ignore_errors=True)
        return measured

    def highest_load(self):
        """Events per second when nothing holds the source back and the state has its size: by how much longer it
        takes to fill the state and do SEARCH_EVENTS more than just to fill it."""
        walls = []
        for events in (self.fill_events, self.fill_events + SEARCH_EVENTS):
            bundle = self.compile(script.generated(events), 0)
            walls.append(min(self.run(bundle, "100ms").wall_s for _ in range(2)))
        if walls[1] <= walls[0]:
            raise SystemExit("the machine is too busy to find the highest load; set RATE=")
        return SEARCH_EVENTS / (walls[1] - walls[0])

    def fill_s(self, rate):
        return -(-self.fill_events // rate)

    def latencies(self, timeout, rate, seconds):
        """The histogram of a run at a rate, whose first event is due when the job is sure to be up."""
        warm_up_s = self.fill_s(rate)
        base_time = int((time.time() + 2 * self.compile_s + START_S) * 1000)
        more = {"rate.limited": "true", "base-time": base_time}
        events = round(rate * (seconds + warm_up_s))
        bundle = self.compile(script.generated(events, rate, more), warm_up_s)
        if time.time() * 1000 > base_time - 1000:
            raise SystemExit("compiling took longer than expected; try again")
        measured = self.run(bundle, timeout)
        found = Histogram.read(os.path.join(self.folder, "results"))
        if found.rows == 0:
            raise SystemExit(f"no result was observed:\n{measured.err}")
        return found

    @staticmethod
    def _castor(arguments, cores):
        measured = measured_process.run([CASTOR, *arguments], cores)
        if measured.code != 0:
            raise SystemExit(f"castor {arguments[0]} failed:\n{measured.err}{measured.out}")
        return measured


def setting(name, default, kind):
    text = os.environ.get(name) or default
    try:
        return kind(text)
    except ValueError as error:
        raise SystemExit(f"{name}={text}: a number is expected") from error


def label(percent):
    return "max" if percent == 100 else f"p{percent:g}"


def main():
    timeouts = (os.environ.get("TIMEOUTS") or "0ms 1ms 10ms 100ms").split()
    seconds = setting("DURATION", "40", int)
    cores = measured_process.last_cores(setting("CORES", str(len(os.sched_getaffinity(0))), int))
    folder = os.path.join(ROOT, "build", "bench", "latency")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    bench = Bench(folder, cores)
    bench.compile(script.generated(1), 0)  # starts the planner
    highest = None
    rate = setting("RATE", "0", int)
    if not rate:
        highest = bench.highest_load()
        rate = round(highest * setting("LOAD", "0.5", float))
        print(f"highest load {highest / 1e6:.2f} M events/s on {len(cores)} core(s)", flush=True)
    expected_s = (seconds + bench.fill_s(rate) + 2 * START_S) * len(timeouts)
    print(f"about {expected_s} s to go", file=sys.stderr, flush=True)
    print(f"load {rate / 1e6:.2f} M events/s, {bench.keys} keys; milliseconds from the time an event is due to its result")
    print(f"{'buffer-timeout':<15} {'results':>11}" + "".join(f"{label(p):>10}" for p in PERCENTILES))
    found = []
    for timeout in timeouts:
        histogram = bench.latencies(timeout, rate, seconds)
        figures = {label(p): round(histogram.percentile_ms(p), 3) for p in PERCENTILES}
        found.append(
            {
                "buffer_timeout": timeout,
                "cores": len(cores),
                "highest_events_per_s": highest and round(highest),
                "load_events_per_s": rate,
                "keys": bench.keys,
                "results": histogram.rows,
                "goal_ms": GOAL_MS,
                "latency_ms": figures,
            }
        )
        print(
            f"{timeout:<15} {histogram.rows:>11}"
            + "".join(f"{value:>10.3f}" for value in figures.values()),
            flush=True,
        )
    shutil.rmtree(folder)
    with open(OUTPUT, "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)
        file.write("\n")
    print(f"the goal is {GOAL_MS} ms; written to {os.path.relpath(OUTPUT)}")


if __name__ == "__main__":
    sys.exit(main())
