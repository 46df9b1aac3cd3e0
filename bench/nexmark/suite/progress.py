"""What a person sees on standard error while the comparison runs, and how long it will take."""

import sys
import time


class Progress:
    """Counts runs. The time left is guessed from what the runs so far took per estimated second."""

    def __init__(self, estimated_s):
        self.estimated_s = estimated_s
        self.started = time.monotonic()
        self.done_s = 0.0

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def plan_done(self, estimated_s):
        """A query is through that had been estimated at so much."""
        self.done_s += estimated_s

    def ran(self, label, pair, engine, events, measured):
        elapsed = time.monotonic() - self.started
        self.say(
            f"[{elapsed / 60:5.1f} min, about {self.left() / 60:.0f} left] {label} pair {pair + 1}:"
            f" {engine} {events / 1e6:.2f}M events, wall {measured.wall_s:.2f} s,"
            f" CPU {measured.cpu_s:.2f} s, peak {measured.peak_bytes / 2**20:.0f} MB"
        )

    def left(self):
        """Seconds to go."""
        elapsed = time.monotonic() - self.started
        pace = elapsed / self.done_s if self.done_s else 1.0
        return max(0.0, self.estimated_s * pace - elapsed) if self.done_s else max(
            0.0, self.estimated_s - elapsed
        )
