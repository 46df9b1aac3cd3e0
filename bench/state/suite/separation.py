"""Values apart from their keys against values beside them: Gemini alone, under a join whose rows are large."""

import statistics

from state.suite import sides
from state.suite.throughput import BATCH, EIGHT_TIMES, KEY_BYTES, USER_KEY_BYTES

VALUE_BYTES, ENTRIES = 1024, 2
DISTRIBUTIONS = ("uniform", "zipf")
BAR = 1.5
KINDS = (sides.APART, sides.TOGETHER)


def measure(bench):
    memory = bench.settings.memory_bytes
    keys = int(EIGHT_TIMES * memory / (KEY_BYTES + ENTRIES * (USER_KEY_BYTES + VALUE_BYTES)))
    state = {"keys": keys, "entries": ENTRIES, "batch": BATCH}
    rates = {name: {kind: [] for kind in KINDS} for name in DISTRIBUTIONS}
    with sides.Sides(bench, memory, VALUE_BYTES, KINDS) as both:
        both.ask("load", workload="map_put", **state)
        both.ask("settle")
        for round_number in range(bench.settings.rounds):
            for number, name in enumerate(DISTRIBUTIONS):
                answers = both.ask_in_turn(
                    "run", workload="join", distribution=name, seconds=bench.settings.seconds,
                    seed=1 + round_number * len(DISTRIBUTIONS) + number, **state)
                for kind, answer in answers.items():
                    rates[name][kind].append(answer["operations"] / answer["seconds"])
    return [result(name, rates[name]) for name in DISTRIBUTIONS]


def result(distribution, rates):
    values = {kind: statistics.median(of_kind) for kind, of_kind in rates.items() if of_kind}
    made = {"group": "separation", "size": EIGHT_TIMES, "value_bytes": VALUE_BYTES,
            "workload": "join, values apart / together", "distribution": distribution,
            "unit": "operations/s", "higher_is_better": True, "bar": BAR, "columns": KINDS,
            "sides": {kind: {"value": value} for kind, value in values.items()}}
    if len(values) == len(KINDS):
        made["ratio"] = values[sides.APART] / values[sides.TOGETHER]
        made["met"] = made["ratio"] >= BAR
    return made
