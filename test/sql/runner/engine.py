"""Runs a job bundle on castor-worker, whole or with a savepoint half-way."""

import copy
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import rows
import script as scripts

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "s3"))
from state_place import RemoteState

TIMEOUT_SECONDS = 60


class Failed(Exception):
    """The worker did not end well; the message is its own, without its folder."""


class NotApplicable(Exception):
    """The variant means nothing for this job."""


def results_of(bundle):
    """Name -> key columns of every `values` sink, in the script's order, and of the SELECT."""
    collect = bundle.get("collect", {}).get("nodeId")
    by_node = {node["id"]: node for node in bundle["plan"]["nodes"]}
    results = {}
    for statement in bundle["statements"]:
        node = by_node.get(statement.get("sinkNodeId"))
        if node is None:
            continue
        if node["id"] == collect:
            results["SELECT"] = ()
            continue
        table = node["dynamicTableSink"]["table"]
        resolved = table["resolvedTable"]
        if resolved["options"].get("connector") == "values":
            names = [column["name"] for column in resolved["schema"]["columns"]]
            key = resolved["schema"].get("primaryKey", {}).get("columns", [])
            name = table["identifier"].split("`.`")[-1].strip("`")
            results[name] = tuple(names.index(column) for column in key)
    return results


def first_half(bundle):
    """The bundle with `values` sources that stay open behind the first half of their items."""
    half = copy.deepcopy(bundle)
    emitted = 0
    for node in half["plan"]["nodes"]:
        source = node.get("scanTableSource")
        options = source and source["table"]["resolvedTable"]["options"]
        if not options or options.get("connector") != "values" or "rows" not in options:
            continue
        items = items_of(options["rows"])
        kept = items[: (len(items) + 1) // 2]
        options["rows"] = "\n".join(kept)
        options["bounded"] = "false"
        limited = any(ability.get("type") == "LimitPushDown" for ability in source.get("abilities", []))
        emitted += 0 if limited else sum(not item.startswith("@") for item in kept)
    if emitted == 0:
        raise NotApplicable
    return half, emitted


def items_of(text):
    """The rows and marks of a `values` table."""
    items, depth, current, quoted, skip, comment = [], 0, "", False, False, False
    for char in text + "\n":
        if comment:
            comment = char != "\n"
            continue
        if skip:
            skip = False
        elif quoted:
            skip = char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char == "#":
            comment = True
            continue
        elif char in rows.OPENING:
            depth += 1
        elif char in rows.CLOSING:
            depth -= 1
        current += char
        whole = depth == 0 and not quoted
        if whole and (char == "]" or (char == "\n" and current.strip().startswith("@"))):
            items.append(current.strip())
            current = ""
    return items


def environment(variant):
    """Of the worker."""
    return dict(os.environ, CASTOR_CHECK_STATE="1") if variant.checked else None


class Engine:
    """Runs bundles; each run has a folder of its own, which is gone afterwards."""

    def __init__(self, build):
        self.worker = os.path.join(build, "bin", "castor-worker")
        self.remote = RemoteState()

    def close(self):
        self.remote.close()

    def run(self, bundle, variant):
        """Name of result -> changelog; `file NAME` -> lines of the files below ${out}/NAME."""
        with tempfile.TemporaryDirectory(prefix="castor-sql-") as folder:
            out = os.path.join(folder, "out")
            try:
                shown = ""
                arguments = []
                if variant.restore_at:
                    shown, snapshot = self.stop_half_way(bundle, variant, folder, out)
                    arguments = ["--from", snapshot]
                shown += self.run_to_end(bundle, variant, folder, out, arguments)
                if variant.remote and (left := self.remote.left(os.path.basename(folder))):
                    raise Failed(f"left in the store: {left}")
            except Failed as failure:
                raise Failed(str(failure).replace(out, "${out}")) from None
            return collect(bundle, shown, out)

    def command(self, bundle, variant, folder, out, parallelism):
        path = os.path.join(folder, "job.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scripts.placed(json.dumps(bundle), out))
        settings = [part for pair in variant.settings for part in ("--set", "=".join(pair))]
        if variant.remote:
            settings += self.remote.settings(os.path.basename(folder))
        command = [self.worker, "--bundle", path, "--output", "changelog", "--threads", "2"]
        return command + ["-p", str(parallelism)] + settings

    def run_to_end(self, bundle, variant, folder, out, arguments):
        parallelism = variant.restore_at or variant.parallelism
        command = self.command(bundle, variant, folder, out, parallelism) + arguments
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
                cwd=folder,
                env=environment(variant),
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"no end within {TIMEOUT_SECONDS} s") from None
        if done.returncode != 0:
            message = done.stderr.decode(errors="replace").strip()
            raise Failed(re.sub("^error: ", "", message) or f"exit code {done.returncode}")
        return done.stdout.decode("utf-8")

    def stop_half_way(self, bundle, variant, folder, out):
        """What was shown until the stop, and the savepoint."""
        half, expected = first_half(bundle)
        control = os.path.join(folder, "control")
        command = self.command(half, variant, folder, out, variant.parallelism)
        with open(os.path.join(folder, "shown"), "w+b") as shown:
            process = subprocess.Popen(
                command + ["--control", control],
                stdout=shown,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=environment(variant),
            )
            try:
                snapshot = stop(process, control, expected, os.path.join(folder, "savepoints"))
                _, error = process.communicate(timeout=TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                raise Failed("no end after the savepoint") from None
            finally:
                process.kill()
                process.wait()
            if process.returncode != 0:
                raise Failed(error.decode(errors="replace").strip())
            shown.seek(0)
            return shown.read().decode("utf-8"), snapshot


def stop(process, control, expected, directory):
    """Stops the job with a savepoint when `expected` rows have been read, or none comes any more."""
    with connect(process, control) as connection:
        stream = connection.makefile("rw", encoding="utf-8")
        last, still_since = -1, time.monotonic()
        while time.monotonic() < still_since + 0.5:
            status = ask(stream, {"op": "status"}).get("status", {})
            if status.get("recordsIn", 0) >= expected:
                break
            if status.get("recordsIn", 0) != last:
                last, still_since = status.get("recordsIn", 0), time.monotonic()
            if status.get("state") not in (None, "CREATED", "RUNNING"):
                break
            time.sleep(0.003)
        answer = ask(stream, {"op": "stop", "directory": directory})
    if answer.get("ok"):
        return answer["path"]
    if answer["error"]["code"] == "cancelled":  # the job has ended before: a LIMIT, say
        raise NotApplicable
    raise Failed(answer["error"]["message"])


def connect(process, control):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            connection.connect(control)
            return connection
        except OSError:
            connection.close()
        if process.poll() is not None:
            raise Failed(process.stderr.read().decode(errors="replace").strip() or "no start")
        if time.monotonic() > deadline:
            raise Failed("the worker does not listen")
        time.sleep(0.003)


def ask(stream, request):
    try:
        stream.write(json.dumps(request) + "\n")
        stream.flush()
        line = stream.readline()
    except OSError:
        line = ""
    return json.loads(line) if line else {"error": {"code": "cancelled", "message": "gone"}}


def collect(bundle, shown, out):
    results = {}
    for name in results_of(bundle):
        folder = os.path.join(out, name)
        lines = [line for line in shown.splitlines() if re.match(r"[+-][IUD]\[", line)]
        if name != "SELECT":
            lines = []
            for part in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                with open(os.path.join(folder, part), encoding="utf-8") as file:
                    lines += file.read().split("\n")[:-1]
        results[name] = lines
    results.update(files_below(out, set(results)))
    return results


def files_below(out, skip=()):
    """`file NAME` -> lines of all files below, each behind its partition; sorted."""
    results = {}
    for name in sorted(os.listdir(out)) if os.path.isdir(out) else []:
        if name in skip:
            continue
        lines = []
        for folder, _, files in os.walk(os.path.join(out, name)):
            partition = os.path.relpath(folder, os.path.join(out, name))
            prefix = "" if partition == "." else partition + ": "
            for file in files:
                if not file.startswith((".", "_")):
                    with open(os.path.join(folder, file), encoding="utf-8") as text:
                        lines += [prefix + line for line in text.read().splitlines()]
        results[f"file {name}"] = sorted(lines)
    return results
