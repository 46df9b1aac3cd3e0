"""The processes that are compared: each has a folder and a memory limit of its own, and does what it is told."""

import json
import pathlib
import shutil
import subprocess
import tempfile

from state.suite.cgroup import MemoryGroup

GEMINI, ROCKSDB, TUNED = "gemini", "rocksdb", "rocksdb-tuned"
ALL = (GEMINI, ROCKSDB, TUNED)
# Values in memory in the simplest table there is: no side to be beaten, but how far one could go.
CEILING = "plain"
# Gemini with values apart from their keys, and without.
APART, TOGETHER = "apart", "together"
# Of a side whose name is not all that its program is told: which program it is, and its settings.
# Gemini decides for itself what it can; the engine leaves it all but the share of blocks.
VARIANTS = {GEMINI: (GEMINI, {"tuned": 1}),
            APART: (GEMINI, {"separate_from": 256}),
            TOGETHER: (GEMINI, {"separate_from": 0})}

# What the limit allows beyond the memory that the store is given: the program, and some page cache.
SLACK_SHARE, SLACK_BYTES = 0.25, 48 << 20


class SideDied(Exception):
    """The process has ended; most likely it wanted more memory than the limit."""


class Side:
    def __init__(self, kind, program, folder, memory_bytes, value_bytes, restored=None,
                 settings=None, **how):
        self.kind = kind
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=folder))
        limit = int(memory_bytes * (1 + SLACK_SHARE)) + SLACK_BYTES
        self.group = MemoryGroup(self.folder.name, limit)
        name, own = VARIANTS.get(kind, (kind, {}))
        self.process = subprocess.Popen(
            [program, name, f"folder={self.folder}", f"memory={memory_bytes}",
             f"value={value_bytes}", *(f"{name}={value}" for name, value in
                                       {**own, **(settings or {})}.items())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            preexec_fn=self.group.enter)
        self.ask("open", restored=restored, **how)

    def ask(self, verb, **arguments):
        words = [f"{name}={value}" for name, value in arguments.items() if value is not None]
        try:
            self.process.stdin.write(" ".join([verb, *words]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            code = self.process.wait()
            raise SideDied(f"{self.kind} ended with {code} at: {verb} {' '.join(words)}")
        return json.loads(line)

    def bytes_written(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/io").read_text().splitlines():
            if line.startswith("wchar:"):
                return int(line.split()[1])
        return 0

    def close(self, keep_files=False):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.group.close()
        if not keep_files:
            shutil.rmtree(self.folder, ignore_errors=True)


class Sides:
    """Several, asked one after the other. One that died is left out from then on, and named."""

    def __init__(self, bench, memory_bytes, value_bytes, kinds=ALL):
        self.bench = bench
        self.memory_bytes = memory_bytes
        self.alive = {}
        for kind in kinds:
            self.alive[kind] = Side(kind, bench.program, bench.folder, memory_bytes, value_bytes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for side in self.alive.values():
            side.close()

    def ask(self, verb, **arguments):
        """The answers by kind."""
        return self._ask(lambda side: side.ask(verb, **arguments))

    def ask_in_turn(self, verb, **arguments):
        """As `ask`; no side works in the background while another is asked."""
        def ask_and_settle(side):
            answer = side.ask(verb, **arguments)
            side.ask("settle")
            return answer

        return self._ask(ask_and_settle)

    def _ask(self, question):
        answers = {}
        for kind, side in list(self.alive.items()):
            try:
                answers[kind] = question(side)
            except SideDied as died:
                self.bench.died(str(died))
                self.alive.pop(kind).close()
        return answers

    def ask_alike(self, verb, **arguments):
        """As `ask`; all must have the same answer."""
        answers = self.ask(verb, **arguments)
        if len({json.dumps(answer["answer"]) for answer in answers.values()}) > 1:
            told = {kind: answer["answer"] for kind, answer in answers.items()}
            raise SystemExit(f"the sides disagree on {verb} {arguments}: {told}")
        self.bench.agreed += 1
        return answers
