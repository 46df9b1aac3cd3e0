"""From a checkpoint to the first record read, and to the throughput that there was before.

RocksDB has to have its files in a folder of its own: they are copied, as Flink downloads them. Gemini reads
the files of the checkpoint where they are. Page cache of these files is dropped before.
"""

import statistics
import time

from state.suite import sides
from state.suite.cgroup import forget_pages
from state.suite.throughput import BATCH, KEY_BYTES, compared

VALUE_BYTES = 1024
STATE_MEMORIES = 16  # 2 GB at 128 MB
FIRST_READ_BAR = 10
WARM_UP_RUNS, INTERVAL = 33, 0.1  # of as many rounds' seconds, and of the timeline in seconds


def measure(bench):
    settings = bench.settings
    state_bytes = STATE_MEMORIES * settings.memory_bytes
    memory = 4 * settings.memory_bytes
    keys = state_bytes // (KEY_BYTES + VALUE_BYTES)
    first_reads, warm_ups = {}, {}
    with sides.Sides(bench, memory, VALUE_BYTES) as saved:
        saved.ask("load", workload="put", keys=keys, batch=BATCH)
        saved.ask("settle")
        saved.ask("checkpoint")
        for side in saved.alive.values():
            side.ask("keep", file=side.folder / "kept")
            side.process.kill()
            side.process.wait()
        for round_number in range(min(settings.rounds, 3)):
            for kind, side in saved.alive.items():
                seconds, timeline = restore(bench, side, memory, keys, round_number)
                first_reads.setdefault(kind, []).append(seconds * 1e3)
                if timeline:
                    warm_ups[kind] = until_steady(timeline)
    base = {"group": "restore", "size": STATE_MEMORIES / 4, "value_bytes": VALUE_BYTES,
            "distribution": "zipf"}
    first = dict(base, workload=f"restore {state_bytes / 1e9:.2g} GB to first read", unit="ms",
                 sides={kind: {"value": statistics.median(values)}
                        for kind, values in first_reads.items()})
    warm = dict(base, workload="restore to 90 % of steady updates", unit="s",
                sides={kind: {"value": value} for kind, value in warm_ups.items()})
    return [compared(first, 1 / FIRST_READ_BAR, at_least=False),
            compared(warm, None, at_least=False)]


def restore(bench, side, memory, keys, round_number):
    forget_pages(side.folder)
    begin = time.monotonic()
    restored = sides.Side(side.kind, bench.program, bench.folder, memory, VALUE_BYTES,
                          restored=side.folder / "kept", download=1)
    try:
        restored.ask("run", workload="get", keys=keys, batch=1, batches=1, seed=9)
        seconds = time.monotonic() - begin
        timeline = None
        if round_number == 0:
            updates = restored.ask("run", workload="update", keys=keys, distribution="zipf",
                                   batch=BATCH, interval=INTERVAL,
                                   seconds=WARM_UP_RUNS * bench.settings.seconds)
            timeline = [seconds, updates["timeline"]]
        return seconds, timeline
    finally:
        restored.close()


def until_steady(timeline):
    """Seconds from the start of restoring; steady is what the last quarter shows."""
    opened, counts = timeline
    counts = counts[:-1] or counts  # the last interval is not a whole one
    steady = statistics.mean(counts[-max(1, len(counts) // 4):])
    for number, count in enumerate(counts):
        if count >= 0.9 * steady:
            return opened + number * INTERVAL
    return opened + len(counts) * INTERVAL
