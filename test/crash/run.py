"""Exactly-once from a source to files, under SIGKILL.

A job writes JSON files, with a checkpoint every few milliseconds: Nexmark's bids counted per auction and second,
into files that stay open over checkpoints, and the bids themselves, into small files that roll between them. It
is killed at each fault point (engine/runtime/checkpoint/fault_points.h) and at random instants, restored from
what the last process left, each time at another parallelism, until it ends by itself. What its files hold
must be what an undisturbed run wrote, row for row. Every fault point must have been reached; those of
files that snapshots share only if the stores keep state in files.
"""

import collections
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [os.path.join(ROOT, "bench"), os.path.join(HERE, "..", "s3")]
sys.dont_write_bytecode = True

from nexmark.suite.script import generated  # noqa: E402
from state_place import StatePlace  # noqa: E402

POINTS = os.path.join(ROOT, "engine", "runtime", "checkpoint", "fault_points.h")
RANDOM_KILLS = int(os.environ.get("CRASH_RANDOM_KILLS", "50"))
SEED = int(os.environ.get("CRASH_SEED", "20261"))
PARALLELISMS = (2, 1, 3, 4)
ONLY = os.environ.get("CRASH_ONLY", "").split()
MAX_STARTS = 60
JOB = """
CREATE TABLE counts (auction BIGINT, window_end TIMESTAMP(3), bids BIGINT, highest BIGINT)
WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '{path}/counts');
CREATE TABLE bids (auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3))
WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '{path}/bids',
  'sink.rolling-policy.file-size' = '40 kb');
INSERT INTO bids SELECT auction, bidder, price, `dateTime` FROM bid;
INSERT INTO counts
SELECT auction, window_end, COUNT(*), MAX(price)
FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '1' SECOND))
GROUP BY auction, window_start, window_end;
"""


def fault_points():
    with open(POINTS) as header:
        return re.findall(r'= "([a-z.-]+)";', header.read())


def slowness(state):
    """How much longer all takes than with state where it usually is: so much more time is between two kills."""
    return 10 if state.is_remote else 1


def of_files(point):
    """Whether the point is one of files that snapshots share."""
    return point.startswith("shared.") or point == "restore.before-files"


class Job:
    """The job in a folder of its own, started as often as it takes. `state`: a StatePlace."""

    def __init__(self, binaries, folder, state):
        self.state, self.name = state, os.path.basename(folder)
        self.worker = os.path.join(binaries, "castor-worker")
        self.bundle = os.path.join(folder, "job.json")
        self.output = os.path.join(folder, "out")
        self.checkpoints = os.path.join(folder, "checkpoints")
        if state.is_remote:
            self.checkpoints = state.remote.path(self.name)
        self.trace = os.path.join(folder, "trace")
        self.starts = 0
        self.claim_mode = "CLAIM"
        script = os.path.join(folder, "job.sql")
        with open(os.path.join(ROOT, "bench", "nexmark", "ddl.sql")) as ddl:
            sql = ddl.read() + JOB.format(path=self.output)
        # Paced, so that there is time to kill: 60000 events at 100000 per second.
        source = generated(60_000, 100_000 // slowness(state), {"rate.limited": "true"})
        sql = sql.replace("${SOURCE}", source)
        with open(script, "w") as out:
            out.write(sql)
        castor = os.path.join(binaries, "castor")
        command = [castor, "compile", script, "-o", self.bundle]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def has_checkpoint(self):
        if self.state.is_remote:
            return any(name.endswith("/_metadata") for name in self.state.remote.left(self.name))
        return any("_metadata" in names for _, _, names in os.walk(self.checkpoints))

    def has_ended(self):
        """Whether a killed process had got past its last commit, with nothing left to do but clean up."""
        return "finish.before-sinks" in self.reached()

    def start(self, fault=None):
        parallelism = PARALLELISMS[self.starts % len(PARALLELISMS)]
        self.starts += 1
        command = [self.worker, "--bundle", self.bundle, "-p", str(parallelism)]
        command += ["--checkpoint-dir", self.checkpoints, "--checkpoint-interval", "30 ms"]
        command += self.state.settings(self.name)
        if self.has_checkpoint():
            command += ["--from", self.checkpoints, "--claim-mode", self.claim_mode]
        environment = dict(os.environ, CASTOR_FAULT_TRACE=self.trace)
        if fault:
            environment["CASTOR_FAULT"] = fault
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def finish(self):
        """Lets the job end by itself; None, or what went wrong."""
        process = self.start()
        _, errors = process.communicate(timeout=120)
        return None if process.returncode == 0 else f"exit {process.returncode}: {errors.strip()}"

    def rows(self):
        """The visible rows with their numbers; files whose names begin with '.' or '_' are not visible."""
        rows = collections.Counter()
        for folder, folders, names in os.walk(self.output):
            folders[:] = [name for name in folders if name[0] not in "._"]
            for name in names:
                if name[0] not in "._":
                    with open(os.path.join(folder, name)) as part:
                        rows.update(part.read().splitlines())
        return rows

    def reached(self):
        if not os.path.exists(self.trace):
            return set()
        with open(self.trace) as trace:
            return set(trace.read().split())


def difference(found, expected):
    missing, extra = expected - found, found - expected
    if not missing and not extra:
        return None
    return f"{sum(missing.values())} rows missing, {sum(extra.values())} rows too many"


def kill_at_point(job, point):
    """Lets the point kill the process, twice where it is reached again, then ends the job."""
    if point.startswith("restore."):
        job.start("checkpoint.before-cleanup:2").communicate(timeout=120)
    if point == "restore.before-files":
        job.claim_mode = "NO_CLAIM"
    for hit in (1, 2):
        process = job.start(f"{point}:{hit}")
        process.communicate(timeout=120)
        if process.returncode == 0:
            return None
    return job.finish()


def kill_at_random(job, chance):
    while job.starts < MAX_STARTS and not job.has_ended():
        process = job.start()
        try:
            process.communicate(timeout=chance.uniform(0.02, 0.5) * slowness(job.state))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            continue
        return None if process.returncode == 0 else f"exit {process.returncode}"
    return None if job.has_ended() else job.finish()


def main(state):
    binaries = os.path.join(sys.argv[1], "bin")
    chance = random.Random(SEED)
    points = [point for point in fault_points() if point in ONLY or not ONLY]
    reached = set()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = Job(binaries, folder, state)
        problem = undisturbed.finish()
        expected = undisturbed.rows()
    if problem or not expected:
        print(f"undisturbed run: {problem or 'no rows'}\n0 passed, 1 failed")
        return 1
    cases = [(point, lambda job, point=point: kill_at_point(job, point)) for point in points]
    kills = 0
    begin = time.time()
    while cases or kills < RANDOM_KILLS:
        if cases:
            name, act = cases.pop(0)
        else:
            name, act = f"random instants from {kills}", lambda job: kill_at_random(job, chance)
        with tempfile.TemporaryDirectory() as folder:
            job = Job(binaries, folder, state)
            problem = act(job) or difference(job.rows(), expected)
            reached |= job.reached()
            if name.startswith("random"):
                kills += max(job.starts - 1, 1)
        if problem:
            print(f"{name}: {problem} after {job.starts} starts")
        passed, failed = passed + (not problem), failed + bool(problem)
    never = set(points) - reached
    if "shared.before-file" in never:
        never = {each for each in never if not of_files(each)}
        print("the stores keep no state in files")
    for point in sorted(never):
        print(f"fault point {point} was never reached")
        failed += 1
    print(f"{len(points)} fault points, {kills} random kills, seed {SEED}, {time.time() - begin:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    place = StatePlace(os.environ.get("STATE", "memory"))
    try:
        sys.exit(main(place))
    finally:
        place.close()
