"""Runs the cases of this folder with the suite of test/cli: run.py <build folder> [part of a name]"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

import suite  # noqa: E402

if __name__ == "__main__":
    sys.exit(suite.main(HERE))
