"""What Gemini decides for itself beside the best that is fixed.

Each scenario is a state of several times the memory and phases of work on it that change; the same
seeds make the same work for every setting. The best fixed setting is searched for one knob after the
other, each time keeping the best. What is compared are bytes of I/O; hit rates and CPU time stand
beside them. The regret is what the tuned store has more than the best fixed one.
"""

import sys

from state.suite import sides
from state.suite.throughput import BATCH

SIZE = 6  # of the state, in memories
KNOBS = {"filter_of_oldest": (1, 0), "cache": (0, 1, 4), "fan_in": (4, 2, 8, 16),
         "separate_from": (0, 256)}
UNTUNED = {"tuned": 0, **{name: values[0] for name, values in KNOBS.items()}}


def phase(workload, distribution="uniform", keys=1, weight=1):
    """`keys`: as a multiple of those that the state has; those above are not there."""
    return {"workload": workload, "distribution": distribution, "keys": keys, "weight": weight}


# Name, bytes of a value, entries of a key, and what happens.
SCENARIOS = (
    ("aggregate", 48, 1, "get", (phase("update", "zipf"), phase("update", "recent"))),
    ("join with few hits", 1024, 2, "map_put", (phase("join"), phase("join", "zipf"))),
    ("scan", 48, 8, "map_put", (phase("map_walk"), phase("map_get", "zipf"), phase("map_walk"))),
    ("hot keys that shift", 48, 1, "get",
     (phase("get", "zipf"), phase("update", "recent"), phase("get", "recent"))),
    ("all in turn", 48, 1, "get",
     (phase("get"), phase("get", keys=8), phase("update", "zipf"), phase("get", "zipf"))),
)


def replay(bench, scenario, settings):
    """Bytes of I/O, hit rate and CPU seconds of all phases."""
    _, value_bytes, entries, load, phases = scenario
    memory = bench.settings.memory_bytes
    bytes_of_key = 16 + entries * (value_bytes + (8 if entries > 1 else 0))
    keys = max(1000, int(SIZE * memory / bytes_of_key))
    side = sides.Side(sides.GEMINI, bench.program, bench.folder, memory, value_bytes,
                      settings=settings)
    try:
        side.ask("load", workload=load, keys=keys, entries=entries, batch=BATCH)
        side.ask("settle")
        before = side.ask("counters")
        cpu = 0
        for number, each in enumerate(phases):
            batches = max(4, int(each["weight"] * keys / BATCH / (4 if entries > 1 else 1)))
            answer = side.ask("run", workload=each["workload"], entries=entries, batch=BATCH,
                              distribution=each["distribution"], keys=keys * each["keys"],
                              batches=batches, seed=1 + number)
            cpu += answer["cpu_seconds"]
        side.ask("settle")
        after = side.ask("counters")
    finally:
        side.close()
    counted = {name: after[name] - before[name] for name in before}
    return {"io_mb": (counted["bytes_read"] + counted["bytes_written"]) / 1e6,
            "hit_rate": 1 - counted["read_for_them"] / max(counted["looked_up"], 1),
            "cpu_seconds": cpu, "decisions": counted["decisions"]}


def best_fixed(bench, scenario, untuned):
    """By coordinates: the settings and what they gave."""
    best, cost = dict(UNTUNED), untuned
    for name, values in KNOBS.items():
        for value in values[1:]:
            tried = dict(best, **{name: value})
            found = replay(bench, scenario, tried)
            print(f"    {name}={value}: {told(found)}", file=sys.stderr, flush=True)
            if found["io_mb"] < cost["io_mb"]:
                best, cost = tried, found
    return best, cost


def told(found):
    return (f"{found['io_mb']:.0f} MB of I/O, hit rate {found['hit_rate']:.3f}, "
            f"{found['cpu_seconds']:.1f} s of CPU")


def measure(bench):
    for scenario in SCENARIOS:
        untuned = replay(bench, scenario, UNTUNED)
        tuned = replay(bench, scenario, dict(UNTUNED, tuned=1))
        settings, best = best_fixed(bench, scenario, untuned)
        regret = tuned["io_mb"] / best["io_mb"] - 1
        gain = 1 - tuned["io_mb"] / untuned["io_mb"]
        bench.tuning.append({"scenario": scenario[0], "untuned": untuned, "tuned": tuned,
                             "best_fixed": dict(best, settings=settings), "regret": regret,
                             "gain": gain})
        print(f"tuning     {scenario[0]}\n  off:        {told(untuned)}\n  on:         {told(tuned)}, "
              f"{tuned['decisions']:.0f} decisions\n  best fixed: {told(best)} {settings}\n"
              f"  regret {regret:+.1%}, gain over off {gain:+.1%}", flush=True)
    return []
