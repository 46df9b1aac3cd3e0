"""Writes what real Flink answers as the expected rows of tests."""

import flink
import rows
from engine import results_of


class Recorder:
    """Asks Flink twice at parallelism 1 and once at 2: what is not always the same is not recorded."""

    def __init__(self, root, checker):
        self.root, self.checker = root, checker

    def record(self, cases):
        """Rewrites the files; gives what could not be recorded: (case, why)."""
        texts = [self.checker.script(case).text for case in cases]
        at_one = flink.answers(self.root, texts + texts, 1)
        at_two = flink.answers(self.root, texts, 2)
        problems, recorded = [], []
        for i, case in enumerate(cases):
            runs = [at_one[i], at_one[len(cases) + i], at_two[i]]
            try:
                recorded.append((case, self.expectation(case, runs)))
            except ValueError as problem:
                problems.append((case, str(problem)))
        for path in {case.path for case, _ in recorded}:
            rewrite(path, [(c, lines) for c, lines in recorded if c.path == path])
        return problems

    def expectation(self, case, runs):
        script = self.checker.script(case)
        bundle = self.checker.compile(script, False)
        if case.form in ("error", "refused"):
            from variants import VARIANTS

            if case.form == "error" and not runs[0].error:
                raise ValueError("Flink runs this; is it ---- refused?")
            if case.form == "refused" and runs[0].error:
                raise ValueError(f"Flink does not run this either:\n{runs[0].error}")
            return self.checker.error_of(script, bundle, VARIANTS["p1"]).split("\n")
        for run in runs:
            if run.error:
                raise ValueError(f"Flink fails:\n{shortened(run.error)}")
        if "error" in bundle:
            raise ValueError(f"Castor's planner fails: {bundle['error']['message']}")
        keys = results_of(bundle)
        answers = [self.sections(case, run, keys) for run in runs]
        if answers[0] != answers[1]:
            raise ValueError(f"Flink answers differently each time:\n{answers[0]}\n{answers[1]}")
        if case.variants is None or "p2" in case.variants:
            left = [self.sections(case, run, keys, True) for run in (runs[0], runs[2])]
            if left[0] != left[1]:
                raise ValueError(
                    "Flink answers differently at parallelism 2; restrict the variants:\n"
                    f"{left[0]}\n{left[1]}"
                )
        return answers[0]

    @staticmethod
    def sections(case, run, keys, materialized=False):
        lines = []
        for name, changes in run.results.items():
            if len(run.results) > 1:
                lines.append(f"=== {name}")
            if not name.startswith("file ") and (materialized or case.form != "changelog"):
                changes = rows.materialize(changes, keys.get(name, ()))
            lines += changes
        return lines


def shortened(error):
    """Without the tokens that the parser would have liked."""
    return "\n".join(line for line in error.split("\n") if not line.startswith(("Was exp", "    <")))


def rewrite(path, recorded):
    """Replaces the rows of the tests, from the last to the first."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for case, expected in sorted(recorded, key=lambda each: -each[0].block.line):
        start = next(i for i in range(case.block.line, len(lines)) if lines[i].startswith("----"))
        end = start + 1 + case.block.length
        lines[start + 1 : end] = expected
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
