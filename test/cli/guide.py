"""A guide in Markdown as steps that can be run, and whether what they print is what the guide says.

- A `sql` block is the file whose name stands last in backticks before it.
- In a plain block, `$ ` starts a command; what follows up to the next one is what it prints. What follows `cat > x`
  is typed into the file, and `cat x` of a file that is not there yet shows what the reader has in it.
- `<!-- test: ... -->` is a step that a reader does without being told: `wait x` until files x exist, `kill` what runs in
  the background.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    kind: str  # "command", "file" or "hidden"
    text: str  # of the command, or the file's name
    shown: str = ""


def steps(markdown):
    """All steps of a guide, in order."""
    found, prose = [], ""
    for part in re.split(r"(^```.*?^```$|^<!-- test: .*? -->$)", markdown, flags=re.M | re.S):
        if part.startswith("```"):
            language, _, body = part[3:-3].partition("\n")
            if language == "sql":
                name = re.findall(r"`([\w-]+\.sql)`", prose)[-1]
                found.append(Step("file", name, body))
            elif not language:
                found += _commands(body)
            prose = ""
        elif part.startswith("<!-- test: "):
            found.append(Step("hidden", part.removeprefix("<!-- test: ").removesuffix(" -->")))
        else:
            prose += part
    return found


def _commands(block):
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        if typed := re.fullmatch(r"cat > (\S+)", command):
            yield Step("file", typed[1], shown)
        else:
            yield Step("command", command, shown)


# What differs from run to run, as it stands in a guide without spaces, and what may stand there.
VARYING = (
    (r"after\d+ms", r"after[\d.]+m?s"),
    (r"\(\d+(\.\d)?k?/s\)", r"\([\d.]+k?/s\)"),
    (r"/data/", r"/.*/"),
    (r"savepoint-(\w+)-[0-9a-f]+", r"savepoint-\\w+-[0-9a-f]+"),
    (r"[0-9a-f]{32}", r"[0-9a-f]{32}"),
    (r"chk-\d+", r"chk-\\d+"),
    (r"\.\.\.", r".*"),
)


def matches(shown, printed):
    """Whether the guide shows what was printed, give or take line breaks and what varies."""
    pattern, at = "", 0
    text = re.sub(r"\s", "", shown)
    any_varying = "|".join(f"(?:{varying})" for varying, _ in VARYING)
    for hit in re.finditer(any_varying, text):
        pattern += re.escape(text[at : hit.start()])
        pattern += next(may for varying, may in VARYING if re.fullmatch(varying, hit[0])).replace(
            "\\\\", "\\"
        )
        at = hit.end()
    pattern += re.escape(text[at:])
    return re.fullmatch(pattern, re.sub(r"\s", "", printed), re.S) is not None
