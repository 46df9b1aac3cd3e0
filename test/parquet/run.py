"""Parquet files between Castor and Flink: run.py <build folder>

For every case Flink writes the rows and reads them back, which is what is expected; then Castor reads Flink's
files, Castor writes the same rows, and Flink reads Castor's files.
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.path.join(HERE, "..", "oracle", "oracle")

COLUMNS = """
  a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE,
  h DECIMAL(9, 2), i DECIMAL(18, 3), j DECIMAL(38, 10), k CHAR(3), l STRING, m BINARY(2), n BYTES,
  o DATE, p TIME(0), q TIMESTAMP(3), r TIMESTAMP(6), s TIMESTAMP(9), t TIMESTAMP_LTZ(3),
  u ROW<x INT, y ROW<z STRING>>, v INT NOT NULL, w ARRAY<INT>, x ARRAY<ROW<p STRING, q ARRAY<BIGINT NOT NULL>>>,
  y MAP<STRING, ARRAY<DECIMAL(20, 2)>>, z MULTISET<STRING>
"""
ROWS = """
  [true, -1, 300, -70000, 9000000000, 1.5, -2.25, 1234567.89, 123456789012345.678,
   -1234567890123456789012345678.0123456789, "abc", "a text that is not short", x"01ff", x"00",
   2026-03-02, 09:00:01, 2026-03-02 09:00:00.123, 2026-07-02 09:00:00.123456,
   2026-03-02 09:00:00.123456789, 2026-03-02 09:00:00.123Z, (1, ("z")), 1,
   [1, NULL, 3], [("a", [1, 2]), NULL, (NULL, []), ("b", NULL)], {"k": [1.00, NULL]}, {"m": 2}]
  [NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, 2, NULL, NULL, NULL, NULL]
  [false, 127, -32768, 2147483647, -9223372036854775808, -0.0, 1.0E300, -0.01, -0.001, 0.0000000001, "", "ü", x"0000",
   x"", 1969-12-31, 23:59:59, 1965-01-01 00:00:00.000, 2026-03-08 02:30:00.000001,
   2026-11-01 01:30:00.999999999, 2026-11-01 05:30:00.000Z, (NULL, NULL), 3,
   [], [], {}, {}]
  [false, 0, 0, 0, 0, 0.0, 0.0, 0.00, 0.000, 0.0000000000, "x", "y", x"ffff", x"ff", 0001-01-01, 00:00:00,
   1500-02-28 12:00:00.000, 1901-01-01 00:00:00.000000, 2200-12-31 23:59:59.999999999, 1970-01-01 00:00:00.000Z,
   (7, NULL), 4, [NULL], [(NULL, NULL)], {"k": NULL}, {"n": 1}]
"""
# INT64 holds fractions before 1970 that Flink itself cannot read back.
CASES = [
    ("int96-utc", "UTC", "'parquet.utc-timezone' = 'true'"),
    ("int96-local-utc", "UTC", ""),
    ("int96-new-york", "America/New_York", "'parquet.compression' = 'GZIP'"),
    ("int96-berlin", "Europe/Berlin", "'parquet.compression' = 'ZSTD'"),
    ("int64-nanos", "UTC", "'parquet.utc-timezone' = 'true', 'parquet.write.int64.timestamp' = 'true', "
     "'parquet.timestamp.time.unit' = 'nanos'"),
    ("int64-micros-berlin", "Europe/Berlin", "'parquet.write.int64.timestamp' = 'true'"),
    ("int64-millis", "UTC", "'parquet.write.int64.timestamp' = 'true', 'parquet.timestamp.time.unit' = 'millis'"),
]


def rows_of(case):
    # The year 1500 does not fit into 64 bits of nanoseconds.
    return ROWS.replace("1500-", "1700-") if "nanos" in case else ROWS


def script(case, options, folder, write, output=None):
    sql = f"CREATE TABLE files ({COLUMNS}) WITH ('connector' = 'filesystem', 'format' = 'parquet', "
    sql += f"'path' = '{folder}'{', ' if options else ''}{options});\n"
    if write:
        rows = rows_of(case)
        sql += f"CREATE TABLE given ({COLUMNS}) WITH ('connector' = 'values', 'rows' = '{rows}');\n"
        return sql + "INSERT INTO files SELECT * FROM given;\n"
    path = f", 'path' = '{output}'" if output else ""
    sql += f"CREATE TABLE found ({COLUMNS}) WITH ('connector' = 'values'{path});\n"
    return sql + "INSERT INTO found SELECT * FROM files;\n"


class Engines:
    def __init__(self, binaries, folder, zone):
        self.castor = os.path.join(binaries, "castor")
        self.folder = folder
        self.environment = dict(os.environ, TZ=zone)

    def call(self, command, name, sql):
        path = os.path.join(self.folder, name + ".sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(sql)
        done = subprocess.run([*command, path], env=self.environment, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def flink(self, name, sql):
        out = self.call([ORACLE, "--script"], "flink-" + name, sql)
        return sorted(line for line in out.splitlines() if line.startswith("+I["))

    def run_castor(self, name, sql):
        self.call([self.castor, "run"], "castor-" + name, sql)


def read_rows(folder):
    rows = []
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            rows += file.read().splitlines()
    return sorted(rows)


def check(binaries, case, zone, options):
    with tempfile.TemporaryDirectory() as folder:
        engines = Engines(binaries, folder, zone)
        by_flink, by_castor = os.path.join(folder, "by-flink"), os.path.join(folder, "by-castor")
        read = os.path.join(folder, "read")
        engines.flink("writes", script(case, options, by_flink, write=True))
        expected = engines.flink("reads", script(case, options, by_flink, write=False))
        engines.run_castor("reads", script(case, options, by_flink, write=False, output=read))
        engines.run_castor("writes", script(case, options, by_castor, write=True))
        crossed = engines.flink("reads-castor", script(case, options, by_castor, write=False))
        found = read_rows(read)
    problems = [] if len(expected) == 4 else [f"Flink reads {len(expected)} of its 4 rows"]
    for what, rows in (("Castor reads Flink's file", found), ("Flink reads Castor's file", crossed)):
        if rows != expected:
            problems += [f"{what}:"] + [f"  expected {row}" for row in expected if row not in rows]
            problems += [f"  found    {row}" for row in rows if row not in expected]
    return problems


def main():
    binaries = os.path.join(sys.argv[1], "bin")
    passed = failed = 0
    for case, zone, options in CASES:
        try:
            problems = check(binaries, case, zone, options)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            problems = [str(error)]
        print(f"{'FAILED' if problems else 'ok':7}{case}", *problems, sep="\n" if problems else "", flush=True)
        passed, failed = passed + (not problems), failed + bool(problems)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
