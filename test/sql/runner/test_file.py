"""Reads a .test file: blocks of SQL above a line `----`, rows below it (README.md has the form)."""

import dataclasses
import re

HEAD = re.compile(r"(table|sink|sql|file|test)\b ?(.*)")
FORMS = ("materialized", "changelog", "error", "refused")


class BadTestFile(Exception):
    """The message names file and line."""


@dataclasses.dataclass
class Block:
    """A part of a file: its kind, the rest of its first line, and the lines above and below `----`."""

    kind: str
    title: str
    line: int  # of its head, from 1
    above: list
    form: str = ""  # what stands behind ----; empty: there is no such line
    below: list = dataclasses.field(default_factory=list)
    length: int = 0  # lines in the file that `below` was made of


@dataclasses.dataclass
class Case:
    """One test with all that stands before it in its file."""

    name: str  # family/feature: title
    path: str
    setup: list  # blocks
    block: Block
    variants: set  # names it runs in; None: all

    @property
    def form(self):
        return self.block.form

    def runs_in(self, variant):
        return self.variants is None or variant in self.variants


def blocks_of(path, lines):
    """A block is complete when the next one comes."""
    block = None
    for number, line in enumerate(lines, 1):
        head = HEAD.fullmatch(line)
        if head and not (block and block.kind == "file" and not block.form):
            block = Block(head[1], head[2].strip(), number, [])
            yield block
        elif block is None:
            if line.strip() and not line.startswith("#"):
                raise BadTestFile(f"{path}:{number}: expected table, sink, sql, file or test")
        elif line.startswith("----") and not block.form:
            block.form = line[4:].strip() or "materialized"
            if block.form not in FORMS:
                raise BadTestFile(f"{path}:{number}: ---- is followed by one of {', '.join(FORMS)}")
        elif block.form:
            block.below.append(line)
        else:
            block.above.append(line)


def trimmed(lines):
    """Without blank lines and comments at the end: those belong to what follows."""
    lines = list(lines)
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return lines


def chosen_variants(path, block, known):
    """Takes the lines `only V...: why` and `not V...: why` off a test's SQL."""
    chosen = None
    while block.above and (rule := re.fullmatch(r"(only|not) ([\w -]+): (.+)", block.above[0])):
        names = set(rule[2].split())
        if unknown := names - set(known):
            raise BadTestFile(f"{path}:{block.line + 1}: no variant {', '.join(sorted(unknown))}")
        chosen = names if rule[1] == "only" else set(known) - names
        block.above.pop(0)
        block.line += 1
    return chosen


def read(path, name, known_variants):
    """The cases of a file."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    setup, cases = [], []
    for block in list(blocks_of(path, lines)):
        block.below = trimmed(block.below)
        block.length = len(block.below)
        if block.form in ("", "materialized") or block.kind != "test":
            block.below = [line for line in block.below if line.strip()]
        if block.kind == "sql" and block.title:
            raise BadTestFile(f"{path}:{block.line}: statements stand in the lines below sql")
        if block.kind != "test":
            setup.append(block)
            continue
        if not block.title or any(case.block.title == block.title for case in cases):
            raise BadTestFile(f"{path}:{block.line}: a test needs a title of its own")
        variants = chosen_variants(path, block, known_variants)
        cases.append(Case(f"{name}: {block.title}", path, list(setup), block, variants))
    if not cases:
        raise BadTestFile(f"{path}: no test in it")
    return cases
