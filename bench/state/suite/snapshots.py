"""What a checkpoint costs: how long the owner is stopped, what is new in it, what operations feel of it."""

import statistics

from state.suite import sides
from state.suite.throughput import BATCH, KEY_BYTES, compared

VALUES = (16, 128, 1024)
DISTRIBUTIONS = ("uniform", "zipf", "recent")
STATE_SHARE = 0.5      # of the memory
CHANGED_SHARE = 0.05   # updates between two checkpoints, of the keys
CHECKPOINTS = 4
PACED_BATCH = 64
PACED_RATE = 50_000    # operations a second, well below what either side can do
BYTES_BAR, TAIL_BAR = 0.7, 0.2


def result(value_bytes, workload, distribution, unit, by_kind, bar=None):
    made = {"group": "snapshots", "size": STATE_SHARE, "value_bytes": value_bytes,
            "workload": workload, "distribution": distribution, "unit": unit,
            "sides": {kind: {"value": value} for kind, value in by_kind.items()}}
    return compared(made, bar, at_least=False)


def measure(bench, value_bytes):
    settings = bench.settings
    keys = max(1000, int(STATE_SHARE * settings.memory_bytes / (KEY_BYTES + value_bytes)))
    state = {"workload": "update", "keys": keys}
    results = []
    with sides.Sides(bench, settings.memory_bytes, value_bytes) as all_sides:
        all_sides.ask("load", **state, batch=BATCH)
        all_sides.ask("settle")
        all_sides.ask("checkpoint")
        for number, distribution in enumerate(DISTRIBUTIONS):
            results += increments(all_sides, state, value_bytes, distribution, number)
        results.append(tail(all_sides, state, value_bytes, settings))
    return results


def increments(all_sides, state, value_bytes, distribution, number):
    """Sums of several checkpoints, as the files of one may be those of another merged."""
    new_bytes = {kind: 0 for kind in all_sides.alive}
    stops = {kind: [] for kind in all_sides.alive}
    batches = max(1, int(state["keys"] * CHANGED_SHARE / BATCH))
    for checkpoint in range(CHECKPOINTS):
        all_sides.ask_alike("run", **state, batch=BATCH, batches=batches,
                            distribution=distribution, seed=1 + number * CHECKPOINTS + checkpoint)
        for kind, answer in all_sides.ask("checkpoint").items():
            new_bytes[kind] += answer["new_bytes"]
            stops[kind].append(answer["owner_seconds"] * 1e3)
    new = result(value_bytes, "incremental bytes", distribution, "MB",
                 {kind: value / 1e6 for kind, value in new_bytes.items() if kind in
                  all_sides.alive}, BYTES_BAR)
    stop = result(value_bytes, "checkpoint stops the owner", distribution, "ms",
                  {kind: statistics.median(values) for kind, values in stops.items() if values})
    return [new, stop]


def tail(all_sides, state, value_bytes, settings):
    """Batches come at a fixed pace; each is counted from when it was due, so that what waits counts."""
    tails = {kind: [] for kind in all_sides.alive}
    for round_number in range(settings.rounds):
        answers = all_sides.ask("paced", **state, batch=PACED_BATCH, rate=PACED_RATE,
                                seconds=10 * settings.seconds, checkpoint=1,
                                seed=100 + round_number)
        for kind, answer in answers.items():
            tails[kind].append(answer["p999_us"] / 1e3)
    return result(value_bytes, "p99.9 during a checkpoint", "uniform", "ms",
                  {kind: statistics.median(values) for kind, values in tails.items() if values},
                  TAIL_BAR)


def measure_dirty(bench):
    """A checkpoint of which all of the state, eight times the usual memory, has changed in memory."""
    value_bytes = 1024
    memory = 16 * bench.settings.memory_bytes
    keys = memory // 2 // (KEY_BYTES + value_bytes)
    with sides.Sides(bench, memory, value_bytes) as all_sides:
        all_sides.ask("load", workload="put", keys=keys, batch=BATCH)
        stops = {kind: answer["owner_seconds"] * 1e3
                 for kind, answer in all_sides.ask("checkpoint").items()}
    made = result(value_bytes, f"checkpoint of {memory / 2e9:.2g} GB, all dirty", "-", "ms", stops)
    made.update(bar=5, bar_is_absolute=True, met=stops.get(sides.GEMINI, 1e9) <= 5)
    return [made]


def measure_deletes(bench):
    """Walks of a small map before and after a hundred thousand entries of it were put and erased."""
    count = 100_000 if not bench.settings.fast else 5_000
    results = []
    with sides.Sides(bench, bench.settings.memory_bytes, 48) as all_sides:
        answers = all_sides.ask_alike("deletes", count=count)
    for name in ("p50_us", "p99_us"):
        for when in ("before", "after"):
            results.append(result(48, f"walk {when} {count} deletes, {name[:3]}", "-", "us",
                                  {kind: answer[when][name] for kind, answer in answers.items()}))
    if sides.GEMINI in answers:
        of_gemini = answers[sides.GEMINI]
        grown = of_gemini["after"]["p99_us"] / of_gemini["before"]["p99_us"]
        results[-1].update(bar=1.2, bar_is_absolute=True, met=grown <= 1.2,
                           grown_by=grown)
    return results
