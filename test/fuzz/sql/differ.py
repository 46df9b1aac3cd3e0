"""Asks Castor and Flink the same, many cases at a time."""

import dataclasses
import os
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "test" / "sql" / "runner"))

import flink  # noqa: E402
import rows  # noqa: E402
import test_file  # noqa: E402
from checker import Checker, planner_error, stateful  # noqa: E402
from determined import hangs_on_arrival  # noqa: E402
from engine import Engine, Failed, NotApplicable, results_of  # noqa: E402
from planner import MINI_BATCH, Planner  # noqa: E402
from variants import VARIANTS  # noqa: E402

# Refusals name what is not supported; everything else that goes wrong is a difference.
REFUSAL = "not supported"
# Flink fails in its own code before or behind the row: Castor's answer cannot be compared.
FLINK_BUGS = ("CompileException", "NullPointerException", "java.lang.Iterable)")
# What Flink's planner takes and the translation of its plan refuses.
FLINK_REFUSES = ("Please re-check the data type", "Integer expression type expected")
# No SQL for Flink either; Castor says that it does not support it; more than one right answer.
UNCOMPARED = ("invalid", "refused", "undetermined")


@dataclasses.dataclass
class Verdict:
    """`kind`: same, or why nothing can be compared (UNCOMPARED), or how they differ."""

    kind: str
    detail: str = ""

    @property
    def differs(self):
        return self.kind != "same" and self.kind not in UNCOMPARED


class Differ:
    """Thread-safe in `prepare` only."""

    def __init__(self, build, work):
        os.makedirs(work, exist_ok=True)
        self.work = work
        self.planner = Planner(str(ROOT), work)
        self.checker = Checker(Engine(build), self.planner, work)

    def close(self):
        self.planner.close()

    def judge(self, texts, variants):
        """A Verdict for each text of a .test file; `variants`: the names each runs in beside p1."""
        prepared = [self.prepare(number, text) for number, text in enumerate(texts)]
        answers = flink.answers(str(ROOT), [script.text for script, _ in prepared], 1)
        return [
            self.compare(script, bundle, answer, ["p1", *names])
            for (script, bundle), answer, names in zip(prepared, answers, variants)
        ]

    def prepare(self, number, text):
        """Script and bundle, or error document."""
        path = os.path.join(self.work, f"case{number}.test")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        script = self.checker.script(test_file.read(path, f"case{number}", VARIANTS)[0])
        return script, self.checker.compile(script, False)

    def compare(self, script, bundle, answer, variants):
        if "error" in bundle:
            message = planner_error(script, bundle["error"])
            return Verdict("invalid" if answer.error else "refused", message)
        if hangs_on_arrival(bundle["plan"]):
            return Verdict("undetermined")
        for name in variants:
            variant = VARIANTS[name]
            used = bundle
            if variant.mini_batch:
                if not stateful(bundle):
                    continue
                used = self.checker.compile(script, True)
            try:
                verdict = self.run(used, variant, answer)
                if verdict.differs and variant.mini_batch:
                    verdict = self.run(used, variant, self.answer_in_batches(script))
            except NotApplicable:
                continue
            if verdict.kind != "same":
                verdict.detail = f"  in {name}:\n{verdict.detail}"
                return verdict
        return Verdict("same")

    def answer_in_batches(self, script):
        """Of Flink, which answers some queries otherwise then: SUM(DISTINCT) over a window's slices."""
        return flink.answers(str(ROOT), [script.text], 1, MINI_BATCH)[0]

    def run(self, bundle, variant, answer):
        try:
            found = self.checker.engine.run(bundle, variant)["SELECT"]
        except Failed as failure:
            if REFUSAL in str(failure):
                return Verdict("refused", str(failure))
            if answer.error:
                return Verdict("same")
            return Verdict("Castor fails", f"  {failure}")
        if answer.error:
            return self.flink_fails(answer.error.splitlines()[-1])
        key = results_of(bundle)["SELECT"]
        expected = rows.materialize(answer.results["SELECT"], key)
        difference = rows.first_difference(expected, rows.materialize(found, key), False)
        return Verdict("rows", difference) if difference else Verdict("same")

    @staticmethod
    def flink_fails(message):
        if any(each in message for each in (*FLINK_BUGS, *FLINK_REFUSES)):
            return Verdict("invalid", message)
        return Verdict("Flink fails", f"  {message}")


def variants_of(query, seed):
    """Two of the variants in which the query has one right answer."""
    from shrinking import expression_slots, Case

    expressions = [expression for _, expression in expression_slots(Case([], query))]
    names = [name for name in VARIANTS if name != "p1"]
    if any(each.ordered for each in expressions):
        names = ["tiny-batches"]
    return random.Random(seed).sample(names, min(2, len(names)))
