"""Changelogs in row text (spec/row-text.md): what is left of them, and how two of them differ."""

import collections

OPENING, CLOSING = "([{", ")]}"


def fields_of(row):
    """The fields of "[a, b]" as texts."""
    fields, depth, start, quoted, skip = [], 0, 1, False, False
    for i, char in enumerate(row):
        if skip:
            skip = False
        elif quoted:
            skip = char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in OPENING:
            depth += 1
        elif char in CLOSING:
            depth -= 1
        elif char == "," and depth == 1:
            fields.append(row[start:i].strip())
            start = i + 1
    fields.append(row[start:-1].strip())
    return fields


def materialize(changelog, key):
    """The rows that remain, sorted, without their kind. `key`: column indexes, or empty.

    Subtasks write side by side, so a row may be taken back before it comes; one that never comes
    is left over with a minus in front.
    """
    if key and not any(change.startswith("-U") for change in changelog):
        rows = {}
        for change in changelog:
            fields = fields_of(change[2:])
            identity = tuple(fields[i] for i in key)
            if change.startswith("-"):
                rows.pop(identity, None)
            else:
                rows[identity] = change[2:]
        return sorted(rows.values())
    counts = collections.Counter()
    for change in changelog:
        counts[change[2:]] += -1 if change.startswith("-") else 1
    return sorted(
        ("minus " if count < 0 else "") + row
        for row, count in counts.items()
        for _ in range(abs(count))
    )


def first_difference(expected, found, ordered):
    """A few lines that show how they differ; empty if they do not."""
    if expected == found or (not ordered and sorted(expected) == sorted(found)):
        return ""
    if not ordered:
        missing = collections.Counter(expected) - collections.Counter(found)
        extra = collections.Counter(found) - collections.Counter(expected)
        lines = [f"  Flink only:  {row}" for row in list(missing.elements())[:4]]
        lines += [f"  Castor only: {row}" for row in list(extra.elements())[:4]]
        return "\n".join(lines + [f"  ({len(expected)} rows expected, {len(found)} found)"])
    at = next(
        (i for i, (a, b) in enumerate(zip(expected, found)) if a != b),
        min(len(expected), len(found)),
    )
    lines = [f"            {row}" for row in expected[max(0, at - 2) : at]]
    lines.append(f"  Flink:    {expected[at] if at < len(expected) else '(end)'}")
    lines.append(f"  Castor:   {found[at] if at < len(found) else '(end)'}")
    return "\n".join(lines + [f"  (row {at + 1} of {len(expected)} expected, {len(found)} found)"])
