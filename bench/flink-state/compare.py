"""Runs the benchmarks on each backend in turn, round after round, and writes what they took.

    compare.py <class path> <Flink's folder> <Gemini's jar> <JSON file>

Settings are environment variables: FAST=1 (few keys, short, one round: whether it works), ONLY (a regular
expression of benchmarks, or Nexmark, perhaps with queries: Nexmark.q4,q9), BACKENDS, ROUNDS, KEYS, MEMORY_MB,
TTL (false, true or both), and of Nexmark EVENTS and NEXMARK_MEMORY_MB (of managed memory, each of two task managers).
"""

import collections
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile

import nexmark_runs

PACKAGE = "io.castor.flink.state.bench."
BENCHMARKS = ("Value", "List", "Map", "Rescale")
# How many times what RocksDB takes Gemini has to be under.
BARS = {
    "Value.get": 3,
    "Value.update": 3,
    "Map.get": 2,
    "List.append": 2,
    "Map.iterate": 3,
    "Rescale.takeOver": 5,
}
OPENED = ("lang", "util", "util.concurrent", "time", "net", "io", "nio")


def setting(name, default):
    return os.environ.get(name, default)


FAST = setting("FAST", "") == "1"
BACKENDS = setting("BACKENDS", "gemini rocksdb hashmap forst").split()
ROUNDS = int(setting("ROUNDS", "1" if FAST else "5"))
KEYS = setting("KEYS", "20000" if FAST else "100000")
RESCALED_KEYS = setting("RESCALED_KEYS", "50000" if FAST else "1000000")
MEMORY_MB = setting("MEMORY_MB", "512")
TTL = setting("TTL", "false" if FAST else "false,true")
ONLY = setting("ONLY", "")
EVENTS = int(setting("EVENTS", "400000" if FAST else "4000000"))
NEXMARK_MEMORY_MB = int(setting("NEXMARK_MEMORY_MB", "32" if FAST else "128"))


def run(class_path, backend, benchmark, result):
    """One process, of one backend, for all benchmarks of a class."""
    options = ["-f", "1", "-foe", "true", "-p", "backendType=" + backend]
    options += ["-p", "memoryMegabytes=" + MEMORY_MB]
    if benchmark == "Rescale":
        options += ["-p", "keys=" + RESCALED_KEYS, "-wi", "1", "-i", "3"]
    else:
        warm_up, measured, seconds = ("1", "1", "200ms") if FAST else ("3", "5", "1s")
        options += ["-p", "keys=" + KEYS, "-p", "ttl=" + TTL]
        options += ["-wi", warm_up, "-i", measured, "-w", seconds, "-r", seconds]
    java = ["java", "-Xms2g", "-Xmx2g", "-XX:+UseParallelGC"]
    java += [f"--add-opens=java.base/java.{each}=ALL-UNNAMED" for each in OPENED]
    pattern = re.escape(PACKAGE + benchmark + "Benchmark") + ".*(" + ONLY.partition(".")[2] + ").*"
    java += ["-cp", class_path, "org.openjdk.jmh.Main", pattern]
    java += [*options, "-rf", "json", "-rff", result]
    subprocess.run(java, check=True, stdout=subprocess.DEVNULL if FAST else sys.stderr)
    with open(result, encoding="utf-8") as file:
        return json.load(file)


def name_of(entry):
    name = entry["benchmark"].removeprefix(PACKAGE).replace("Benchmark.", ".")
    parameters = entry["params"]
    if parameters.get("ttl") == "true":
        name += " with TTL"
    if "instances" in parameters:
        name += " to " + parameters["instances"]
    return name


def measure(class_path):
    """Scores by benchmark and backend."""
    scores = collections.defaultdict(lambda: collections.defaultdict(list))
    units = {}
    wanted = [each for each in BENCHMARKS if re.match(ONLY.partition(".")[0] or ".*", each)]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            for benchmark in wanted:
                for backend in BACKENDS:
                    print(f"round {number + 1}: {benchmark}, {backend}", file=sys.stderr)
                    result = os.path.join(folder, "result.json")
                    for entry in run(class_path, backend, benchmark, result):
                        name = name_of(entry)
                        units[name] = entry["primaryMetric"]["scoreUnit"]
                        scores[name][backend].append(entry["primaryMetric"]["score"])
    return scores, units


def report(scores, units):
    lines = []
    for name, by_backend in scores.items():
        line = {"benchmark": name, "unit": units[name], "backends": {}}
        for backend, values in by_backend.items():
            line["backends"][backend] = {
                "median": statistics.median(values),
                "least": min(values),
                "most": max(values),
            }
        medians = {backend: each["median"] for backend, each in line["backends"].items()}
        if "gemini" in medians and "rocksdb" in medians:
            line["times_rocksdb"] = medians["rocksdb"] / medians["gemini"]
            line["bar"] = BARS.get(name.partition(" ")[0])
        lines.append(line)
    return lines


def show(lines):
    print(f"{'benchmark':28}" + "".join(f"{each:>12}" for each in BACKENDS) + "   x RocksDB   bar")
    for line in lines:
        cells = [line["backends"].get(each, {}).get("median") for each in BACKENDS]
        text = f"{line['benchmark']:28}"
        text += "".join(f"{'-' if cell is None else format(cell, '.1f'):>12}" for cell in cells)
        if "times_rocksdb" in line:
            missed = line["bar"] is not None and line["times_rocksdb"] < line["bar"]
            text += f"   {line['times_rocksdb']:9.2f}   {line['bar'] or '':>3}{'  missed' if missed else ''}"
        print(text)


def measure_nexmark(flink, gemini):
    queries = ONLY.partition(".")[2].split(",") if "." in ONLY else nexmark_runs.QUERIES
    runs = nexmark_runs.measure(
        BACKENDS,
        ROUNDS,
        queries,
        flink=flink,
        gemini=gemini,
        events=EVENTS,
        memory_mb=NEXMARK_MEMORY_MB,
        interval="2 s" if FAST else "10 s",
    )
    lines = [nexmark_runs.line_of(query, by_backend) for query, by_backend in runs.items()]
    nexmark_runs.show(lines, BACKENDS)
    return {"events": EVENTS, "memory_mb": NEXMARK_MEMORY_MB, "lines": lines}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # clusters end with it
    class_path, flink, gemini, target = sys.argv[1:]
    written = {"rounds": ROUNDS, "fast": FAST}
    if not ONLY.startswith("Nexmark"):
        lines = report(*measure(class_path))
        show(lines)
        settings = {"keys": KEYS, "rescaled_keys": RESCALED_KEYS, "memory_mb": MEMORY_MB}
        written.update(settings, lines=lines)
    if not ONLY or ONLY.startswith("Nexmark"):
        written["nexmark"] = measure_nexmark(flink, gemini)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(written, file, indent=2)


if __name__ == "__main__":
    main()
