"""Runs one case in its variants and compares."""

import os
import re

import rows
import script as scripts
from engine import Failed, NotApplicable, results_of
from planner import MINI_BATCH
from variants import VARIANTS


class Checker:
    """Thread-safe."""

    def __init__(self, engine, planner, work):
        self.engine, self.planner, self.work = engine, planner, work

    def script(self, case):
        inputs = os.path.join(self.work, "in", case.name.split(":")[0])
        script = scripts.script_of(case, inputs)
        scripts.write_files(script, inputs)
        return script

    def compile(self, script, mini_batch):
        return self.planner.compile(script.text, MINI_BATCH if mini_batch else {}, self.work)

    def problems(self, case, names):
        """(variant, what is wrong) for each of the named variants that fails; and how many ran."""
        script = self.script(case)
        plain = self.compile(script, False)
        ran, problems = 0, []
        for name in names:
            variant = VARIANTS[name]
            if not case.runs_in(name):
                continue
            bundle = plain
            if variant.mini_batch:
                if not stateful(plain):
                    continue
                bundle = self.compile(script, True)
                if bundle.get("plan") == plain.get("plan"):
                    continue
            try:
                problem = self.problem(case, script, bundle, variant)
            except NotApplicable:
                continue
            ran += 1
            if problem:
                problems.append((name, problem))
        return ran, problems

    def problem(self, case, script, bundle, variant):
        if case.form in ("error", "refused"):
            if variant.restore_at or variant.mini_batch:
                raise NotApplicable
            message = self.error_of(script, bundle, variant)
            return rows.first_difference(case.block.below, message.split("\n"), True)
        if "error" in bundle:
            return f"  {planner_error(script, bundle['error'])}"
        try:
            found = self.engine.run(bundle, variant)
        except Failed as failure:
            return f"  {failure}"
        keys = results_of(bundle)
        problems = []
        for name, expected in sections_of(case.block.below, keys).items():
            ordered = case.form == "changelog" and not name.startswith("file ")
            changes = found.get(name, [])
            if not name.startswith("file ") and not (ordered and variant.ordered):
                changes = rows.materialize(changes, keys.get(name, ()))
                if ordered:
                    expected = rows.materialize(expected, keys.get(name, ()))
            if difference := rows.first_difference(expected, changes, ordered and variant.ordered):
                problems.append(f"  in {name}:\n{difference}")
        return "\n".join(problems)

    def error_of(self, script, bundle, variant):
        """The error of planner, engine or job; a line that says so if there is none."""
        if "error" in bundle:
            return planner_error(script, bundle["error"])
        try:
            self.engine.run(bundle, variant)
        except Failed as failure:
            message = re.sub(r" \(row \d+ of the batch\)", "", str(failure))  # cut anywhere
            return re.sub(r" at line (\d+),", lambda at: f" at {script.place(int(at[1]))},", message)
        return "(no error)"


def stateful(bundle):
    """Whether mini-batches can change anything: there is more than rows that pass by."""
    return any(operator["stateful"] for operator in bundle.get("operators", []))


def planner_error(script, error):
    place = script.place(error["line"]) if "line" in error else "no line"
    column = f", column {error['column']}" if "column" in error else ""
    hint = f"\nhint: {error['hint']}" if error.get("hint") else ""
    return f"{place}{column}: {error['message']}{hint}"


def sections_of(lines, keys):
    """Result name -> expected lines. Without a line `=== name` there is one result."""
    if not lines or not lines[0].startswith("=== "):
        return {next(iter(keys), "SELECT"): lines}
    sections, name = {}, None
    for line in lines:
        if line.startswith("=== "):
            name = line[4:]
            sections[name] = []
        else:
            sections[name].append(line)
    return sections
