"""The server is killed before and after each step of a life; in the end nothing is lost or doubled."""

import http.client
import os
import random
import time

from deployments import counted, deployment, expected, written
from server import Refused, Server

STEPS = int(os.environ.get("CRASH_STEPS", "24"))  # 0: all
ROWS = 900
SEED = int(os.environ.get("CRASH_SEED", "1"))


class Patient:
    """A user who asks again while the server is away, which is started again at once."""

    def __init__(self, server):
        self.server, self.kills = server, 0

    def __call__(self, request, *arguments):
        deadline = time.monotonic() + 60
        while True:
            if not self.server.is_up():
                self.kills += 1
                self.server.kill()
                self.server.start()
            try:
                return request(*arguments)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, "no answer within 60 s"
                time.sleep(0.02)

    def wait(self, condition, what):
        deadline = time.monotonic() + 90
        while not self(condition):
            assert time.monotonic() < deadline, f"no {what}; {self.server.get('events')}"
            time.sleep(0.05)


def live(sandbox, server, patient):
    """Start, suspend, resume, upgrade, cancel, resume until the input ends; the deployment."""
    script = counted(sandbox, rate=300, rows=ROWS)

    def create():
        try:
            return server.create(deployment("counts", script))
        except Refused as refused:  # the answer of an earlier request was lost
            assert refused.code == 409, refused
            return server.get("deployments")["items"][0]["metadata"]["id"]

    made = patient(create)

    def state():
        return server.deployment(made)["status"]["state"]

    def runs(version):
        return state() == "FINISHED" or (
            state() == "RUNNING" and server.jobs(made)[-1]["metadata"]["version"] == version
        )

    patient.wait(lambda: runs(1) and written(sandbox), "first row")
    patient(server.want, made, "SUSPENDED")
    patient.wait(lambda: state() == "SUSPENDED", "suspension")
    patient(server.want, made, "RUNNING")
    patient.wait(lambda: runs(1), "second job")
    patient(server.change_script, made, script + "-- The second version.\n")
    patient.wait(lambda: runs(2), "upgrade")
    patient(server.want, made, "CANCELLED")
    patient.wait(lambda: state() == "CANCELLED", "cancellation")
    patient(server.want, made, "RUNNING")
    patient.wait(lambda: state() in ("FINISHED", "FAILED"), "end")
    return made


def check(sandbox, server, made):
    jobs, savepoints = server.jobs(made), server.savepoints(made)
    assert server.deployment(made)["status"]["state"] == "FINISHED", (jobs, server.events(made))
    rows = written(sandbox)
    assert rows == expected(ROWS), (len(rows), server.events(made))
    assert server.workers() == []
    assert all(job["metadata"]["terminatedAt"] for job in jobs), jobs
    # On a slow machine the input may end before it was to be suspended.
    for each in savepoints:
        why = each["status"].get("failure", {}).get("message")
        assert why in (None, "the job ended before its savepoint"), savepoints


def traced(sandbox):
    """The steps of an undisturbed life, each with how often it was taken."""
    trace = sandbox.path("trace")
    with Server(sandbox) as server:
        server.start(CASTOR_FAULT_TRACE=trace)
        check(sandbox, server, live(sandbox, server, Patient(server)))
    hits = {}
    with open(trace, encoding="utf-8") as file:
        for point in file.read().split():
            if point.startswith("platform."):
                hits[point] = hits.get(point, 0) + 1
    return hits


def test_killed_at_each_step(sandbox):
    hits = traced(sandbox)
    for step in ("create_job launch note_started begin_savepoint ask_savepoint settle_savepoint "
                 "begin_cancel ask_cancel end_job settle compile settle_version").split():
        assert f"platform.{step}.before" in hits and f"platform.{step}.after" in hits, (step, hits)
    steps = [(point, hit) for point, times in sorted(hits.items()) for hit in range(1, times + 1)]
    if STEPS:
        steps = random.Random(SEED).sample(steps, min(STEPS, len(steps)))
    kills = 0
    for point, hit in steps:
        part = type(sandbox)(sandbox.castor, sandbox.environment["HOME"])
        with Server(part) as server:
            server.start(CASTOR_FAULT=f"{point}:{hit}")
            patient = Patient(server)
            try:
                check(part, server, live(part, server, patient))
            except AssertionError as error:
                raise AssertionError(f"killed at {point}:{hit}: {error}") from error
            kills += patient.kills
        part.close()
    # A step near the end may come at another time, and once not at all.
    assert kills >= len(steps) * 9 // 10, (kills, len(steps))
    print(f"{len(steps)} steps, {kills} kills")
