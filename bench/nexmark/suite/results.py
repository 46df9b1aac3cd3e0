"""What the hash sink of a run has left, in a form that two engines can be compared by."""

import json
import os


def read(folder, sum_columns):
    """Hash and number of the rows that remain, or the totals where the rows depend on the clock."""
    total = rows = 0
    sums = dict.fromkeys(sum_columns, 0)
    names = [name for name in os.listdir(folder) if name.startswith("part-")]
    if not names:
        raise SystemExit(f"{folder}: the run has left no result")
    for name in names:
        with open(os.path.join(folder, name), encoding="ascii") as part:
            counts = json.load(part)
        total += int(counts["hash"])
        rows += counts["+I"] + counts["+U"] - counts["-U"] - counts["-D"]
        for column in sum_columns:
            sums[column] += int(counts["sums"][column])
    if sum_columns:
        return {column: str(value) for column, value in sums.items()}
    return {"hash": str(total % 2**64), "rows": rows}
