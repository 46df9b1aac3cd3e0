"""A home of its own for a test, with castor run in it with and without a terminal."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time


class Skipped(Exception):
    """Why a test cannot run on this machine."""


class Ended:
    """What a finished command has left."""

    def __init__(self, code, out, err=""):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class Sandbox:
    """One per test; all share the cache and planner of the suite, unless `home` is renewed."""

    def __init__(self, castor, home):
        self.castor = castor
        self.folder = tempfile.mkdtemp(prefix="castor-cli-")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_CACHE_HOME": os.path.join(home, "cache"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }
        for name in ("CASTOR_PLANNER_JAR", "JAVA_HOME"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.running = []

    def close(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read_folder(self, name):
        """The lines of all visible files in a folder, sorted."""
        lines = []
        for folder, _, files in os.walk(self.path(name)):
            for file in files:
                if not file.startswith((".", "_")):
                    with open(os.path.join(folder, file), encoding="utf-8") as text:
                        lines += text.read().splitlines()
        return sorted(lines)

    def run(self, *arguments, timeout=120, stdin="", **environment):
        done = subprocess.run(
            [self.castor, *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments):
        """In the background; output goes to the files out.txt and err.txt."""
        with open(self.path("out.txt"), "w") as out, open(self.path("err.txt"), "w") as err:
            process = subprocess.Popen(
                [self.castor, *arguments],
                cwd=self.folder,
                env=self.environment,
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
            )
        self.running.append(process)
        return process

    def wait(self, process, timeout=60):
        code = process.wait(timeout)
        with open(self.path("out.txt")) as out, open(self.path("err.txt")) as err:
            return Ended(code, out.read(), err.read())

    def jobs(self):
        return json.loads(self.run("list", "--json").out)

    def wait_for_job(self, condition=lambda job: job["state"] == "RUNNING", timeout=60):
        """The first job for which the condition holds."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for job in self.jobs():
                if condition(job):
                    return job
            time.sleep(0.1)
        raise AssertionError(f"no such job within {timeout} s; there are {self.jobs()}")

    def terminal(self, *arguments, columns=100, interrupt_when=None, timeout=120, **environment):
        """In a pseudo-terminal; Ctrl-C is typed once `interrupt_when` holds for what has been shown."""
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(self.castor, [self.castor, *arguments], {**self.environment, **environment})
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        shown, deadline = b"", time.monotonic() + timeout
        while True:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                raise AssertionError(f"no end within {timeout} s; shown so far:\n{shown.decode()}")
            if select.select([fd], [], [], 0.1)[0]:
                try:
                    data = os.read(fd, 65536)
                except OSError:  # how a pseudo-terminal says that the other side is closed
                    break
                shown += data
                if not data:
                    break
            if interrupt_when and interrupt_when(shown.decode(errors="replace")):
                os.write(fd, b"\x03")
                interrupt_when = None
        os.close(fd)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return Ended(code, shown.decode().replace("\r\n", "\n"))


def wait_for(condition, what, timeout=60):
    """Until the condition holds; `what` says what was not there when it never does."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"no {what} within {timeout} s"
        time.sleep(0.05)


def screen(shown):
    """The lines that are on the screen in the end, without colours."""
    lines, row = [""], 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    for token in re.findall(r"\x1b\[(\d+)A|(\x1b\[J)|(\r)|(\n)|([^\x1b\r\n]+)", text):
        up, clear, home, newline, words = token
        if up:
            row -= int(up)
        elif clear:
            del lines[row + 1 :]
            lines[row] = ""
        elif home:
            lines[row] = lines[row] if row + 1 == len(lines) and lines[row] == "" else lines[row]
        elif newline:
            row += 1
            if row == len(lines):
                lines.append("")
        elif words:
            lines[row] += words
    return [line for line in lines if line]
