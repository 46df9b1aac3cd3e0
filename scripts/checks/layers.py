#!/usr/bin/env python3
"""Checks every #include of engine/, cli/, platform/ and flink/ against the rules of the layers.

1. A module includes only itself and the modules that cmake/modules.txt lets it use.
2. A quoted include names a file from the root of its tree ("column/batch.h"), and that file exists.
3. Some third-party libraries are seen by some modules only, and some headers by no header of ours.
4. Every module has a README.md and a CMakeLists.txt.

Prints "file:line: what and why" for each offence and exits with 1 if there is one.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Where modules lie and what their includes are written from.
TREES = {"engine": "engine", "cli": "", "platform": "", "flink": ""}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')

# Third-party includes (by prefix) and the only modules that may have them: the rest of the engine
# sees our own column types, and Gemini must stand without any of them.
RESTRICTED = {
    "arrow/": ("arrow_memory", "column", "format/*", "object_store"),
    "parquet/": ("format/*",),
    "simdjson": ("expr", "format/*"),
    "roaring.h": ("roaring",),
    "CLI/": ("cli", "platform", "worker", "flink/cluster"),
    "sqlite3.h": ("platform",),
    "sodium.h": ("platform",),
    "httplib.h": ("platform", "flink/cluster"),
    "yaml-cpp/": ("platform",),
    "jni.h": ("flink/state-backend",),
}
# Includes that cost every file that includes the header more than it gains.
TOO_HEAVY_FOR_HEADERS = ("regex", "iostream", "nlohmann/json.hpp", "fmt/", "arrow/api.h",
                         "parquet/", "CLI/", "sqlite3.h", "httplib.h", "yaml-cpp/")


def read_rules():
    rules = {}
    for line in (ROOT / "cmake/modules.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, uses = line.split(":")
            rules[name.strip()] = uses.split()
    return rules


class Modules:
    def __init__(self, rules):
        self.rules = rules
        self.reachable = {name: self._reach(name) for name in rules}

    def _reach(self, name):
        seen, open_names = set(), list(self.rules[name])
        while open_names:
            used = open_names.pop()
            if used == "*":
                return set(self.rules)
            if used not in seen:
                seen.add(used)
                open_names += self.rules[used]
        return seen

    def of(self, path):
        """The module and the rule of a path written from its tree's root, or (None, None)."""
        parts = path.split("/")
        for depth in (2, 1):
            name = "/".join(parts[:depth])
            if len(parts) > depth and name in self.rules:
                return name, name
        if len(parts) > 2 and parts[0] + "/*" in self.rules:
            return "/".join(parts[:2]), parts[0] + "/*"
        return None, None


def tracked(tree):
    output = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", f"{tree}/*.h", f"{tree}/*.cpp"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in output.splitlines() if (ROOT / name).exists()]


def in_module(name):
    return name[len("engine/"):] if name.startswith("engine/") else name


def check_own(modules, module, rule, target, roots):
    if not any((ROOT / root / target).exists() for root in roots):
        return f'no file "{target}" from {" or ".join(root or "the top" for root in roots)}'
    used, used_rule = modules.of(target)
    if used is None:
        return f'"{target}" is in no module of cmake/modules.txt'
    if used != module and used_rule not in modules.reachable[rule]:
        kind = "its sibling " if used_rule == rule else ""
        return (f"{module} may not use {kind}{used}; it may use "
                f"{' '.join(modules.rules[rule]) or 'no module'} (cmake/modules.txt)")
    return None


def check_third_party(module, rule, name, target):
    for prefix, allowed in RESTRICTED.items():
        if target.startswith(prefix) and rule not in allowed and module not in allowed:
            return f"<{target}> is for {' '.join(allowed)} only, not for {module}"
    if name.endswith(".h") and target.startswith(TOO_HEAVY_FOR_HEADERS):
        return f"<{target}> is too heavy for a header; include it in a .cpp file"
    return None


def check_file(modules, tree, name):
    module, rule = modules.of(in_module(name))
    if module is None:
        yield f"{name}:1: is in no module of cmake/modules.txt"
        return
    roots = (TREES[tree],) if tree == "engine" else (TREES[tree], "engine")
    for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match is None:
            continue
        own, third_party = match.groups()
        problem = (check_own(modules, module, rule, own, roots) if own
                   else check_third_party(module, rule, name, third_party))
        if problem:
            yield f"{name}:{number}: {problem}"


def check_folders(modules, names):
    folders = {}
    for name in names:
        module, _ = modules.of(in_module(name))
        if module:
            folders[module] = name[:name.index(module) + len(module)]
    for folder in sorted(folders.values()):
        for required in ("README.md", "CMakeLists.txt"):
            if not (ROOT / folder / required).exists():
                yield f"{folder}: has no {required}"


def main():
    modules = Modules(read_rules())
    problems, names = [], []
    for tree in TREES:
        for name in tracked(tree):
            names.append(name)
            problems += check_file(modules, tree, name)
    problems += check_folders(modules, names)
    print("\n".join(problems + [f"layers: {len(names)} files, {len(problems)} offences"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
