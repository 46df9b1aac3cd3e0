"""Histograms of the `latency` sink (spec/latency.md): read, merged, asked for percentiles."""

import json
import os

EXACT = 128


class Histogram:
    """Counts of microseconds by the lower bound of their bucket."""

    def __init__(self):
        self.counts = {}

    @staticmethod
    def read(folder):
        """All parts of a folder, merged."""
        merged = Histogram()
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="ascii") as part:
                for lower, count in json.load(part)["buckets"]:
                    merged.counts[lower] = merged.counts.get(lower, 0) + count
        return merged

    @property
    def rows(self):
        return sum(self.counts.values())

    def percentile_ms(self, percent):
        """The upper edge of the bucket that the percentile falls into: never less than the truth."""
        wanted = percent / 100 * self.rows
        seen = 0
        for lower in sorted(self.counts):
            seen += self.counts[lower]
            if seen >= wanted:
                return _upper(lower) / 1000
        raise ValueError("the histogram is empty")


def _upper(lower):
    width = 1 if lower < EXACT else 1 << (lower.bit_length() - 7)
    return lower + width
