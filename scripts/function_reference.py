#!/usr/bin/env python3
"""Writes the reference page of SQL functions from spec/functions.json: function_reference.py [FILE].

The page is made when it is wanted (`make reference`), not kept in the repository, so that it cannot be out of date.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def escaped(text):
    return text.replace("|", "\\|")


def line(row):
    forms = "<br>".join(f"`{escaped(form)}`" for form in row["arguments"])
    note = "" if row["status"] == "native" else f" **Refused**: {row['reason']}."
    return f"| {forms} | {escaped(row['description'])}{note} |"


def page(rows):
    native = sum(row["status"] == "native" for row in rows)
    out = ["# SQL functions", "",
           f"The scalar functions of Flink 2.3: {native} of {len(rows)} run natively, with Flink's results. A job that",
           "calls another one is refused at start, by name.", ""]
    for family in dict.fromkeys(row["family"] for row in rows):
        out += [f"## {family[0].upper()}{family[1:]}", "", "| Call | Meaning |", "|---|---|"]
        out += [line(row) for row in rows if row["family"] == family] + [""]
    return "\n".join(out)


def main():
    rows = json.loads((ROOT / "spec/functions.json").read_text(encoding="utf-8"))
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/reference/functions.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(rows), encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
