"""The SQL of a query, which both engines run as it stands.

By hand, to run it elsewhere:

    PYTHONPATH=bench python3 -m nexmark.suite.script q5 200000 5000 > q5.sql
"""

import os
import sys

NEXMARK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What the Nexmark guide sets and the plan depends on.
PLAN_SETTINGS = {
    "table.exec.mini-batch.enabled": "true",
    "table.exec.mini-batch.allow-latency": "2 s",
    "table.exec.mini-batch.size": "50000",
    "table.optimizer.distinct-agg.split.enabled": "true",
    "table.local-time-zone": "UTC",
}

RATE = 100_000


def options(values):
    """Table options as they stand between the parentheses of WITH."""
    return ",\n  ".join(f"'{key}' = '{value}'" for key, value in values.items())


def generated(events, rate=RATE, more=None):
    """Options of a source that makes the events."""
    return options(
        {
            "connector": "nexmark",
            "events.num": events,
            "first-event.rate": rate,
            "next-event.rate": rate,
            **(more or {}),
        }
    )


def json_files(folder):
    """Options of a table of events in JSON files."""
    return options({"connector": "filesystem", "path": folder, "format": "json"})


def one_json_file(folder):
    """Options of a sink that writes them: one file a subtask, NULL fields left out."""
    return ",\n  ".join(
        (
            json_files(folder),
            options(
                {
                    "json.encode.ignore-null-fields": "true",
                    "sink.rolling-policy.file-size": "1 tb",
                }
            ),
        )
    )


def hashed(folder, sum_columns=()):
    """Options of a sink that leaves its hashes (spec/row-hash.md) in a folder."""
    values = {"connector": "hash", "path": folder}
    if sum_columns:
        values["sum-columns"] = ";".join(sum_columns)
    return options(values)


def script(query, source, sink):
    """The tables and the INSERT of a query."""
    with open(os.path.join(NEXMARK, "ddl.sql"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(NEXMARK, "queries", query + ".sql"), encoding="utf-8") as file:
        text += "\n" + file.read()
    return text.replace("${SOURCE}", source).replace("${SINK}", sink)


if __name__ == "__main__":
    print(script(sys.argv[1], generated(int(sys.argv[2]), int(sys.argv[3])), hashed("hashes")))
