"""Nexmark's queries with much state, in a cluster of processes, on one state backend after the other.

What is measured is the second half of a run's events, when code is compiled and state is large: the events
of a second, the CPU time of the task managers for a thousand of them, and how long checkpoints took from
their trigger to their end. All backends have to come to the same result.
"""

import glob
import json
import os
import shutil
import statistics
import sys
import tempfile
import time

from cluster import Cluster

QUERIES = ("q4", "q5", "q7", "q9", "q11", "q16", "q18", "q19", "q20")
# Their rows are replaced without being taken back, so that their hash goes by the order of arrival.
BY_ARRIVAL = ("q9", "q18", "q19")
RATE = 100_000  # events of a second of event time
PROGRAM = "io.castor.nexmark.SqlScripts"
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JAR = "bench/nexmark/flink/target/castor-nexmark-flink-*-SNAPSHOT.jar"
SOURCE = "Source"

sys.path.insert(0, os.path.join(REPOSITORY, "bench"))
from nexmark.suite.script import PLAN_SETTINGS, generated, hashed, script  # noqa: E402


def settings(backend, folder, interval):
    """Those of the Nexmark guide, which leaves RocksDB as Flink sets it, with objects reused."""
    return {
        "state.backend.type": backend,
        "state.backend.rocksdb.localdir": os.path.join(folder, "rocksdb"),
        "state.backend.forst.local-dir": os.path.join(folder, "forst"),
        "state.backend.forst.primary-dir": "file://" + os.path.join(folder, "primary"),
        "execution.checkpointing.dir": "file://" + os.path.join(folder, "checkpoints"),
        "execution.checkpointing.incremental": "true",
        "execution.checkpointing.interval": interval,
        "execution.checkpointing.checkpoints-after-tasks-finish.enabled": "false",
        "restart-strategy.type": "none",
        "pipeline.object-reuse": "true",
        **PLAN_SETTINGS,
    }


class Progress:
    """How many events the sources of the one job of a cluster have read."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.job = None
        self.paths = []

    def find(self):
        jobs = self.cluster.rest("/jobs")["jobs"]
        if not jobs:
            return False
        self.job = jobs[0]["id"]
        for vertex in self.cluster.rest(f"/jobs/{self.job}")["vertices"]:
            if not vertex["name"].startswith(SOURCE):
                continue
            metrics = f"/jobs/{self.job}/vertices/{vertex['id']}/subtasks/metrics"
            for metric in self.cluster.rest(metrics):
                if metric["id"].startswith(SOURCE) and metric["id"].endswith(".numRecordsOut"):
                    self.paths.append(f"{metrics}?get={metric['id']}&agg=sum")
        return bool(self.paths)

    def state(self):
        return self.cluster.rest(f"/jobs/{self.job}")["state"]

    def events(self):
        counts = [self.cluster.rest(path) for path in self.paths]
        return min((int(count[0]["sum"]) if count else 0) for count in counts)


def await_end(cluster, client, events):
    """When it was at half of the events or more, how many these were, and when it ended."""
    progress = Progress(cluster)
    while not progress.find():
        if client.poll() is not None:
            raise RuntimeError(f"the job ended too early to be measured; see {cluster.folder}")
        time.sleep(0.2)
    half = None
    while True:
        state = progress.state()
        now = (time.monotonic(), cluster.cpu_seconds())
        if state not in ("CREATED", "INITIALIZING", "RUNNING"):
            break
        if half is None:
            done = progress.events()
            if done >= events // 2:
                half = (done, *now)
        time.sleep(0.2)
    client.wait()
    if state != "FINISHED" or half is None or half[0] >= events:
        raise RuntimeError(f"a job is {state}, its half at {half}; see {cluster.folder}")
    left = events - half[0]
    checkpoints = cluster.rest(f"/jobs/{progress.job}/checkpoints")["history"]
    complete = [each for each in checkpoints if each["status"] == "COMPLETED"]
    return {
        "events_per_s": left / (now[0] - half[1]),
        "cpu_ms_per_1000": (now[1] - half[2]) * 1e6 / left,
        "checkpoint_ms": [each["end_to_end_duration"] for each in complete],
        "state_mb": max((each["state_size"] for each in complete), default=0) / 1e6,
    }


def result_of(query, folder):
    """Rows that are there at the end, and their hash if that says something."""
    rows = total = 0
    for path in glob.glob(os.path.join(folder, "part-*")):
        with open(path, encoding="utf-8") as file:
            part = json.load(file)
        rows += part["+I"] - part["-D"]
        total += int(part["hash"])
    return rows, None if query in BY_ARRIVAL else total % 2**64


def run(query, backend, flink, gemini, events, memory_mb, interval):
    folder = tempfile.mkdtemp(prefix=f"nexmark-{query}-{backend}-")
    sink = os.path.join(folder, "result")
    path = os.path.join(folder, "query.sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script(query, generated(events, RATE), hashed(sink)))
    heap_mb = memory_mb if backend == "hashmap" else 0  # what others have as managed memory
    class_path = f"{flink}/lib/*:{gemini}"
    jar = glob.glob(os.path.join(REPOSITORY, JAR))[0]
    options = settings(backend, folder, interval)
    with Cluster(folder, class_path, memory_mb, heap_mb, options) as cluster:
        cluster.await_slots()
        measured = await_end(cluster, cluster.submit(jar, PROGRAM, path), events)
    return measured, result_of(query, sink), folder


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def measure(backends, rounds, queries, **conditions):
    """By query and backend what its runs gave; None once one has failed."""
    runs = {query: {backend: [] for backend in backends} for query in queries}
    for number in range(rounds):
        for query in queries:
            results = {}
            for backend in backends:
                if runs[query][backend] is None:
                    continue
                print(f"round {number + 1}: Nexmark {query}, {backend}", file=sys.stderr)
                try:
                    measured, results[backend], folder = run(query, backend, **conditions)
                    runs[query][backend].append(measured)
                    shutil.rmtree(folder)
                except RuntimeError as failure:
                    print(f"{query} on {backend}: {failure}", file=sys.stderr)
                    runs[query][backend] = None
            if len(set(results.values())) > 1:
                raise RuntimeError(f"{query} does not give the same on all backends: {results}")
    return runs


def line_of(query, by_backend):
    line = {"query": query, "backends": {}}
    for backend, measured in by_backend.items():
        if measured is None:
            line["backends"][backend] = None
            continue
        durations = [each for run in measured for each in run["checkpoint_ms"]]
        line["backends"][backend] = {
            "events_per_s": spread([each["events_per_s"] for each in measured]),
            "cpu_ms_per_1000": spread([each["cpu_ms_per_1000"] for each in measured]),
            "checkpoint_ms": spread(durations) if durations else None,
            "state_mb": max(each["state_mb"] for each in measured),
        }
    gemini, rocksdb = (line["backends"].get(each) for each in ("gemini", "rocksdb"))
    if gemini and rocksdb:
        line["times_rocksdb"] = ratio(gemini, rocksdb, "events_per_s")
        line["times_rocksdb_by_cpu"] = ratio(rocksdb, gemini, "cpu_ms_per_1000")
        if gemini["checkpoint_ms"] and rocksdb["checkpoint_ms"]:
            line["checkpoints_of_rocksdb"] = ratio(gemini, rocksdb, "checkpoint_ms")
    return line


def ratio(one, other, figure):
    return one[figure]["median"] / other[figure]["median"]


def show(lines, backends):
    for figure, unit in (
        ("events_per_s", "events a second"),
        ("cpu_ms_per_1000", "CPU ms for 1000 events"),
        ("checkpoint_ms", "ms of a checkpoint"),
    ):
        print(f"{unit:28}" + "".join(f"{each:>12}" for each in backends))
        for line in lines:
            cells = [(line["backends"][each] or {}).get(figure) for each in backends]
            print(
                f"{line['query']:28}"
                + "".join(f"{'-' if each is None else format(each['median'], '.1f'):>12}" for each in cells)
            )
    for figure, bar in (
        ("times_rocksdb", "bar 1.7, and none below 1.0"),
        ("times_rocksdb_by_cpu", ""),
        ("checkpoints_of_rocksdb", "bar at most 0.7"),
    ):
        found = {line["query"]: line[figure] for line in lines if figure in line}
        if found:
            mean = statistics.geometric_mean(found.values())
            each = ", ".join(f"{query} {value:.2f}" for query, value in found.items())
            print(f"{figure}: geometric mean {mean:.2f} ({each}) {bar}".rstrip())
