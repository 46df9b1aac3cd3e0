"""Random queries over random tables: an outline of clauses whose parts shrinking can take away."""

import dataclasses

from expressions import SCALARS, Expression, Expressions


def tables_of(node):
    """Names of the tables below a query or source, once for each reading."""
    if isinstance(node, (Read, Window, Ranked, WindowRanked)):
        return [node.table.name]
    if isinstance(node, (Combined, Join)):
        return tables_of(node.left) + tables_of(node.right)
    return tables_of(node.query if isinstance(node, Derived) else node.source)


@dataclasses.dataclass
class Select:
    """One SELECT. `columns` names and types its items for a query around it."""

    items: list  # of Expression
    source: object  # Read, Derived, Join, Window, Ranked or WindowRanked
    where: Expression = None
    group: list = None  # of Expression; None: no grouping
    grouping: str = "{}"  # or "CUBE ({})" and the like
    having: Expression = None
    distinct: bool = False

    def sql(self):
        names = [f"{item.sql()} AS c{i}" for i, item in enumerate(self.items)]
        text = f"SELECT {'DISTINCT ' if self.distinct else ''}{', '.join(names)}\nFROM {self.source.sql()}"
        if self.where:
            text += f"\nWHERE {self.where.sql()}"
        if self.group:
            text += "\nGROUP BY " + self.grouping.format(", ".join(each.sql() for each in self.group))
        if self.having:
            text += f"\nHAVING {self.having.sql()}"
        return text

    def columns(self):
        return [(f"c{i}", item.family) for i, item in enumerate(self.items)]


@dataclasses.dataclass
class Combined:
    """UNION and its kin."""

    operator: str
    left: Select
    right: Select

    def sql(self):
        return f"({self.left.sql()})\n{self.operator}\n({self.right.sql()})"

    def columns(self):
        return self.left.columns()


@dataclasses.dataclass
class Read:
    table: object
    alias: str

    def sql(self):
        return f"{self.table.name} AS {self.alias}"

    def columns(self):
        return [(f"{self.alias}.{each.name}", each.family) for each in self.table.columns]


@dataclasses.dataclass
class Derived:
    query: object
    alias: str

    def sql(self):
        return f"(\n{self.query.sql()}\n) AS {self.alias}"

    def columns(self):
        return [(f"{self.alias}.{name}", family) for name, family in self.query.columns()]


@dataclasses.dataclass
class Join:
    kind: str
    left: object
    right: object
    condition: Expression

    def sql(self):
        return f"{self.left.sql()}\n{self.kind} {self.right.sql()}\nON {self.condition.sql()}"

    def columns(self):
        return self.left.columns() + self.right.columns()


@dataclasses.dataclass
class Window:
    """A windowing table function over an append table."""

    table: object
    alias: str
    call: str  # with {} for the table

    def sql(self):
        return f"TABLE({self.call.format(self.table.name)}) AS {self.alias}"

    def columns(self):
        return [(f"{self.alias}.{each.name}", each.family) for each in self.table.columns]


@dataclasses.dataclass
class Ranked:
    """The first rows of each key: Top-N and deduplication."""

    table: object
    alias: str
    order: str
    limit: int

    def sql(self):
        return (
            f"(SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY {self.order}) AS rn"
            f" FROM {self.table.name}) WHERE rn <= {self.limit}) AS {self.alias}"
        )

    def columns(self):
        columns = [each for each in self.table.columns if each.family != "rowtime"]
        return [(f"{self.alias}.{each.name}", each.family) for each in columns]


@dataclasses.dataclass
class WindowRanked:
    """Top-N of each window and key."""

    table: object
    alias: str
    call: str
    order: str
    limit: int

    def sql(self):
        return (
            "(SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k"
            f" ORDER BY {self.order}) AS rn FROM TABLE({self.call.format(self.table.name)}))"
            f" WHERE rn <= {self.limit}) AS {self.alias}"
        )

    def columns(self):
        columns = [each for each in self.table.columns if each.family != "rowtime"]
        return [(f"{self.alias}.{each.name}", each.family) for each in columns]


WINDOWS = (
    "TUMBLE(TABLE {}, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
    "TUMBLE(TABLE {}, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
    "HOP(TABLE {}, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)",
    "CUMULATE(TABLE {}, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '8' SECOND)",
    "SESSION(TABLE {} PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)",
)
# Legacy group windows: the call in GROUP BY, and its start.
GROUP_WINDOWS = (
    ("TUMBLE(ts, INTERVAL '5' SECOND)", "TUMBLE_START(ts, INTERVAL '5' SECOND)"),
    ("HOP(ts, INTERVAL '2' SECOND, INTERVAL '6' SECOND)", "HOP_END(ts, INTERVAL '2' SECOND, INTERVAL '6' SECOND)"),
    ("SESSION(ts, INTERVAL '3' SECOND)", "SESSION_START(ts, INTERVAL '3' SECOND)"),
)
FRAMES = (
    "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "RANGE BETWEEN INTERVAL '3' SECOND PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
)
JOINS = ("JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
NUMBERS = ("int", "decimal", "float")
OF_NUMBERS = ("SUM", "AVG", "STDDEV_POP", "VAR_SAMP")
EXACT = ("MIN", "MAX", "SUM", "AVG")
CALLS = ("COUNT", "COUNT", "MIN", "MAX", "FIRST_VALUE", "LAST_VALUE", "SUM", *OF_NUMBERS)


class Queries:
    """Makes queries over the tables of one script."""

    def __init__(self, rng, tables):
        self.rng, self.tables = rng, tables
        self.append = [each for each in tables if each.append]
        self.aliases = 0

    def alias(self):
        self.aliases += 1
        return f"q{self.aliases}"

    def query(self):
        kinds = [self.calc, self.calc, self.aggregate, self.aggregate, self.join, self.join]
        kinds += [self.combined, self.semi_join, self.stacked, self.ranked]
        if self.append:
            kinds += [self.windowed, self.windowed, self.window_join, self.interval_join]
            kinds += [self.over, self.group_windowed, self.window_ranked]
        self.aliases = 0
        return self.rng.choice(kinds)()

    def read(self):
        return Read(self.rng.choice(self.tables), self.alias())

    def calc(self, source=None, depth=3, most=4):
        """Projection and filter."""
        source = source or self.read()
        make = Expressions(self.rng, source.columns())
        items = [make.any(depth) for _ in range(self.rng.randint(1, most))]
        where = make.of("bool") if self.rng.random() < 0.4 else None
        return Select(items, source, where, distinct=self.rng.random() < 0.1)

    def side(self):
        """A side of a join: no event time in it, and few columns that are often equal."""
        source = self.read()
        make = Expressions(self.rng, source.columns())
        items = [Expression("int", f"{source.alias}.k")]
        items += [make.column(SCALARS) or make.any(0) for _ in range(self.rng.randint(1, 3))]
        return Derived(Select(items, source), self.alias())

    def join(self):
        left, right = self.side(), self.side()
        condition = Expression("bool", "({0} = {1})", [self.first(left), self.first(right)])
        make = Expressions(self.rng, left.columns() + right.columns())
        if self.rng.random() < 0.4:
            condition = Expression("bool", "({0} AND {1})", [condition, make.of("bool", 2)])
        source = Join(self.rng.choice(JOINS), left, right, condition)
        if self.rng.random() < 0.3:
            return self.aggregate(source)
        return self.calc(source, 1, 5)

    @staticmethod
    def first(source):
        sql, family = source.columns()[0]
        return Expression(family, sql)

    def semi_join(self):
        left, right = self.side(), self.read()
        form = self.rng.choice(
            (
                "({0} IN (SELECT k FROM TABLE_))",
                "({0} NOT IN (SELECT k FROM TABLE_ WHERE k IS NOT NULL))",
                "EXISTS (SELECT 1 FROM TABLE_ AS x WHERE x.k = {0})",
                "(NOT EXISTS (SELECT 1 FROM TABLE_ AS x WHERE x.k = {0}))",
            )
        ).replace("TABLE_", right.table.name)
        query = self.calc(left, 1)
        query.where = Expression("bool", form, [self.first(left)])
        return query

    def combined(self):
        source = self.read()
        make = Expressions(self.rng, source.columns())
        items = [make.column(SCALARS) or make.any(0) for _ in range(self.rng.randint(1, 2))]
        sides = [Select(items, source, make.of("bool", 2)) for _ in range(2)]
        operators = ("UNION ALL", "UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL")
        return Combined(self.rng.choice(operators), *sides)

    def stacked(self):
        """A query over the changelog of another."""
        inner = self.rng.choice((self.aggregate, self.join, self.combined, self.ranked))()
        source = Derived(inner, self.alias())
        return self.aggregate(source) if self.rng.random() < 0.7 else self.calc(source)

    def order(self, table):
        """By a column whose order Flink keeps: not where NaN or two zeros may meet (docs/differences.md)."""
        families = {*NUMBERS, "text", "rowtime"}
        if any("NaN" in row or "-0.0" in row for row in table.rows):
            families.discard("float")
        columns = [each.name for each in table.columns if each.family in families]
        return self.rng.choice(columns) + self.rng.choice((" ASC", " DESC"))

    def ranked(self):
        table = self.rng.choice(self.tables)
        order = self.order(table)
        ranked = Ranked(table, self.alias(), order, self.rng.randint(1, 3))
        query = self.calc(ranked, 1)
        query.items.append(Expression("int", f"{ranked.alias}.k", ordered=True))
        return query

    def aggregate(self, source=None):
        source = source or self.read()
        make = Expressions(self.rng, source.columns())
        keys = [make.column(SCALARS) or make.any(0) for _ in range(self.rng.choice((0, 1, 1, 2)))]
        if keys and self.rng.random() < 0.3:
            keys[0] = make.any(2)
        # In which order the rows of several inputs come is given to nobody.
        items = list(keys) + self.aggregates(make, exact=len(tables_of(source)) > 1)
        grouping = "{}"
        if len(keys) == 2 and self.rng.random() < 0.2:
            grouping = self.rng.choice(("CUBE ({})", "ROLLUP ({})", "GROUPING SETS (({}), ())"))
        having = None
        if keys and self.rng.random() < 0.2:
            having = Expression("bool", "({0} > 1)", [self.call(make, ("COUNT",))])
        where = make.of("bool", 2) if self.rng.random() < 0.3 else None
        return Select(items, source, where, keys, grouping, having)

    def aggregates(self, make, exact=False):
        """`exact`: none whose value depends on the order of the rows."""
        calls = []
        while len(calls) < self.rng.choice((1, 2, 2, 3)):
            call = self.call(make, CALLS)
            if not (exact and call.ordered):
                calls.append(call)
        return calls

    def call(self, make, names):
        """A call of one of the aggregate functions `names`."""
        argument = make.any(1) if self.rng.random() < 0.4 else make.column(SCALARS) or make.any(1)
        if argument.family not in NUMBERS:
            names = [name for name in names if name not in OF_NUMBERS]
        name = self.rng.choice(names)
        distinct = self.rng.random() < 0.25 and name in ("COUNT", "SUM", "AVG")
        template, operands = f"{name}({'DISTINCT ' if distinct else ''}{{0}})", [argument]
        if name == "COUNT" and self.rng.random() < 0.3:
            template, operands = "COUNT(*)", []
        if self.rng.random() < 0.25:
            template += f" FILTER (WHERE {{{len(operands)}}})"
            operands.append(make.of("bool", 1))
        exact = name == "COUNT" or (name in EXACT and argument.family != "float")
        result = {"COUNT": "int", "STDDEV_POP": "float", "VAR_SAMP": "float"}.get(name, argument.family)
        return Expression(result, template, operands, ordered=not exact)

    def windowed(self):
        source = Window(self.rng.choice(self.append), self.alias(), self.rng.choice(WINDOWS))
        make = Expressions(self.rng, source.columns())
        bounds = [Expression("timestamp", name) for name in ("window_start", "window_end")]
        key = Expression("int", f"{source.alias}.k")
        keys = bounds + ([key] if "SESSION" in source.call or self.rng.random() < 0.6 else [])
        calls = self.aggregates(make)
        if source.table.late:
            for call in calls:
                call.ordered = True
        where = make.of("bool", 1) if self.rng.random() < 0.2 else None
        return Select(keys + calls, source, where, keys)

    def over(self):
        """Aggregates over the rows before each row."""
        source = Read(self.rng.choice(self.append), self.alias())
        make = Expressions(self.rng, source.columns())
        frame = self.rng.choice(FRAMES)
        window = f"(PARTITION BY {source.alias}.k ORDER BY {source.alias}.ts {frame})"
        items = [Expression("int", f"{source.alias}.k")]
        for _ in range(self.rng.choice((1, 2))):
            argument = make.column(SCALARS) or make.any(0)
            names = ("COUNT", "MIN", "MAX", "SUM") if argument.family in NUMBERS else ("COUNT", "MIN", "MAX")
            # Which of the rows of one instant comes first is the order of the input's.
            ordered = frame.startswith("ROWS") or source.table.late or argument.family == "float"
            call = Expression(argument.family, f"{self.rng.choice(names)}({{0}}) OVER {window}", [argument])
            call.ordered = ordered
            items.append(call)
        return Select(items, source)

    def group_windowed(self):
        source = Read(self.rng.choice(self.append), self.alias())
        make = Expressions(self.rng, [each for each in source.columns() if each[1] != "rowtime"])
        group, bound = self.rng.choice(GROUP_WINDOWS)
        key = Expression("int", f"{source.alias}.k")
        calls = self.aggregates(make)
        for call in calls:
            call.ordered = call.ordered or source.table.late
        keys = [Expression("timestamp", group), key]
        return Select([Expression("timestamp", bound), key, *calls], source, None, keys)

    def window_ranked(self):
        if not self.on_time():
            return self.over()
        table = self.rng.choice(self.on_time())
        order = self.order(table)
        call = self.rng.choice(WINDOWS[:-1])
        ranked = WindowRanked(table, self.alias(), call, order, self.rng.randint(1, 3))
        query = self.calc(ranked, 1)
        query.where, query.distinct = None, False
        query.items.append(Expression("int", f"{ranked.alias}.k", ordered=True))
        return query

    def on_time(self):
        return [each for each in self.append if not each.late]

    def window_join(self):
        if not self.on_time():
            return self.windowed()
        call = self.rng.choice(WINDOWS[:-1])
        sides = [Window(self.rng.choice(self.on_time()), self.alias(), call) for _ in range(2)]
        left, right = (side.alias for side in sides)
        template = " AND ".join(f"{left}.{c} = {right}.{c}" for c in ("window_start", "window_end"))
        condition = Expression("bool", f"({left}.k = {right}.k AND {template})")
        source = Join(self.rng.choice(JOINS), *sides, condition)
        make = Expressions(self.rng, [each for each in source.columns() if each[1] != "rowtime"])
        items = [make.any(1) for _ in range(3)]
        items.append(Expression("timestamp", f"{left}.window_end"))
        return Select(items, source)

    def interval_join(self):
        if not self.on_time():
            return self.windowed()
        sides = [Read(self.rng.choice(self.on_time()), self.alias()) for _ in range(2)]
        left, right = (side.alias for side in sides)
        low, high = self.rng.randint(0, 3), self.rng.randint(0, 3)
        condition = Expression(
            "bool",
            f"({left}.k = {right}.k AND {left}.ts BETWEEN {right}.ts - INTERVAL '{low}' SECOND"
            f" AND {right}.ts + INTERVAL '{high}' SECOND)",
        )
        source = Join(self.rng.choice(JOINS), *sides, condition)
        make = Expressions(self.rng, [each for each in source.columns() if each[1] != "rowtime"])
        return Select([make.any(1) for _ in range(3)], source)
