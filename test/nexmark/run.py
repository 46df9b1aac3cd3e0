"""Nexmark on the engine against the results of Apache Flink 2.3.0 on the same events.

expected.json holds, per query, the order-free hash (spec/row-hash.md) of the materialised rows and their number,
as bench/nexmark/flink's NexmarkRunner left them for EVENTS events at RATE events per second of
event time. Each query runs with and without mini-batches, at several parallelisms
(NEXMARK_PARALLELISMS). Arguments behind the build folder are passed on to `castor run`.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "bench"))
sys.dont_write_bytecode = True

from nexmark.suite.script import PLAN_SETTINGS, generated, hashed, script  # noqa: E402

EVENTS = 200_000
RATE = 5_000
PARALLELISMS = os.environ.get("NEXMARK_PARALLELISMS", "1 2 4").split()


def sql(query, hashes, mini_batch):
    """The query, with its sink writing hashes to a folder."""
    settings = "".join(f"SET '{key}' = '{value}';\n" for key, value in PLAN_SETTINGS.items())
    text = script(query, generated(EVENTS, RATE), hashed(hashes))
    return (settings if mini_batch else "") + text


def result(hashes):
    """The sum of the parts' hashes (mod 2^64) and the number of rows that remain."""
    total = rows = 0
    for name in os.listdir(hashes):
        with open(os.path.join(hashes, name)) as part:
            counts = json.load(part)
        total += int(counts["hash"])
        rows += counts["+I"] + counts["+U"] - counts["-U"] - counts["-D"]
    return {"hash": str(total % 2**64), "rows": rows}


def run(binaries, query, expected, parallelism, mini_batch):
    """None, or what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        hashes = os.path.join(folder, "hashes")
        path = os.path.join(folder, query + ".sql")
        with open(path, "w") as out:
            out.write(sql(query, hashes, mini_batch))
        done = subprocess.run(
            [os.path.join(binaries, "castor"), "run", "-q", path, "-p", parallelism, *sys.argv[2:]],
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode != 0:
            return f"exit code {done.returncode}: {done.stderr.strip()}"
        found = result(hashes)
    return None if found == expected else f"Flink has {expected}, the engine {found}"


def main():
    binaries = os.path.join(sys.argv[1], "bin")
    with open(os.path.join(HERE, "expected.json")) as file:
        expected = json.load(file)
    passed = failed = 0
    for query, answer in expected.items():
        for parallelism in PARALLELISMS:
            for mini_batch in (False, True):
                problem = run(binaries, query, answer, parallelism, mini_batch)
                if problem is None:
                    passed += 1
                    continue
                failed += 1
                print(f"{query} parallelism {parallelism} mini-batch {mini_batch}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
