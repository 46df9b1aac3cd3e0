"""Runs the cases: suite.py <build folder> [part of a name]"""

import importlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback

from sandbox import Sandbox, Skipped


def cases(folder, part):
    for file in sorted(folder.glob("cases_*.py")):
        module = importlib.import_module(file.stem)
        for name, case in vars(module).items():
            if name.startswith("test_") and part in name:
                yield name.removeprefix("test_"), case


def main(folder=pathlib.Path(__file__).parent):
    castor = os.path.join(sys.argv[1], "bin", "castor")
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="castor-home-") as home:
        for name, case in cases(folder, part):
            sandbox, start = Sandbox(castor, home), time.monotonic()
            try:
                case(sandbox)
                passed += 1
                verdict = "ok"
            except Skipped as reason:
                verdict = "skipped"
                print(f"{name}: {reason}")
            except (AssertionError, OSError, ValueError, KeyError, subprocess.SubprocessError):
                failed += 1
                verdict = "FAILED"
                traceback.print_exc(file=sys.stdout)
            finally:
                sandbox.close()
            print(f"{verdict:8}{name} ({time.monotonic() - start:.2f} s)", flush=True)
        Sandbox(castor, home).run("planner", "stop")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
