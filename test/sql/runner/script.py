"""From a case to the script that Flink and Castor run."""

import dataclasses
import os
import re

OUT = "/castor-text-test-out"  # stands for the folder of a run; see placed()


@dataclasses.dataclass
class Part:
    """Where lines of the script come from."""

    first: int  # line of the script, from 1
    count: int
    label: str  # empty: the test's own SQL


@dataclasses.dataclass
class Script:
    text: str
    parts: list
    files: dict  # name -> content, to be written to the input folder

    def place(self, line):
        """Script line -> how the .test file's reader would call it."""
        for part in self.parts:
            if part.first <= line < part.first + part.count:
                own = line - part.first + 1
                return f"line {own}" if not part.label else f"{part.label}, line {own}"
        return f"line {line} of the script"


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def with_options(ddl, options):
    """CREATE TABLE with more options; the connector is `values` unless it says otherwise."""
    ddl = ddl.rstrip()
    has_with = re.search(r"\)\s*with\s*\(", ddl, re.IGNORECASE)
    own = ddl[has_with.end() :] if has_with else ""
    if re.search(r"'connector'\s*=", own):
        options = {}
    else:
        options = {"connector": "values", **options}
    if not options:
        return ddl
    extra = ", ".join(f"{quoted(key)} = {quoted(value)}" for key, value in options.items())
    if not has_with:
        return f"{ddl} WITH ({extra})"
    return f"{ddl[:-1]}, {extra})"


def statement_of(block):
    """A setup block as SQL (its own lines come first, so that line numbers hold)."""
    if block.kind == "sql":
        return "\n" + "\n".join(block.above)
    lines = block.above
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    ddl = "CREATE TABLE " + "\n".join([block.title, *lines])
    if block.kind == "sink":
        name = re.match(r"[\w`.]+", block.title)[0].split(".")[-1].strip("`")
        options = {"path": f"{OUT}/{name}"}
    else:
        options = {"rows": "\n" + "\n".join(block.below) + "\n"} if block.form else {}
    return with_options(ddl, options) + ";"


def script_of(case, inputs):
    """`inputs` is the folder of the file's `file` blocks."""
    text, parts, files = "", [], {}

    def add(piece, label):
        nonlocal text
        parts.append(Part(text.count("\n") + 1, piece.count("\n") + 1, label))
        text += piece + "\n"

    for block in case.setup:
        if block.kind == "file":
            files[block.title] = "\n".join(block.below) + "\n"
        else:
            add(statement_of(block), f"{block.kind} {block.title.split(' ')[0]}".strip())
    add("\n".join(case.block.above).rstrip(), "")
    if not text.rstrip().endswith(";"):
        text = text.rstrip() + ";\n"
    text = text.replace("${out}", OUT).replace("${in}", inputs)
    return Script(text, parts, files)


def write_files(script, folder):
    for name, content in script.files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as old:
                if old.read() == content:
                    continue
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)


def placed(text, folder):
    """With the folder of this run for ${out}."""
    return text.replace(OUT, folder)
