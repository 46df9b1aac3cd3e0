"""Writes what real Flink answers as the expected rows of tests."""

import flink
import rows
from engine import results_of
from planner import MINI_BATCH
from variants import VARIANTS


class Recorder:
    """Asks Flink twice at parallelism 1, once at 2, once with mini-batches.

    What is not always the same is not recorded, unless the test leaves those variants out.
    """

    def __init__(self, root, checker):
        self.root, self.checker = root, checker

    def record(self, cases):
        """Rewrites the files; gives what could not be recorded: (case, why)."""
        texts = [self.checker.script(case).text for case in cases]
        at_one = flink.answers(self.root, texts + texts, 1)
        at_two = flink.answers(self.root, texts, 2)
        in_batches = flink.answers(self.root, texts, 1, MINI_BATCH)
        problems, recorded = [], []
        for i, case in enumerate(cases):
            runs = [at_one[i], at_one[len(cases) + i], at_two[i], in_batches[i]]
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
            if case.form == "error" and not runs[0].error:
                raise ValueError("Flink runs this; is it ---- refused?")
            if case.form == "refused" and runs[0].error:
                raise ValueError(f"Flink does not run this either:\n{runs[0].error}")
            return self.checker.error_of(script, bundle, VARIANTS["p1"]).split("\n")
        runs_in = [None, None, "p2", "mini-batch"]
        runs = [run for run, name in zip(runs, runs_in) if name is None or case.runs_in(name)]
        for run in runs:
            if run.error:
                raise ValueError(f"Flink fails:\n{shortened(run.error)}")
        if "error" in bundle:
            raise ValueError(f"Castor's planner fails: {bundle['error']['message']}")
        keys = results_of(bundle)
        answers = [self.sections(case, run, keys) for run in runs]
        if answers[0] != answers[1]:
            raise ValueError(f"Flink answers differently each time:\n{answers[0]}\n{answers[1]}")
        left = [self.sections(case, run, keys, True) for run in runs]
        for other in left[2:]:
            if left[0] != other:
                raise ValueError(
                    "Flink answers differently at parallelism 2 or with mini-batches; restrict the "
                    f"variants:\n{left[0]}\n{other}"
                )
        return answers[0]

    @staticmethod
    def sections(case, run, keys, materialized=False):
        lines = []
        for name, changes in run.results.items():
            if len(run.results) > 1 or name not in keys:
                lines.append(f"=== {name}")
            if not name.startswith("file ") and (materialized or case.form != "changelog"):
                changes = rows.materialize(changes, keys.get(name, ()))
            lines += changes
        return lines


def shortened(error):
    """Without the tokens that the parser would have liked."""
    return "\n".join(line for line in error.split("\n") if not line.startswith(("Was exp", "    ")))


def rewrite(path, recorded):
    """Replaces the rows of the tests, which may have moved meanwhile."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for case, expected in recorded:
        head = lines.index(f"test {case.block.title}")
        start = next(i for i in range(head, len(lines)) if lines[i].startswith("----"))
        end = start + 1 + case.block.length
        lines[start + 1 : end] = expected
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
