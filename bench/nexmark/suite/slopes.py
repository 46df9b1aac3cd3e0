"""From runs over N and 2N events to what one event costs.

start-up(N) = start-up(2N), so the difference of the two runs is the cost of N events on a warm engine:
JVM start, JIT, planning and the last checkpoint are not in it. Each pair of runs gives one
slope per engine, each pair of slopes one ratio; medians are over the pairs.
"""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Slope:
    """What N more events have cost one engine in one pair of runs."""

    events: int
    wall_s: float
    cpu_s: float
    peak_bytes: int

    @staticmethod
    def between(events, run_n, run_2n):
        """The slope of runs over events and twice as many."""
        return Slope(
            events,
            run_2n.wall_s - run_n.wall_s,
            run_2n.cpu_s - run_n.cpu_s,
            max(run_n.peak_bytes, run_2n.peak_bytes),
        )

    def steady(self):
        """Whether both differences are positive: noise has not eaten them."""
        return self.wall_s > 0 and self.cpu_s > 0


def rate_per_core(slopes, cores):
    """Median events per second of wall time and core."""
    return median(slope.events / slope.wall_s / cores for slope in slopes)


def cpu_per_million(slopes):
    """Median CPU seconds per million events."""
    return median(slope.cpu_s * 1e6 / slope.events for slope in slopes)


def busy_share(slopes, cores):
    """Median share of the cores that the engine got and used."""
    return median(slope.cpu_s / slope.wall_s / cores for slope in slopes)


def ratios(ours, theirs, measure):
    """Per pair: how many times as much of the measure (wall_s, cpu_s) they needed."""
    return [getattr(b, measure) / getattr(a, measure) for a, b in zip(ours, theirs)]
