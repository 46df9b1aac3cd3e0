"""Scripts that deployments run, and what they must have written in the end."""

import json
import os

ROWS = 600

# Each row has the number of rows of its kind so far: a row that is lost or doubled, or a count that is
# forgotten, shows in all that follow.
COUNTED = """\
CREATE TABLE numbers (n BIGINT, pt AS PROCTIME())
WITH ('connector' = 'datagen', 'rows-per-second' = '{rate}', 'fields.n.kind' = 'sequence',
      'fields.n.start' = '1', 'fields.n.end' = '{rows}');
CREATE TABLE counted (n BIGINT, c BIGINT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/counted', 'format' = 'json',
      'sink.rolling-policy.rollover-interval' = '50 ms', 'sink.rolling-policy.check-interval' = '50 ms');
INSERT INTO counted SELECT n, COUNT(*) OVER (
  PARTITION BY MOD(n, 2) ORDER BY pt ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
FROM numbers;
"""


def counted(sandbox, rate=150, rows=ROWS):
    return COUNTED.format(folder=sandbox.folder, rate=rate, rows=rows)


def endless(sandbox):
    return counted(sandbox, rate=50, rows=100_000_000)


# At once, and for ever.
ENDLESS_RESTARTS = {
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "1000000",
    "restart-strategy.fixed-delay.delay": "100 ms",
}


# Whatever fits nowhere is left behind.
LENIENT = {"kind": "LATEST_STATE", "allowNonRestoredState": True}


def failing(script):
    """The same, but its first row fails it. Its counts do not fit: the deployment has to be LENIENT."""
    return script.replace("SELECT n,", "SELECT n + CAST('no number' AS BIGINT),")


def printed(sandbox):
    """Endless, and into the worker's log: a sink that has no state, and so none that a fork would share."""
    script = endless(sandbox)
    start, end = script.index("'connector' = 'filesystem'"), script.index(");\nINSERT")
    return script[:start] + "'connector' = 'print'" + script[end:]


def deployment(name, script, **spec):
    """A document to create it with; checkpoints often enough for a short job."""
    spec.setdefault("state", "RUNNING")
    return {
        "metadata": {"name": name},
        "spec": {
            "template": {
                "spec": {
                    "artifact": {"kind": "SQLSCRIPT", "sqlScript": script},
                    "flinkConfiguration": {"execution.checkpointing.interval": "200ms"},
                }
            },
            **spec,
        },
    }


def written(sandbox):
    """Pairs of n and c, as far as they have been committed."""
    rows = []
    if os.path.isdir(sandbox.path("counted")):
        rows = [json.loads(line) for line in sandbox.read_folder("counted")]
    return sorted((row["n"], row["c"]) for row in rows)


def expected(rows=ROWS):
    return [(n, (n + 1) // 2) for n in range(1, rows + 1)]


def lasting(sandbox):
    """Longer than any test, and not endless: Flink makes a sequence as a whole before its first row."""
    return counted(sandbox, rate=20, rows=20_000)


def matched(sandbox):
    """The same, with what the native engine does not have: pairs of numbers that follow one another."""
    head = lasting(sandbox).split("INSERT INTO")[0]
    return head + """INSERT INTO counted SELECT n, c FROM numbers MATCH_RECOGNIZE (
  ORDER BY pt MEASURES LAST(A.n) AS n, COUNT(A.n) AS c AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A{2}) DEFINE A AS A.n > 0);
"""
