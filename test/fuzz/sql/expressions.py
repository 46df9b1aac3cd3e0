"""Random expressions, typed by family; Flink itself says which of them are valid SQL.

An expression is a template whose {0}, {1} ... stand for its operands, so that shrinking can put an
operand, a literal or a column in its place.
"""

import dataclasses


@dataclasses.dataclass
class Expression:
    family: str
    template: str
    operands: list = dataclasses.field(default_factory=list)
    ordered: bool = False  # the value depends on the order of the rows

    def sql(self):
        return self.template.format(*(each.sql() for each in self.operands))


LITERALS = {
    "bool": ("TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"),
    "int": ("0", "1", "2", "-3", "100", "2147483647", "CAST(NULL AS INT)", "CAST(5 AS BIGINT)"),
    "decimal": ("0.5", "1.10", "-2.345", "100.00", "CAST(NULL AS DECIMAL(10, 3))"),
    "float": ("CAST(0.5 AS DOUBLE)", "CAST(-2 AS FLOAT)", "1E2", "CAST(NULL AS DOUBLE)"),
    "text": ("'a'", "''", "'abc'", "'%b_'", "' x '", "'12'", "CAST(NULL AS STRING)"),
    "date": ("DATE '2024-02-29'", "DATE '1999-12-31'", "CAST(NULL AS DATE)"),
    "time": ("TIME '12:30:00'", "TIME '00:00:00'"),
    "timestamp": ("TIMESTAMP '2024-02-29 12:34:56'", "TIMESTAMP '1969-12-31 23:59:59.999'"),
    "instant": ("TO_TIMESTAMP_LTZ(1700000000123, 3)", "TO_TIMESTAMP_LTZ(-1, 3)"),
    "array": ("ARRAY[1, 2, 3]", "ARRAY[2, CAST(NULL AS INT)]", "CAST(NULL AS ARRAY<INT>)"),
    "map": ("MAP['a', 1, 'b', 2]", "CAST(NULL AS MAP<STRING, INT>)"),
    "row": ("CAST(ROW(1, 'a') AS ROW<a INT, b STRING>)", "CAST(NULL AS ROW<a INT, b STRING>)"),
}

NESTED = ("array", "map", "row")
SCALARS = tuple(family for family in LITERALS if family not in NESTED)

# family -> (template, families of the operands)
FORMS = {
    "bool": [
        ("({0} AND {1})", ("bool", "bool")),
        ("({0} OR {1})", ("bool", "bool")),
        ("(NOT {0})", ("bool",)),
        ("({0} IS TRUE)", ("bool",)),
        ("({0} IS NOT FALSE)", ("bool",)),
        ("({0} IS UNKNOWN)", ("bool",)),
        ("({0} LIKE {1})", ("text", "text")),
        ("({0} LIKE '%b%')", ("text",)),
        ("({0} SIMILAR TO '(a|b)%')", ("text",)),
        ("REGEXP({0}, '[a-c]+')", ("text",)),
        ("STARTSWITH({0}, {1})", ("text", "text")),
        ("({0} IN (1, 2, 3))", ("int",)),
        ("({0} NOT IN ('a', 'b', 'abc'))", ("text",)),
        ("({0} BETWEEN {1} AND {2})", ("decimal", "int", "decimal")),
        ("({0} < {1})", ("int", "float")),
        ("({0} = {1})", ("decimal", "int")),
        ("TRY_CAST({0} AS BOOLEAN)", ("text",)),
        ("IS_DIGIT({0})", ("text",)),
        ("({0} IS JSON)", ("text",)),
        ("JSON_EXISTS({0}, 'lax $.a')", ("text",)),
        ("ARRAY_CONTAINS({0}, {1})", ("array", "int")),
        ("({0} = {1})", ("array", "array")),
        ("({0} IS NOT DISTINCT FROM {1})", ("row", "row")),
    ]
    + [
        form
        for family in SCALARS
        for form in (
            ("({0} IS NULL)", (family,)),
            ("({0} IS NOT NULL)", (family,)),
            ("({0} = {1})", (family, family)),
            ("({0} <> {1})", (family, family)),
            ("({0} < {1})", (family, family)),
            ("({0} >= {1})", (family, family)),
            ("({0} IS DISTINCT FROM {1})", (family, family)),
        )
    ],
    "int": [
        ("({0} + {1})", ("int", "int")),
        ("({0} - {1})", ("int", "int")),
        ("({0} * {1})", ("int", "int")),
        ("({0} / NULLIF({1}, 0))", ("int", "int")),
        ("MOD({0}, NULLIF({1}, 0))", ("int", "int")),
        ("(- {0})", ("int",)),
        ("ABS({0})", ("int",)),
        ("SIGN({0})", ("int",)),
        ("CHAR_LENGTH({0})", ("text",)),
        ("POSITION({0} IN {1})", ("text", "text")),
        ("LOCATE({0}, {1})", ("text", "text")),
        ("ASCII({0})", ("text",)),
        ("TRY_CAST({0} AS INT)", ("text",)),
        ("TRY_CAST({0} AS SMALLINT)", ("decimal",)),
        ("TRY_CAST({0} AS BIGINT)", ("float",)),
        ("CAST({0} AS TINYINT)", ("int",)),
        ("CAST({0} AS BIGINT)", ("int",)),
        ("CAST({0} AS INT)", ("bool",)),
        ("EXTRACT(YEAR FROM {0})", ("date",)),
        ("EXTRACT(DOY FROM {0})", ("date",)),
        ("EXTRACT(WEEK FROM {0})", ("date",)),
        ("EXTRACT(HOUR FROM {0})", ("timestamp",)),
        ("EXTRACT(SECOND FROM {0})", ("time",)),
        ("TIMESTAMPDIFF(DAY, {0}, {1})", ("timestamp", "timestamp")),
        ("TIMESTAMPDIFF(MONTH, {0}, {1})", ("timestamp", "timestamp")),
        ("TIMESTAMPDIFF(HOUR, {0}, {1})", ("timestamp", "timestamp")),
        ("CARDINALITY({0})", ("array",)),
        ("CARDINALITY({0})", ("map",)),
        ("{0}[1]", ("array",)),
        ("{0}[ABS({1}) + 1]", ("array", "int")),
        ("{0}['a']", ("map",)),
        ("{0}.a", ("row",)),
        ("ARRAY_MAX({0})", ("array",)),
        ("ARRAY_POSITION({0}, {1})", ("array", "int")),
        ("JSON_VALUE({0}, '$.a' RETURNING INTEGER)", ("text",)),
        ("HASH_CODE({0})", ("text",)),
    ],
    "decimal": [
        ("({0} + {1})", ("decimal", "decimal")),
        ("({0} - {1})", ("decimal", "int")),
        ("({0} * {1})", ("decimal", "decimal")),
        ("({0} / NULLIF({1}, 0))", ("decimal", "decimal")),
        ("MOD({0}, NULLIF({1}, 0))", ("decimal", "decimal")),
        ("(- {0})", ("decimal",)),
        ("ABS({0})", ("decimal",)),
        ("ROUND({0}, 1)", ("decimal",)),
        ("TRUNCATE({0}, 1)", ("decimal",)),
        ("FLOOR({0})", ("decimal",)),
        ("CEIL({0})", ("decimal",)),
        ("CAST({0} AS DECIMAL(12, 3))", ("int",)),
        ("TRY_CAST({0} AS DECIMAL(7, 2))", ("decimal",)),
        ("TRY_CAST({0} AS DECIMAL(20, 5))", ("text",)),
        ("TRY_CAST({0} AS DECIMAL(20, 5))", ("float",)),
    ],
    "float": [
        ("({0} + {1})", ("float", "float")),
        ("({0} - {1})", ("float", "int")),
        ("({0} * {1})", ("float", "decimal")),
        ("({0} / {1})", ("float", "float")),
        ("(- {0})", ("float",)),
        ("ABS({0})", ("float",)),
        ("SQRT(ABS({0}))", ("int",)),
        ("FLOOR({0})", ("float",)),
        ("CEIL({0})", ("float",)),
        ("CAST({0} AS DOUBLE)", ("decimal",)),
        ("CAST({0} AS FLOAT)", ("int",)),
        ("TRY_CAST({0} AS DOUBLE)", ("text",)),
    ],
    "text": [
        ("UPPER({0})", ("text",)),
        ("LOWER({0})", ("text",)),
        ("({0} || {1})", ("text", "text")),
        ("CONCAT({0}, {1}, '-')", ("text", "text")),
        ("CONCAT_WS('/', {0}, {1})", ("text", "text")),
        ("SUBSTRING({0} FROM {1})", ("text", "int")),
        ("SUBSTRING({0} FROM 2 FOR 2)", ("text",)),
        ("`LEFT`({0}, 2)", ("text",)),
        ("`RIGHT`({0}, 2)", ("text",)),
        ("TRIM({0})", ("text",)),
        ("TRIM(LEADING 'a' FROM {0})", ("text",)),
        ("RTRIM({0})", ("text",)),
        ("REPLACE({0}, 'b', {1})", ("text", "text")),
        ("LPAD({0}, 5, '*')", ("text",)),
        ("RPAD({0}, 2, '*')", ("text",)),
        ("REVERSE({0})", ("text",)),
        ("REPEAT({0}, 2)", ("text",)),
        ("INITCAP({0})", ("text",)),
        ("OVERLAY({0} PLACING 'zz' FROM 2)", ("text",)),
        ("SPLIT_INDEX({0}, 'b', 0)", ("text",)),
        ("REGEXP_REPLACE({0}, '[ab]', '<$0>')", ("text",)),
        ("REGEXP_EXTRACT({0}, '(a)(.)', 2)", ("text",)),
        ("MD5({0})", ("text",)),
        ("TO_BASE64({0})", ("text",)),
        ("NULLIF({0}, {1})", ("text", "text")),
        ("CAST({0} AS VARCHAR(4))", ("text",)),
        ("CAST({0} AS CHAR(4))", ("text",)),
        ("DATE_FORMAT({0}, 'yyyy-MM-dd HH:mm')", ("timestamp",)),
        ("{0}.b", ("row",)),
        ("ARRAY_JOIN({0}, {1})", ("array", "text")),
        ("SHA256({0})", ("text",)),
        ("JSON_STRING({0})", ("text",)),
        ("JSON_OBJECT('k' VALUE {0}, 'v' VALUE {1})", ("text", "int")),
        ("JSON_ARRAY({0}, {1} NULL ON NULL)", ("int", "text")),
    ]
    + [("CAST({0} AS STRING)", (family,)) for family in LITERALS],
    "date": [
        ("CAST({0} AS DATE)", ("timestamp",)),
        ("({0} + INTERVAL '3' DAY)", ("date",)),
        ("({0} - INTERVAL '1' MONTH)", ("date",)),
        ("TRY_CAST({0} AS DATE)", ("text",)),
        ("FLOOR({0} TO MONTH)", ("date",)),
        ("CEIL({0} TO YEAR)", ("date",)),
    ],
    "time": [
        ("CAST({0} AS TIME)", ("timestamp",)),
        ("({0} + INTERVAL '90' MINUTE)", ("time",)),
    ],
    "timestamp": [
        ("({0} + INTERVAL '1' DAY)", ("timestamp",)),
        ("({0} - INTERVAL '13' MONTH)", ("timestamp",)),
        ("TIMESTAMPADD(HOUR, {0}, {1})", ("int", "timestamp")),
        ("FLOOR({0} TO HOUR)", ("timestamp",)),
        ("CEIL({0} TO DAY)", ("timestamp",)),
        ("FLOOR({0} TO WEEK)", ("timestamp",)),
        ("CAST({0} AS TIMESTAMP(3))", ("date",)),
        ("CAST({0} AS TIMESTAMP(0))", ("timestamp",)),
        ("CAST({0} AS TIMESTAMP(3))", ("instant",)),
        ("TRY_CAST({0} AS TIMESTAMP(3))", ("text",)),
    ],
    "instant": [
        ("CAST({0} AS TIMESTAMP_LTZ(3))", ("timestamp",)),
        ("({0} + INTERVAL '1' HOUR)", ("instant",)),
    ],
    "array": [
        ("ARRAY[{0}, {1}]", ("int", "int")),
        ("ARRAY_APPEND({0}, {1})", ("array", "int")),
        ("ARRAY_CONCAT({0}, {1})", ("array", "array")),
        ("ARRAY_DISTINCT({0})", ("array",)),
        ("ARRAY_EXCEPT({0}, {1})", ("array", "array")),
        ("ARRAY_INTERSECT({0}, {1})", ("array", "array")),
        ("ARRAY_REMOVE({0}, {1})", ("array", "int")),
        ("ARRAY_REVERSE({0})", ("array",)),
        ("ARRAY_SLICE({0}, 2, 3)", ("array",)),
        ("ARRAY_SORT({0})", ("array",)),
        ("ARRAY_UNION({0}, {1})", ("array", "array")),
        ("MAP_VALUES({0})", ("map",)),
    ],
    "map": [
        ("MAP[{0}, {1}]", ("text", "int")),
        ("MAP_UNION({0}, {1})", ("map", "map")),
    ],
    "row": [
        ("CAST(ROW({0}, {1}) AS ROW<a INT, b STRING>)", ("int", "text")),
    ],
}
for family, forms in FORMS.items():
    forms += [
        ("(CASE WHEN {0} THEN {1} ELSE {2} END)", ("bool", family, family)),
        ("(CASE WHEN {0} THEN {1} END)", ("bool", family)),
        ("COALESCE({0}, {1})", (family, family)),
        ("IF({0}, {1}, {2})", ("bool", family, family)),
    ]


class Expressions:
    """Makes expressions over the columns of one scope."""

    def __init__(self, rng, columns):
        """`columns`: (sql, family) of each."""
        self.rng = rng
        self.by_family = {}
        for sql, family in columns:
            family = "timestamp" if family == "rowtime" else family
            self.by_family.setdefault(family, []).append(sql)

    def of(self, family, depth=3):
        columns = self.by_family.get(family, ())
        chance = self.rng.random()
        if columns and (depth == 0 or chance < 0.35):
            return Expression(family, self.rng.choice(columns))
        if depth == 0 or chance < 0.42:
            return Expression(family, self.rng.choice(LITERALS[family]))
        template, operands = self.rng.choice(FORMS[family])
        return Expression(family, template, [self.of(each, depth - 1) for each in operands])

    def any(self, depth=3):
        """Of a family that has columns, mostly."""
        families = [family for family in LITERALS if family in self.by_family]
        if not families or self.rng.random() < 0.3:
            families = tuple(LITERALS)
        return self.of(self.rng.choice(families), depth)

    def column(self, families=None):
        """A column, of one of the families if there is one; else None."""
        found = [
            Expression(family, sql)
            for family, columns in self.by_family.items()
            for sql in columns
            if families is None or family in families
        ]
        return self.rng.choice(found) if found else None
