"""Types of columns and random values of them, in row text (spec/row-text.md)."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Type:
    """`family` groups types that expressions treat alike."""

    sql: str
    family: str


TYPES = (
    Type("BOOLEAN", "bool"),
    Type("TINYINT", "int"),
    Type("SMALLINT", "int"),
    Type("INT", "int"),
    Type("INT", "int"),
    Type("BIGINT", "int"),
    Type("DECIMAL(5, 2)", "decimal"),
    Type("DECIMAL(18, 4)", "decimal"),
    Type("DECIMAL(38, 10)", "decimal"),
    Type("FLOAT", "float"),
    Type("DOUBLE", "float"),
    Type("STRING", "text"),
    Type("STRING", "text"),
    Type("VARCHAR(5)", "text"),
    Type("CHAR(3)", "text"),
    Type("DATE", "date"),
    Type("TIME(0)", "time"),
    Type("TIMESTAMP(0)", "timestamp"),
    Type("TIMESTAMP(3)", "timestamp"),
    Type("TIMESTAMP(6)", "timestamp"),
    Type("TIMESTAMP_LTZ(3)", "instant"),
    Type("ARRAY<INT>", "array"),
    Type("MAP<STRING, INT>", "map"),
    Type("ROW<a INT, b STRING>", "row"),
)

# Few values, so that keys meet, and the ends of each type, where implementations differ.
COMMON = {
    "bool": ("true", "false"),
    "int": ("0", "1", "2", "3", "7", "-1"),
    "decimal": ("0", "1", "2.5", "-1.25", "10", "99.99"),
    "float": ("0.0", "1.0", "-1.5", "0.25", "3.0", "100.0"),
    "text": ('"a"', '"b"', '"abc"', '"A"', '"12"', '"x y"'),
    "date": ("2024-01-01", "2024-02-29", "2023-12-31", "1970-01-01"),
    "time": ("00:00:00", "12:30:00", "23:59:59"),
    "timestamp": ("2024-01-01 00:00:00", "2024-02-29 12:34:56", "1970-01-01 00:00:00"),
    "instant": ("2024-01-01 00:00:00Z", "2024-03-31 01:30:00Z", "1969-12-31 23:59:59Z"),
    "array": ("[1]", "[1, 2, 3]", "[2, 2, 1]", "[3, NULL]"),
    "map": ('{"a": 1}', '{"a": 2, "b": 3}', '{"b": NULL}'),
    "row": ('(1, "a")', '(2, "abc")', '(1, NULL)', '(NULL, "b")'),
}
EXTREME = {
    "BOOLEAN": ("true",),
    "TINYINT": ("127", "-128"),
    "SMALLINT": ("32767", "-32768"),
    "INT": ("2147483647", "-2147483648"),
    "BIGINT": ("9223372036854775807", "-9223372036854775808"),
    "DECIMAL(5, 2)": ("999.99", "-999.99", "0.01"),
    "DECIMAL(18, 4)": ("99999999999999.9999", "-99999999999999.9999", "0.0001"),
    "DECIMAL(38, 10)": ("9999999999999999999999999999.9999999999", "-0.0000000001"),
    "FLOAT": ("3.4028235E38", "1.4E-45", "NaN", "Infinity", "-0.0"),
    "DOUBLE": ("1.7976931348623157E308", "4.9E-324", "NaN", "-Infinity", "-0.0"),
    "STRING": ('""', '" "', '"\\u0001"', '"ßẞ"', '"😀é"', '"a much longer string than the others are"'),
    "VARCHAR(5)": ('""', '"abcde"', '" a  "'),
    "DATE": ("0001-01-01", "9999-12-31", "1582-10-15"),
    "TIME(0)": ("00:00:01",),
    "TIMESTAMP(0)": ("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
    "TIMESTAMP(3)": ("1969-12-31 23:59:59.999", "2024-12-31 23:59:59.001"),
    "TIMESTAMP(6)": ("1969-12-31 23:59:59.999999", "2262-04-11 00:00:00.000001"),
    "ARRAY<INT>": ("[]", "[NULL]", "[2147483647, -2147483648, 0, 7, 7]"),
    "MAP<STRING, INT>": ("{}", '{"": 0, "a": -1, "b": 1, "c": NULL}'),
    "ROW<a INT, b STRING>": ("(NULL, NULL)", '(-2147483648, "")'),
    "TIMESTAMP_LTZ(3)": ("1970-01-01 00:00:00.001Z", "2024-10-27 00:59:59.999Z"),
}
CHAR_3 = ('"abc"', '"a  "', '"   "', '"xyz"', '"123"')


def random_value(rng, column_type, null_share):
    if rng.random() < null_share:
        return "NULL"
    if column_type.sql == "CHAR(3)":
        return rng.choice(CHAR_3)
    if rng.random() < 0.15:
        return rng.choice(EXTREME[column_type.sql])
    value = rng.choice(COMMON[column_type.family])
    if column_type.family == "timestamp" and rng.random() < 0.3:
        value = value[:-2] + f"{rng.randrange(60):02}"
    return value
