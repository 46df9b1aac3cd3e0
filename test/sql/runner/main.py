"""Runs or records the text tests; ../run.sh and ../README.md say how."""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import time

import test_file
from checker import Checker
from engine import Engine
from planner import Planner
from recorder import Recorder
from variants import USUAL, VARIANTS

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent


def arguments():
    parser = argparse.ArgumentParser(prog="test/sql/run.sh")
    parser.add_argument("build", nargs="?", default=str(ROOT / "build" / "release"))
    parser.add_argument("names", nargs="*", help="run tests whose name has one of these parts")
    parser.add_argument("--variant", action="append", choices=VARIANTS, help="run only this one")
    parser.add_argument("--record", action="store_true", help="write Flink's answers as expected")
    parser.add_argument("--jobs", type=int, default=2 * os.cpu_count(), help="tests at the same time; they wait more than they compute")
    return parser.parse_intermixed_args()


def cases(parts):
    found = []
    for path in sorted(HERE.glob("*/*.test")):
        name = f"{path.parent.name}/{path.stem}"
        found += test_file.read(str(path), name, VARIANTS)
    return [case for case in found if not parts or any(part in case.name for part in parts)]


def run(checker, chosen, variants, jobs):
    passed = failed = runs = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        outcomes = pool.map(lambda case: checker.problems(case, variants), chosen)
        for case, (ran, problems) in zip(chosen, outcomes):
            runs += ran
            if problems:
                failed += 1
                which = ", ".join(name for name, _ in problems)
                print(f"FAILED {case.name}\n  in {which}; {problems[0][0]}:\n{problems[0][1]}")
                print(f"  {os.path.relpath(case.path)}:{case.block.line}", flush=True)
            elif ran:
                passed += 1
    return passed, failed, runs


def main():
    options = arguments()
    work = os.path.join(os.path.abspath(options.build), "test-sql")
    os.makedirs(work, exist_ok=True)
    started = time.monotonic()
    chosen = cases(options.names)
    planner = Planner(str(ROOT), work)
    engine = Engine(os.path.abspath(options.build))
    checker = Checker(engine, planner, work)
    try:
        if options.record:
            problems = Recorder(str(ROOT), checker).record(chosen)
            for case, why in problems:
                print(f"NOT RECORDED {case.name}\n{why}\n")
            print(f"{len(chosen) - len(problems)} recorded, {len(problems)} not")
            return 1 if problems else 0
        names = options.variant or USUAL
        passed, failed, runs = run(checker, chosen, names, options.jobs)
    finally:
        planner.close()
        engine.close()
    print(f"{runs} runs in {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
