"""Random tables: columns, rows, and how they change."""

import dataclasses

import values


@dataclasses.dataclass
class Column:
    name: str
    family: str
    sql: str = ""


@dataclasses.dataclass
class Table:
    """`append` tables have inserts only and event time `ts`; others take rows back.

    `late`: some rows come behind the watermark.
    """

    name: str
    columns: list
    rows: list
    append: bool
    late: bool = False

    def block(self):
        """The block of a .test file."""
        columns = [f"{column.name} {column.sql}" for column in self.columns]
        options = ""
        if self.append:
            columns.append("WATERMARK FOR ts AS ts - INTERVAL '4' SECOND")
        else:
            options = " WITH ('changelog-mode' = 'I,UB,UA,D')"
        return "\n".join([f"table {self.name} ({', '.join(columns)}){options}", "----", *self.rows])


def random_table(rng, name):
    """At most 40 rows; one in ten tables is empty."""
    chosen = [rng.choice(values.TYPES) for _ in range(rng.randint(3, 6))]
    columns = [Column("k", "int", "INT")]
    columns += [Column(f"{each.family[0]}{i}", each.family, each.sql) for i, each in enumerate(chosen)]
    types = [values.Type("INT", "int"), *chosen]
    append = rng.random() < 0.65
    count = 0 if rng.random() < 0.1 else rng.randint(1, 40)
    null_share = rng.choice((0.0, 0.1, 0.3))
    if append:
        columns.append(Column("ts", "rowtime", "TIMESTAMP(3)"))
        late = rng.random() < 0.3
        return Table(name, columns, append_rows(rng, types, count, null_share, late), True, late)
    return Table(name, columns, changing_rows(rng, types, count, null_share), False)


def fields(rng, types, null_share):
    return [values.random_value(rng, each, null_share) for each in types]


def append_rows(rng, types, count, null_share, late):
    """Event time rises, with disorder within the watermark's delay and, if `late`, beyond it."""
    rows, second = [], 0
    for _ in range(count):
        second += rng.choice((0, 0, 1, 1, 2, 5))
        own = max(0, second - rng.choice((0, 0, 0, 1, 3, 9 if late else 2)))
        time = f"2024-05-01 00:{own // 60:02}:{own % 60:02}.{rng.choice((0, 0, 1, 999)):03}"
        rows.append("[" + ", ".join([*fields(rng, types, null_share), time]) + "]")
    return rows


def changing_rows(rng, types, count, null_share):
    """Inserts, updates and deletes of rows that are there."""
    rows, live = [], []
    for _ in range(count):
        chance = rng.random()
        if live and chance < 0.2:
            rows.append("-D" + live.pop(rng.randrange(len(live))))
            continue
        row = "[" + ", ".join(fields(rng, types, null_share)) + "]"
        if live and chance < 0.45:
            at = rng.randrange(len(live))
            rows += ["-U" + live[at], "+U" + row]
            live[at] = row
        else:
            rows.append("+I" + row)
            live.append(row)
    return rows
