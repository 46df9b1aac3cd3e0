#!/usr/bin/env python3
"""Writes the reference of connectors, formats, file systems and the state store, a page each, from spec/options/*.json.

    scripts/reference.py [folder]   writes the pages (default: build/reference)
    scripts/reference.py --check    says what is wrong with the option files, and exits with 1
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SPEC = ROOT / "spec" / "options"
NOTE = "<!-- Written by scripts/reference.py from spec/options. -->\n"
TYPES = {"string", "boolean", "int", "long", "float", "double", "duration", "memory", "enum", "list"}
KEYS = {
    "key", "type", "default", "required", "scope", "values", "pattern", "fallbackKeys", "needsFormat", "description",
}
SIDES = {"source": "reading", "sink": "writing"}


def load():
    files = {path.stem: json.loads(path.read_text()) for path in sorted(SPEC.glob("*.json"))}
    return {name: file for name, file in files.items() if not file.get("internal")}


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def default_of(option):
    if option.get("required"):
        return "required"
    return f"`{option['default']}`" if "default" in option else ""


def description_of(option):
    text = option["description"]
    if option.get("values"):
        text += " One of " + ", ".join(f"`{value}`" for value in option["values"]) + "."
    if option.get("fallbackKeys"):
        text += " Older name: " + ", ".join(f"`{key}`" for key in option["fallbackKeys"]) + "."
    return text


def table(options, prefix=""):
    if not options:
        return "No options of its own.\n"
    lines = ["| option | type | default | for | |", "|---|---|---|---|---|"]
    for option in options:
        side = SIDES.get(option.get("scope"), "both")
        lines.append(
            f"| `{prefix}{option['key']}` | {option['type']} | {cell(default_of(option))} | {side} "
            f"| {cell(description_of(option))} |"
        )
    return "\n".join(lines) + "\n"


def abilities(file):
    lines = []
    source, sink = file.get("source"), file.get("sink")
    if source:
        can = []
        if source.get("projection"):
            can.append("reads only the columns that are used")
        if source.get("partitions"):
            can.append("reads only the partitions that are used")
        if source.get("limit"):
            can.append("stops at a LIMIT")
        if source.get("watermark"):
            can.append("makes watermarks itself")
        lines.append("Can be read" + (": " + ", ".join(can) if can else "") + ".")
        if source.get("metadata"):
            keys = ", ".join(f"`{column['key']}` {column['type']}" for column in source["metadata"])
            lines.append(f"Metadata columns: {keys}.")
    if sink:
        lines.append("Can be written" + (", by partitions" if sink.get("partitions") else "") + ".")
    return "\n".join(lines) + "\n"


def connector_page(file):
    name = file["connector"]
    text = f"{NOTE}# Connector `{name}`\n\n{file['description']}\n\n{abilities(file)}"
    if file.get("formats"):
        links = ", ".join(f"[{each}](format-{each}.md)" for each in file["formats"])
        text += f"\nFormats: {links}.\n"
    text += f"\n## Options\n\n{table(file['options'])}"
    return text + "\nBesides, the options [of every table](common.md).\n"


def format_page(file):
    name = file["format"]
    sides = " and ".join(word for side, word in (("source", "read"), ("sink", "written")) if side in file)
    return (
        f"{NOTE}# Format `{name}`\n\n{file['description']} Can be {sides}.\n\n"
        f"## Options\n\n{table(file['options'], name + '.')}"
    )


def job_options(options):
    rows = "\n".join(
        f"| `{option['key']}` | {option['type']} | {cell(default_of(option))} | {cell(description_of(option))} |"
        for option in options
    )
    return f"## Options\n\n| option | type | default | |\n|---|---|---|---|\n{rows}\n"


def file_system_page(file):
    schemes = ", ".join(f"`{scheme}://`" for scheme in file["schemes"])
    return (
        f"{NOTE}# File system {file['fileSystem']}\n\n{file['description']}\n\nPaths begin with {schemes}.\n\n"
        f"{job_options(file['options'])}"
    )


def state_backend_page(file):
    return f"{NOTE}# State in {file['stateBackend']}\n\n{file['description']}\n\n{job_options(file['options'])}"


def common_page(file):
    everywhere = [option for option in file["options"] if not option.get("needsFormat")]
    formats = [option for option in file["options"] if option.get("needsFormat")]
    return (
        f"{NOTE}# Options of every table\n\n{table(everywhere)}\n"
        f"## Of tables with a format\n\n{table(formats)}"
    )


def index(files):
    lines = [NOTE + "# Connectors and formats\n"]
    for stem, file in files.items():
        if "connector" in file:
            lines.append(f"- [{file['connector']}]({stem}.md): {file['description']}")
    lines.append("")
    for stem, file in files.items():
        if "format" in file:
            lines.append(f"- [{file['format']}]({stem}.md) (format): {file['description']}")
    lines.append("")
    for stem, file in files.items():
        if "fileSystem" in file:
            lines.append(f"- [{file['fileSystem']}]({stem}.md) (file system): {file['description']}")
        if "stateBackend" in file:
            lines.append(f"- [{file['stateBackend']}]({stem}.md) (state): {file['description']}")
    return "\n".join([*lines, "", "[Options of every table](common.md).", ""])


def page_maker(file):
    makers = {
        "connector": connector_page,
        "format": format_page,
        "fileSystem": file_system_page,
        "stateBackend": state_backend_page,
    }
    return next((make for kind, make in makers.items() if kind in file), common_page)


def pages():
    files = load()
    made = {"README.md": index(files)}
    for stem, file in files.items():
        made[f"{stem}.md"] = page_maker(file)(file)
    return made


def problems_of(option):
    if option.keys() - KEYS:
        yield "has unknown members " + ", ".join(sorted(option.keys() - KEYS))
    if option.get("type") not in TYPES:
        yield f"has no type of {', '.join(sorted(TYPES))}"
    if not option.get("description", "").endswith("."):
        yield "has no description that ends with a full stop"
    if option.get("scope") not in (None, "source", "sink"):
        yield "has a scope that is neither source nor sink"
    if (option.get("type") == "enum") != ("values" in option):
        yield "has values without being an enum, or is one without values"
    if "values" in option and option.get("default") not in (None, *option["values"]):
        yield "has a default that is not among its values"
    if option.get("required") and "default" in option:
        yield "is required and has a default"


def check():
    found = 0
    for stem, file in load().items():
        keys = [option.get("key") for option in file["options"]]
        for option in file["options"]:
            problems = list(problems_of(option))
            if keys.count(option.get("key")) > 1:
                problems.append("stands there twice")
            for problem in problems:
                print(f"spec/options/{stem}.json: option '{option.get('key')}' {problem}")
            found += len(problems)
    pages()
    return 1 if found else 0


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "reference")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (folder / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
