"""The engines as the comparison sees them: prepare a script once, then run it on chosen cores."""

import json
import os
import re
import shutil
from dataclasses import dataclass, replace

from harness import measured_process
from nexmark.suite import script

ROOT = os.path.dirname(os.path.dirname(script.NEXMARK))
FLINK = os.path.join(script.NEXMARK, "flink", "target")
MAIN_CLASS = "io.castor.nexmark.NexmarkRunner"

# Young collections dominate; the parallel collector takes the fewest cycles for them.
JVM = ("-Xms4g", "-Xmx4g", "-XX:+UseParallelGC", "--add-opens=java.base/java.util=ALL-UNNAMED")


class Refused(Exception):
    """The engine says that it cannot run the query."""


@dataclass(frozen=True)
class Settings:
    """What all engines share."""

    cores: tuple
    checkpoint_interval: str
    folder: str


class Castor:
    """The command on a compiled bundle: no JVM runs while it is measured."""

    name = "castor"
    unsupported = 3
    marks = False

    def __init__(self, settings):
        self.settings = settings
        self.command = os.path.join(ROOT, "bin", "castor")

    def prepare(self, sql_file):
        """Compiles the script; the answer is what run() takes."""
        bundle = sql_file + ".json"
        command = [self.command, "compile", "-q", sql_file, "-o", bundle]
        for key, value in script.PLAN_SETTINGS.items():
            command += ["--set", f"{key}={value}"]
        self._checked(measured_process.run(command, sorted(os.sched_getaffinity(0))), sql_file)
        return bundle

    def plan(self, bundle):
        """The nodes of the compiled plan, comparable with those of another engine."""
        with open(bundle, encoding="utf-8") as file:
            return _nodes(json.load(file)["plan"])

    def run(self, bundle):
        """One measured run to the end of input."""
        cores = self.settings.cores
        checkpoints = os.path.join(self.settings.folder, "castor-checkpoints")
        command = [self.command, "run", "-q", bundle, "-p", str(len(cores))]
        command += ["--checkpoint-dir", checkpoints]
        command += ["--checkpoint-interval", self.settings.checkpoint_interval]
        try:
            return self._checked(measured_process.run(command, cores), bundle)
        finally:
            shutil.rmtree(checkpoints, ignore_errors=True)

    def _checked(self, measured, what):
        if measured.code == self.unsupported:
            raise Refused(measured.err.strip())
        if measured.code != 0:
            raise SystemExit(f"castor failed on {what}:\n{measured.err}{measured.out}")
        return measured


class Flink:
    """A mini cluster in a JVM of its own for every run; see NexmarkRunner."""

    marks = True

    def __init__(self, settings, backend):
        self.settings = settings
        self.backend = backend
        self.name = "flink-" + backend

    def prepare(self, sql_file):
        """Nothing: Flink plans in the run itself, which the slope takes out."""
        return sql_file

    def plan(self, sql_file):
        """The nodes of the plan that Flink compiles from the script."""
        plan_file = sql_file + ".flink-plan.json"
        self._java(sql_file, "--plan", plan_file)
        with open(plan_file, encoding="utf-8") as file:
            return _nodes(json.load(file))

    def run(self, sql_file):
        """One measured run to the end of input."""
        return self._java(sql_file)

    def run_marked(self, sql_file, counts):
        """A run, and what it had taken when so many events were generated: a Measurement for each count."""
        run = self._java(sql_file, "--marks", ",".join(map(str, counts)))
        marks = {mark["events"]: mark for mark in json.loads(run.out.splitlines()[-1])["marks"]}
        return run, [
            replace(run, wall_s=marks[count]["wall_s"], cpu_s=marks[count]["cpu_s"])
            for count in counts
        ]

    def _java(self, sql_file, *flags):
        cores = self.settings.cores
        work = os.path.join(self.settings.folder, self.name)
        class_path = f"{FLINK}/classes:{FLINK}/lib/*"
        command = ["java", *JVM, "-cp", class_path, MAIN_CLASS, "--script", sql_file, *flags]
        command += ["--cores", str(len(cores)), "--backend", self.backend, "--work-dir", work]
        command += ["--checkpoint-interval", self.settings.checkpoint_interval]
        try:
            measured = measured_process.run(command, cores)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if measured.code != 0:
            raise SystemExit(f"{self.name} failed on {sql_file}:\n{measured.err}{measured.out}")
        return measured


def _nodes(plan):
    """Type and description of each node in order, without what numbers nodes or names files."""
    nodes = []
    for node in plan["nodes"]:
        description = re.sub(r"\s+", " ", node.get("description", ""))
        nodes.append((node["type"], description))
    return nodes
