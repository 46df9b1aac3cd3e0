"""make bench-nexmark; see bench/nexmark/README.md.

Read from the environment, all optional:

  QUERIES   names separated by spaces or commas, or `all`; a name with /json reads its events from files
            (default: generator q0 q1 q2 q3 q4 q5 q7 q8 q12 q0/json q4/json)
  EVENTS    N of every query (default: per query, see queries.py)
  CORES     cores both engines are pinned to, and their parallelism (default 1)
  PAIRS     pairs of runs (default 5)
  FAST      1: one pair of a tenth of the events, to see that everything works; its figures mean nothing
  CHECKPOINT_INTERVAL  of both engines (default 10s)
"""

import os
import re
import shutil
import sys

from harness import measured_process
from nexmark.suite import queries, report
from nexmark.suite.comparison import Comparison, Mismatch
from nexmark.suite.engines import ROOT, Castor, Flink, Refused, Settings
from nexmark.suite.progress import Progress
from nexmark.suite.sources import Generator, JsonFiles

OUTPUT = os.path.join(ROOT, "build", "bench", "nexmark.json")
# For the first estimate of the time: a pair of runs of both kinds of Flink, with start-up.
SECONDS_PER_PAIR = 75


def chosen():
    """[(query, reads files)] in the order asked for."""
    default = [queries.BASELINE.name, *(query.name for query in queries.STANDARD)]
    files = [name + "/json" for name in queries.FROM_FILES]
    names = re.split(r"[\s,]+", os.environ.get("QUERIES", "").strip())
    if names == [""]:
        names = default + files
    elif names == ["all"]:
        names = default + [query.name for query in queries.MORE] + files
    found = []
    for name in names:
        query, _, source = name.partition("/")
        if query not in queries.BY_NAME or source not in ("", "json"):
            raise SystemExit(f"QUERIES: no query {name}; there are {' '.join(queries.BY_NAME)}")
        found.append((queries.BY_NAME[query], source == "json"))
    return found


def number(name, default):
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise SystemExit(f"{name}={text}: a number above 0 is expected")
    return int(text)


def events_of(query, from_files, fast):
    default = queries.FILE_EVENTS.get(query.name, query.events // 2) if from_files else query.events
    events = number("EVENTS", default)
    return max(events // 10, 1) if fast else events


def compare(query, from_files, events, engines, settings, progress, pairs):
    source = Generator()
    if from_files:
        source = JsonFiles(settings.folder, engines[0].command)
    comparison = Comparison(query, source, events, engines, settings, progress)
    try:
        comparison.prepare()
    except Refused as refusal:
        return report.refused(comparison.label, source.name, str(refusal))
    return comparison.measure(pairs)


def main():
    fast = os.environ.get("FAST", "0") not in ("", "0")
    pairs = 1 if fast else number("PAIRS", 5)
    cores = measured_process.last_cores(number("CORES", 1))
    todo = chosen()
    folder = os.path.join(ROOT, "build", "bench", "nexmark")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    measured_process.keep_off(cores)
    settings = Settings(tuple(cores), os.environ.get("CHECKPOINT_INTERVAL") or "10s", folder)
    engines = [Castor(settings), Flink(settings, "heap"), Flink(settings, "rocksdb")]
    per_query = SECONDS_PER_PAIR * pairs * (0.4 if fast else 1)
    progress = Progress(per_query * len(todo))
    found = []
    print(report.HEAD, report.UNITS, sep="\n", flush=True)
    try:
        for query, from_files in todo:
            events = events_of(query, from_files, fast)
            found.append(compare(query, from_files, events, engines, settings, progress, pairs))
            progress.plan_done(per_query)
            report.write(OUTPUT, found)
            print(report.line(found[-1]), flush=True)
    except Mismatch as mismatch:
        raise SystemExit(f"error: {mismatch}") from mismatch
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if fast:
        print("FAST: too few events and pairs for figures that mean anything")
    print(f"pinned to core(s) {', '.join(map(str, cores))}; written to {os.path.relpath(OUTPUT)}")


if __name__ == "__main__":
    sys.exit(main())
