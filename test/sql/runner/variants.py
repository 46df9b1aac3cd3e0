"""The ways in which each test runs."""

import dataclasses
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "s3"))
from state_place import PLACES


@dataclasses.dataclass(frozen=True)
class Variant:
    """`restore_at`: stop with a savepoint half-way and go on at that parallelism; 0: do not. `remote`: what state has
    in files is on an object store. `checked`: an operator that does with a record of state other than it said when it
    loaded it, as writing to what it was to read, ends the job."""

    parallelism: int = 1
    settings: tuple = ()  # of the worker
    mini_batch: bool = False
    restore_at: int = 0
    remote: bool = False
    checked: bool = False

    @property
    def ordered(self):
        """Whether the changelog is the same, row for row."""
        return self.parallelism == 1 and self.restore_at in (0, 1) and not self.mini_batch


VARIANTS = {
    "p1": Variant(),
    "p2": Variant(2),
    "p4": Variant(4),
    "tiny-batches": Variant(1, (("castor.batch-rows", "1"),), checked=True),
    "tiny-batches-p2": Variant(2, (("castor.batch-rows", "2"),)),
    "tiny-memory": Variant(2, (("castor.memory", "32mb"),)),
    # No state stays in memory between two batches.
    "spilling": Variant(2, PLACES["spilled"] + (("castor.batch-rows", "3"),), checked=True),
    # As spilling, and with nothing on local disk. Runs when it is asked for, as each takes its time.
    "remote": Variant(2, PLACES["remote"] + (("castor.batch-rows", "3"),), remote=True),
    "mini-batch": Variant(1, mini_batch=True),
    "mini-batch-p2": Variant(2, mini_batch=True, checked=True),
    "restore-p1": Variant(1, restore_at=1),
    "restore": Variant(1, restore_at=2, checked=True),
    "restore-down": Variant(4, restore_at=1),
    "mini-batch-restore": Variant(2, mini_batch=True, restore_at=3),
}

USUAL = [name for name, variant in VARIANTS.items() if not variant.remote]
