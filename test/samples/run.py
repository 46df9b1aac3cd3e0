"""Jobs with the sample connectors: run.py <castor>"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

BEATS = """
CREATE TABLE beats (n BIGINT, `at` TIMESTAMP_LTZ(3)) WITH ('connector' = 'heartbeat'{options});
SELECT n FROM beats WHERE n > 1;
"""


class Castor:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.environment = dict(os.environ, HOME=folder, XDG_CACHE_HOME=os.path.join(folder, "cache"))
        self.environment.pop("XDG_RUNTIME_DIR", None)

    def run(self, sql):
        script = os.path.join(self.folder, "job.sql")
        pathlib.Path(script).write_text(sql)
        return subprocess.run(
            [self.program, "run", "--output", "csv", script],
            env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )

    def stop(self):
        subprocess.run([self.program, "planner", "stop"], env=self.environment, capture_output=True, check=False)


def check_rows(castor):
    done = castor.run(BEATS.format(options=", 'interval' = '5 ms', 'count' = '4'"))
    rows = [int(row) for row in re.findall(r"^\D*(\d+)$", done.stdout, re.MULTILINE)]
    return None if done.returncode == 0 and rows == [2, 3, 4] else f"{done}"


def check_option_file(castor):
    done = castor.run(BEATS.format(options=", 'intervall' = '5 ms'"))
    right = done.returncode == 2 and "'intervall'" in done.stderr and "'interval'" in done.stderr
    return None if right else f"{done}"


def check_value(castor):
    done = castor.run(BEATS.format(options=", 'interval' = '0 ms'"))
    return None if done.returncode == 2 and "must be greater than 0" in done.stderr else f"{done}"


def check_unknown_elsewhere(castor):
    ordinary = Castor(os.path.join(os.path.dirname(castor.program), "..", "..", "bin", "castor"), castor.folder)
    done = ordinary.run(BEATS.format(options=""))
    ordinary.stop()
    return None if done.returncode == 2 and "Unknown connector 'heartbeat'" in done.stderr else f"{done}"


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        castor = Castor(os.path.realpath(sys.argv[1]), folder)
        for case in (check_rows, check_option_file, check_value, check_unknown_elsewhere):
            problem = case(castor)
            print(f"{'FAILED' if problem else 'ok':7}{case.__name__}", problem or "", flush=True)
            passed, failed = passed + (not problem), failed + bool(problem)
        castor.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
