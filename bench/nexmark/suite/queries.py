"""Nexmark's queries: how many events a run takes by default, and how their results are compared.

The event counts are chosen so that Flink has its code compiled on one core before the first N events are
through, and that five pairs of all queries end in about an hour.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """One file of queries/."""

    name: str
    events: int
    # Columns whose total stands for the result where the rows depend on the clock.
    sum_columns: tuple = ()
    linger: str = "0s"
    compared: bool = True


# The generator alone: all columns of all events into a sink that ignores them.
BASELINE = Query("generator", 8_000_000, compared=False)

STANDARD = (
    Query("q0", 8_000_000),
    Query("q1", 8_000_000),
    Query("q2", 8_000_000),
    Query("q3", 8_000_000),
    Query("q4", 2_000_000),
    Query("q5", 4_000_000),
    Query("q7", 1_000_000),
    Query("q8", 8_000_000),
    Query("q12", 6_000_000, sum_columns=("bid_count",), linger="11s"),
)

MORE = (
    Query("q14", 6_000_000),
    Query("q15", 2_000_000),
    Query("q16", 1_000_000),
    Query("q17", 3_000_000),
    Query("q21", 4_000_000),
    Query("q22", 6_000_000),
)

# Which queries are run on JSON files too, where QUERIES does not say: one that only reads, one with state.
# Neither depends on event time, whose order over files no engine promises.
FROM_FILES = ("q0", "q4")
FILE_EVENTS = {"q0": 2_000_000, "q4": 1_000_000}

BY_NAME = {query.name: query for query in (BASELINE, *STANDARD, *MORE)}
