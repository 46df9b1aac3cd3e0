#!/usr/bin/env python3
"""Random SQL over random tables, answered by Flink and by Castor; ../README.md says how to use it."""

import argparse
import collections
import os
import random
import re
import sys
import time

from differ import ROOT, UNCOMPARED, Differ, variants_of
from queries import Queries
from shrinking import Case, smaller
from tables import random_table

QUERIES_PER_TABLES = 8
CANDIDATES_PER_STEP = 24


def arguments():
    parser = argparse.ArgumentParser(prog="test/fuzz/sql.sh")
    parser.add_argument("build", nargs="?", default=str(ROOT / "build" / "release"))
    parser.add_argument("--seed", type=int, help="of the first round (default: random)")
    parser.add_argument("--queries", type=int, default=40, help="in a round: one start of Flink")
    parser.add_argument("--hours", type=float, default=0, help="more rounds for that long")
    parser.add_argument("--shrink-minutes", type=float, default=3, help="per difference; 0: never")
    return parser.parse_args()


def cases_of(seed, count):
    """The cases of a round; three tables serve a few queries each."""
    rng = random.Random(seed)
    cases = []
    while len(cases) < count:
        tables = [random_table(rng, name) for name in ("ta", "tb", "tc")]
        queries = Queries(rng, tables)
        for query in [queries.query() for _ in range(QUERIES_PER_TABLES)]:
            words = set(re.findall(r"\w+", query.sql()))
            cases.append(Case([each for each in tables if each.name in words], query))
    return cases[:count]


def shrink(differ, case, kind, variants, minutes):
    """The smallest case found that differs in the same way."""
    deadline = time.monotonic() + minutes * 60
    while time.monotonic() < deadline:
        candidates = list(smaller(case))
        found = None
        for start in range(0, len(candidates), CANDIDATES_PER_STEP):
            part = candidates[start : start + CANDIDATES_PER_STEP]
            verdicts = differ.judge([each.text() for each in part], [variants] * len(part))
            found = next((c for c, v in zip(part, verdicts) if v.kind == kind), None)
            if found or time.monotonic() > deadline:
                break
        if found is None:
            return case
        case = found
    return case


def report(differ, case, verdict, variants, minutes, seed):
    print(f"\nDIFFERENCE ({verdict.kind}), seed {seed}\n{verdict.detail}", flush=True)
    small = shrink(differ, case, verdict.kind, variants, minutes)
    [again] = differ.judge([small.text()], [variants])
    print(f"as a text test:\n\n{small.text()}\n{again.detail}\n", flush=True)


def main():
    options = arguments()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    build = os.path.abspath(options.build)
    differ = Differ(build, os.path.join(build, "test-fuzz"))
    started, counts, refusals = time.monotonic(), collections.Counter(), collections.Counter()
    rounds = 0
    try:
        while rounds == 0 or time.monotonic() < started + options.hours * 3600:
            cases = cases_of(seed + rounds, options.queries)
            variants = [variants_of(case.query, seed + i) for i, case in enumerate(cases)]
            verdicts = differ.judge([case.text() for case in cases], variants)
            for case, verdict, chosen in zip(cases, verdicts, variants):
                counts[verdict.kind] += 1
                if verdict.kind == "refused":
                    refusals[verdict.detail.strip().splitlines()[-1][-100:]] += 1
                if verdict.differs:
                    report(differ, case, verdict, chosen, options.shrink_minutes, seed + rounds)
            rounds += 1
            if options.hours:
                print(f"{rounds} rounds from seed {seed}: {dict(counts)}", flush=True)
    finally:
        differ.close()
    for text, count in refusals.most_common(10):
        print(f"  refused {count}: {text}")
    same = counts["same"]
    failed = sum(counts.values()) - same - sum(counts[kind] for kind in UNCOMPARED)
    print(f"seed {seed}: " + ", ".join(f"{counts[kind]} {kind}" for kind in UNCOMPARED))
    print(f"{same} passed, {failed} failed")
    return 1 if failed or not same else 0


if __name__ == "__main__":
    sys.exit(main())
