#!/usr/bin/env python3
"""Sums what scripts/test.sh left in a results folder and prints "N passed, N failed".

Counts test cases: those in cases/*.xml (JUnit's form, written by GoogleTest and by Maven) and those
in the last line of suites/*.log. A C++ executable that failed without a failed case (it crashed), and
a suite without a last line of that form, count as one failure. Exits with 1 unless something passed
and nothing failed.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

TOTALS = re.compile(r"^(\d+) passed, (\d+) failed\b")


def failed(case):
    return case.find("failure") is not None or case.find("error") is not None


def skipped(case):
    return case.find("skipped") is not None or case.get("status") == "notrun"


def count_cases(path):
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except ElementTree.ParseError:
        return 0, 0  # cut short by a crash; the executable is counted as failed
    bad = sum(failed(case) for case in cases)
    return len(cases) - bad - sum(skipped(case) for case in cases), bad


def count_suite(path):
    lines = path.read_text().split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    match = TOTALS.match(last)
    return (int(match[1]), int(match[2])) if match else (0, 1)


def main(results):
    counts = {path.stem: count_cases(path) for path in sorted(results.glob("cases/*.xml"))}
    ctest = results / "ctest.xml"
    if ctest.exists():
        for executable in ElementTree.parse(ctest).iter("testcase"):
            name = executable.get("name")
            passed, bad = counts.get(name, (0, 0))
            if (executable.get("status") == "fail" or failed(executable)) and bad == 0:
                counts[name] = (passed, 1)
    for path in sorted(results.glob("suites/*.log")):
        counts["suite " + path.stem] = count_suite(path)
    for name, (_, bad) in counts.items():
        if bad:
            print(f"failed: {name} ({bad})")
    passed = sum(count[0] for count in counts.values())
    bad = sum(count[1] for count in counts.values())
    print(f"{passed} passed, {bad} failed")
    return 0 if passed and not bad else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
