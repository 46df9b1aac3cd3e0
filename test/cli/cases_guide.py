"""The guides say what really happens: their commands are run, and print what stands below them."""

import glob
import os
import pathlib
import signal
import subprocess
import time

import guide
from sandbox import wait_for

ROOT = pathlib.Path(__file__).parents[2]


class Reader:
    """Someone who follows a guide in a shell."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.background = []

    def follow(self, markdown):
        try:
            for step in guide.steps(markdown):
                getattr(self, "do_" + step.kind)(step)
        finally:
            self.kill()

    def do_file(self, step):
        self.sandbox.write(step.text, step.shown)

    def do_hidden(self, step):
        verb, _, names = step.text.partition(" ")
        if verb == "kill":
            self.kill()
        else:
            assert verb == "wait", step
            wait_for(lambda: glob.glob(self.sandbox.path(names)), names)

    def do_command(self, step):
        words = step.text.split()
        if words[0] == "cat" and "*" not in words[1]:
            if not os.path.exists(self.sandbox.path(words[1])):
                self.do_file(guide.Step("file", words[1], step.shown))
        if words[-1] == "&":
            self.start(step)
            return
        printed, deadline = self.shell(step.text), time.monotonic() + 60
        # What works for a person who takes a second to type may come too early here.
        while not same(step, printed) and time.monotonic() < deadline and early(step, printed):
            time.sleep(0.1)
            printed = self.shell(step.text)
        assert same(step, printed), f"$ {step.text}\n{printed}--- the guide says\n{step.shown}"

    def start(self, step):
        """In the background, until it has said what the guide shows."""
        printed = self.sandbox.path(f"background-{len(self.background)}.txt")
        with open(printed, "w", encoding="utf-8") as out:
            self.background.append(self.popen(step.text.removesuffix("&"), out))
        text = pathlib.Path(printed)
        wait_for(
            lambda: guide.matches(step.shown, text.read_text(encoding="utf-8")),
            f"such output of {step.text}: {step.shown}",
        )

    def shell(self, command):
        process = self.popen(command, subprocess.PIPE)
        return process.communicate(timeout=120)[0]

    def popen(self, command, out):
        environment = dict(self.sandbox.environment)
        folder = os.path.dirname(self.sandbox.castor)
        environment["PATH"] = f"{folder}:{environment['PATH']}"
        return subprocess.Popen(
            ["bash", "-c", command],
            cwd=self.sandbox.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def kill(self):
        """As a loss of power would."""
        for process in self.background:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        self.background.clear()


def same(step, printed):
    if guide.matches(step.shown, printed):
        return True
    if not step.text.startswith("cat "):
        return False
    printed, shown = ("\n".join(sorted(t.splitlines())) for t in (printed, step.shown))
    return guide.matches(shown, printed)  # files in any order


def early(step, printed):
    return step.text.startswith("cat ") or "no job is running" in printed


def test_guide(sandbox):
    Reader(sandbox).follow((ROOT / "docs/guide.md").read_text(encoding="utf-8"))


def test_readme(sandbox):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    sandbox.write("orders/monday.csv", ORDERS)
    Reader(sandbox).follow(text)


ORDERS = """1,2026-03-02 09:00:03.000,anna,12.50
2,2026-03-02 09:00:41.000,ben,7.00
3,2026-03-02 09:01:10.000,anna,30.00
4,2026-03-02 09:02:59.000,cleo,4.20
"""
