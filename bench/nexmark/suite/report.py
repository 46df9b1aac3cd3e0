"""The table on standard output and the objects of build/bench/nexmark.json."""

import json
import os
from statistics import median

from nexmark.suite import slopes

HEAD = (
    "query          events   castor    flink  ratio  (spread)      CPU s per 1M    ratio  (spread)"
    "      peak MB           core busy"
)
UNITS = (
    "              N and 2N   K/s/core K/s/core  wall                castor  flink  CPU"
    "                 castor flink      castor flink"
)


def entry(query, source, events, cores, by_engine):
    """The JSON object of a query. by_engine: name -> slopes, in the order of the pairs. A peer that was
    not run in all pairs was clearly slower than another."""
    castor = by_engine["castor"]
    peers = {
        name: runs
        for name, runs in by_engine.items()
        if name != "castor" and len(runs) == len(castor)
    }
    best = min(peers, key=lambda name: median(slope.cpu_s for slope in peers[name]))
    wall = slopes.ratios(castor, peers[best], "wall_s")
    cpu = slopes.ratios(castor, peers[best], "cpu_s")
    result = {
        "query": query,
        "source": source,
        "events": events,
        "cores": cores,
        "pairs": len(castor),
        "castor_events_per_s_per_core": round(slopes.rate_per_core(castor, cores)),
        "flink_events_per_s_per_core": round(slopes.rate_per_core(peers[best], cores)),
        "ratio": round(median(wall), 2),
        "ratio_spread": [round(min(wall), 2), round(max(wall), 2)],
        "ratio_cpu": round(median(cpu), 2),
        "ratio_cpu_spread": [round(min(cpu), 2), round(max(cpu), 2)],
        "flink_backend": best.replace("flink-", ""),
        "engines": {},
    }
    for name, runs in by_engine.items():
        result["engines"][name] = {
            "events_per_s_per_core": round(slopes.rate_per_core(runs, cores)),
            "cpu_s_per_million_events": round(slopes.cpu_per_million(runs), 4),
            "core_busy": round(slopes.busy_share(runs, cores), 2),
            "peak_memory_mb": round(max(slope.peak_bytes for slope in runs) / 2**20),
            "wall_s": [round(slope.wall_s, 3) for slope in runs],
            "cpu_s": [round(slope.cpu_s, 3) for slope in runs],
        }
    return result


def refused(query, source, message):
    """The JSON object of a query that the engine refuses."""
    return {"query": query, "source": source, "refused": message}


def write(path, entries):
    """Replaces the file, whole: a reader never sees half of it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
        file.write("\n")
    os.replace(path + ".part", path)


def line(found):
    """One line of the table."""
    name = found["query"]
    if "refused" in found:
        return f"{name:<13} refused: {found['refused'].splitlines()[0]}"
    castor = found["engines"]["castor"]
    flink = found["engines"]["flink-" + found["flink_backend"]]
    return (
        f"{name:<13} {found['events'] / 1e6:>6.2f}M"
        f" {castor['events_per_s_per_core'] / 1e3:>9.0f} {flink['events_per_s_per_core'] / 1e3:>8.0f}"
        f" {found['ratio']:>6.1f} {_spread(found['ratio_spread'])}"
        f" {castor['cpu_s_per_million_events']:>7.3f} {flink['cpu_s_per_million_events']:>6.2f}"
        f" {found['ratio_cpu']:>7.1f} {_spread(found['ratio_cpu_spread'])}"
        f" {castor['peak_memory_mb']:>7} {flink['peak_memory_mb']:>6} ({found['flink_backend']})"
        f" {castor['core_busy']:>5.2f} {flink['core_busy']:.2f}"
    )


def _spread(bounds):
    return f"({bounds[0]:.1f} .. {bounds[1]:.1f})".ljust(16)
