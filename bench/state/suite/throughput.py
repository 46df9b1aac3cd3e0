"""Operations a second: states of a tenth, once and eight times the memory, under each workload."""

import dataclasses
import statistics

from state.suite import sides

KEY_BYTES, USER_KEY_BYTES, ELEMENT_BYTES, BATCH = 16, 8, 32, 512
IN_MEMORY, AS_LARGE, EIGHT_TIMES = 0.1, 1, 8
CHECKED_BATCHES = 4  # of each workload, which all sides must answer alike


@dataclasses.dataclass
class Group:
    """A state that is loaded once, and workloads that are measured on it in turn."""
    name: str
    load: str           # the workload that loads it
    size: float         # of the state, in memories
    value_bytes: int
    workloads: tuple
    distributions: tuple = ("uniform", "zipf", "recent")
    entries: int = 1
    key_bytes: int = 0  # of a key with all that it has
    whole_windows: bool = False
    writes: bool = False  # measure write and space amplification
    ceiling: bool = False  # beside a plain hash table, too
    memory_share: int = 1  # only a part of the memory, so that a run has an end

    def __post_init__(self):
        entry = self.value_bytes + (USER_KEY_BYTES if self.entries > 1 else 0)
        self.key_bytes = self.key_bytes or KEY_BYTES + self.entries * entry

    def keys(self, memory_bytes):
        return max(1 + 1000 // self.entries, int(self.size * memory_bytes / self.key_bytes))


def groups(fast):
    """In a fast run without states of eight times the memory, whose reads are as slow as the disk."""
    return (group for group in all_groups() if not fast or group.size < EIGHT_TIMES)


def all_groups():
    for size in (IN_MEMORY, AS_LARGE, EIGHT_TIMES):
        yield Group("values", "get", size, 48, ("get", "put", "update"), writes=size > 1,
                    ceiling=size == IN_MEMORY)
    for size in (AS_LARGE, EIGHT_TIMES):
        yield Group("values-1k", "get", size, 1024, ("get", "put", "update"),
                    ("uniform", "zipf"), writes=size > 1)
    for size in (IN_MEMORY, AS_LARGE, EIGHT_TIMES):
        yield Group("map-few", "map_put", size, 48, ("map_put", "map_get", "map_walk"),
                    ("uniform", "zipf"), entries=8)
    for size in (IN_MEMORY, AS_LARGE):
        yield Group("map-many", "map_put", size, 48, ("map_put", "map_get", "map_walk"),
                    ("uniform",), entries=4096)
    for size in (IN_MEMORY, AS_LARGE):
        yield Group("list", "list", size, 48, ("list",), ("uniform", "zipf"), entries=16,
                    key_bytes=KEY_BYTES + 16 * ELEMENT_BYTES)
    for size in (IN_MEMORY, AS_LARGE, EIGHT_TIMES):
        yield Group("join", "map_put", size, 1024, ("join",), ("uniform", "zipf"), entries=2)
    for size in (IN_MEMORY, AS_LARGE):
        yield Group("timers", "timers", size, 48, ("timers",), ("uniform",),
                    key_bytes=KEY_BYTES + 8)
    for size in (IN_MEMORY, AS_LARGE):
        yield Group("windows", "windows", size, 48, ("windows",), ("uniform",),
                    whole_windows=True, memory_share=1 if size < AS_LARGE else 4)


def bar(group, workload, distribution):
    """What is to be reached at least, as a ratio to RocksDB."""
    if group.size == IN_MEMORY and group.name == "values":
        return {"get": 8, "update": 12}.get(workload)
    if group.size == EIGHT_TIMES and group.name == "values" and workload != "put":
        return {"zipf": 3, "uniform": 1.2}.get(distribution)
    if group.size == IN_MEMORY:
        return {"timers": 3, "map_walk": 3}.get(workload)
    return None


def measure(bench, group):
    """A list of results, one for each workload and distribution."""
    settings = bench.settings
    memory = settings.memory_bytes // group.memory_share
    keys = group.keys(memory)
    state = {"keys": keys, "entries": group.entries, "batch": BATCH}
    cases = [(workload, distribution) for workload in group.workloads
             for distribution in group.distributions]
    kinds = sides.ALL + ((sides.CEILING,) if group.ceiling else ())
    runs = {case: {kind: [] for kind in kinds} for case in cases}
    with sides.Sides(bench, memory, group.value_bytes, kinds) as all_sides:
        all_sides.ask("load", workload=group.load, **state)
        all_sides.ask("settle")
        window = -(-2 * keys // BATCH)
        for number, (workload, distribution) in enumerate(cases):
            batches = window if group.whole_windows else CHECKED_BATCHES
            all_sides.ask_alike("run", workload=workload, distribution=distribution,
                                batches=batches, seed=1000 + number, **state)
        for round_number in range(settings.rounds):
            for number, (workload, distribution) in enumerate(cases):
                limit = ({"batches": window} if group.whole_windows
                         else {"seconds": settings.seconds})
                answers = all_sides.ask_in_turn(
                    "run", workload=workload, distribution=distribution,
                    seed=1 + round_number * len(cases) + number, **limit, **state)
                for kind, answer in answers.items():
                    runs[workload, distribution][kind].append(answer)
        results = [summarise(group, case, runs[case]) for case in cases]
        if group.writes:
            results += amplification(all_sides, group, keys, {
                kind: group.key_bytes * (keys + written_records(cases, runs, kind))
                for kind in all_sides.alive})
    return results


def written_records(cases, runs, kind):
    return sum(run["operations"] for case in cases if case[0] in ("put", "update")
               for run in runs[case][kind]) + CHECKED_BATCHES * BATCH * sum(
                   case[0] in ("put", "update") for case in cases)


def summarise(group, case, runs_of):
    workload, distribution = case
    result = {"group": group.name, "size": group.size, "value_bytes": group.value_bytes,
              "workload": workload, "distribution": distribution, "unit": "operations/s",
              "sides": {}}
    for kind, runs in runs_of.items():
        if not runs:
            continue
        rates = [run["operations"] / run["seconds"] for run in runs]
        result["sides"][kind] = {
            "value": statistics.median(rates), "least": min(rates), "most": max(rates),
            "cpu_us": 1e6 * statistics.median(
                run["cpu_seconds"] / run["operations"] for run in runs),
            **{name: statistics.median(run[name] for run in runs)
               for name in ("p50_us", "p99_us", "p999_us")}}
    return compared(result, bar(group, workload, distribution), at_least=True)


def compared(result, wanted, at_least):
    """Adds the ratio of Gemini to the better of RocksDB's settings, and what was wanted."""
    values = {kind: side["value"] for kind, side in result["sides"].items()}
    peers = {kind: value for kind, value in values.items()
             if kind not in (sides.GEMINI, sides.CEILING)}
    result["higher_is_better"] = at_least
    result["bar"] = wanted
    if not peers or sides.GEMINI not in values:
        return result
    if values.get(sides.CEILING):
        result["of_ceiling"] = values[sides.GEMINI] / values[sides.CEILING]
    best = (max if at_least else min)(peers, key=peers.get)
    result["best_peer"] = best
    if peers[best]:
        result["ratio"] = values[sides.GEMINI] / peers[best]
    of_gemini, of_best = (result["sides"][kind].get("cpu_us") for kind in (sides.GEMINI, best))
    if of_gemini and of_best:
        result["cpu_ratio"] = of_best / of_gemini
    if wanted is not None and "ratio" in result:
        result["met"] = result["ratio"] >= wanted if at_least else result["ratio"] <= wanted
    return result


def amplification(all_sides, group, keys, bytes_put):
    """Bytes written for each byte put since the state was empty, and bytes stored for each that counts."""
    all_sides.ask("settle")
    base = {"group": group.name, "size": group.size, "value_bytes": group.value_bytes,
            "distribution": "all"}
    writes = dict(base, workload="write amplification", unit="times", sides={})
    space = dict(base, workload="space amplification", unit="times", sides={})
    for kind, answer in all_sides.ask("describe").items():
        written = all_sides.alive[kind].bytes_written()
        writes["sides"][kind] = {"value": written / bytes_put[kind]}
        space["sides"][kind] = {"value": answer["disk"] / (keys * group.key_bytes)}
    results = [compared(writes, None, at_least=False), compared(space, None, at_least=False)]
    if group.value_bytes >= 1024 and sides.GEMINI in writes["sides"]:
        results[0].update(bar=3, bar_is_absolute=True,
                          met=writes["sides"][sides.GEMINI]["value"] <= 3)
    return results
