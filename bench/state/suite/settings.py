"""What a run is told by environment variables.

FAST=1       a minute instead of half an hour: tiny, to see that it works and that the sides agree
MEMORY_MB=   of each store; the states are a tenth of it, as large, and eight times as large
ROUNDS=      the median of so many is reported
RUN_SECONDS= of each measurement in a round
ONLY=        groups whose names contain one of these words
"""

import dataclasses
import os


@dataclasses.dataclass
class Settings:
    fast: bool
    memory_bytes: int
    rounds: int
    seconds: float
    only: list

    @classmethod
    def from_environment(cls):
        fast = os.environ.get("FAST", "0") not in ("", "0")

        def number(name, full, small):
            return float(os.environ.get(name) or (small if fast else full))

        return cls(
            fast=fast,
            memory_bytes=int(number("MEMORY_MB", 128, 8) * (1 << 20)),
            rounds=int(number("ROUNDS", 5, 1)),
            seconds=number("RUN_SECONDS", 0.3, 0.02),
            only=os.environ.get("ONLY", "").split())

    def wants(self, group):
        return not self.only or any(word in group for word in self.only)
