"""What is over is deleted, and nothing that anybody would go on from."""

import os
import time

from cases_api import ROOT, idle, refusal
from cases_resources import MERGE
from deployments import counted, deployment, endless, expected, printed, written
from sandbox import wait_for
from server import Server

POLICY = ROOT + "retention-policy"
SHORT = {"checkpointSeconds": 1, "jobSeconds": 1, "keepJobs": 1}


def keep(server, **policy):
    return server.ask("PATCH", POLICY, {"spec": policy}, MERGE)


def folders(server):
    return set(os.listdir(server.data + "/jobs"))


def restart(server, made):
    """Another job, from where the last one stopped."""
    jobs = len(server.jobs(made))
    server.want(made, "SUSPENDED")
    server.wait_for_state(made, "SUSPENDED")
    server.want(made, "RUNNING")
    wait_for(lambda: len(server.jobs(made)) > jobs, "another job")
    server.wait_for_state(made, "RUNNING")


def test_the_policy_has_defaults_and_is_held_to_the_contract(sandbox):
    with Server(sandbox) as server:
        server.start()
        spec = server.ask("GET", POLICY)["spec"]
        assert spec == {"checkpointSeconds": 86400, "jobSeconds": 2592000, "keepJobs": 20,
                        "eventSeconds": 7776000, "alertSeconds": 2592000}, spec
        changed = keep(server, jobSeconds=5)
        assert changed["spec"]["jobSeconds"] == 5 and changed["spec"]["keepJobs"] == 20, changed
        assert server.ask("GET", POLICY)["spec"] == changed["spec"]
        stale = {"metadata": {"resourceVersion": 1}, "spec": {"keepJobs": 3}}
        assert refusal(server.ask, "PATCH", POLICY, stale, MERGE)[0] == 409
        assert refusal(lambda: keep(server, keepJobs=0))[0] == 400
        assert refusal(lambda: keep(server, logs=1))[0] == 400


def test_jobs_that_ended_go_and_what_is_gone_on_from_stays(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("d", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: written(sandbox), "committed row")
        # The first two versions; nobody goes back behind the second.
        restart(server, made)
        server.change_script(made, endless(sandbox) + "-- Another version.\n")
        wait_for(lambda: len(server.jobs(made)) == 3, "an upgrade")
        server.wait_for_state(made, "RUNNING")
        server.change_script(made, endless(sandbox) + "-- A third.\n")
        wait_for(lambda: len(server.jobs(made)) == 4, "another upgrade")
        server.wait_for_state(made, "RUNNING")
        jobs = [job["metadata"]["id"] for job in server.jobs(made)]
        assert folders(server) == set(jobs)
        time.sleep(1.5)
        keep(server, **SHORT)
        # The third is one of the version to which one would go back.
        wait_for(lambda: folders(server) == set(jobs[2:]), "retention")
        assert [job["metadata"]["id"] for job in server.jobs(made)] == jobs[2:]
        wait_for(lambda: not os.path.exists(f"{server.data}/jobs/{jobs[2]}/checkpoints"), "its end")
        assert os.path.exists(f"{server.data}/jobs/{jobs[2]}/1/log")
        assert server.events(made).count("JOB_DELETED") == 2
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        time.sleep(1.5)
        keep(server, **SHORT)
        time.sleep(1)
        assert os.path.exists(f"{server.data}/jobs/{jobs[3]}/checkpoints")
        server.want(made, "RUNNING")
        server.wait_for_state(made, "RUNNING")
        assert "/chk-" in server.jobs(made)[-1]["spec"]["savepointLocation"]


def test_a_checkpoint_of_which_a_savepoint_was_made_stays(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("d", printed(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: "+I[20, 10]" in server.log(made), "row 20")
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        folder = f"{server.data}/jobs/{server.jobs(made)[0]['metadata']['id']}"
        (run,) = [each for each in os.listdir(folder + "/checkpoints")]
        newest = sorted(each for each in os.listdir(f"{folder}/checkpoints/{run}")
                        if each.startswith("chk-"))[-1]
        location = f"{folder}/checkpoints/{run}/{newest}"
        fork = server.create(deployment("fork", printed(sandbox), state="CANCELLED"))
        server.ask("POST", ROOT + "savepoints",
                   {"metadata": {"deploymentId": fork}, "spec": {"savepointLocation": location}})
        # What is over goes with its deployment, but for what another one would go on from.
        server.ask("DELETE", ROOT + "deployments/" + made)
        other = server.create(deployment("other", counted(sandbox, rate=5000)))
        server.wait_for_state(other, "FINISHED")
        ended = server.jobs(other)[0]["metadata"]["id"]
        server.want(other, "CANCELLED")
        server.wait_for_state(other, "CANCELLED")
        server.ask("DELETE", ROOT + "deployments/" + other)
        keep(server, **SHORT)
        wait_for(lambda: ended not in folders(server), "retention")
        server.want(fork, "RUNNING")
        server.wait_for_state(fork, "RUNNING")
        assert server.jobs(fork)[0]["spec"]["savepointLocation"] == location


def test_old_events_go_and_the_numbers_go_on(sandbox):
    with Server(sandbox) as server:
        server.start()
        for i in range(5):
            server.create(idle(f"d{i}"))
        with server.watch(after=0) as stream:
            last = [stream.next()[0] for _ in range(5)][-1]
        time.sleep(1.5)
        keep(server, eventSeconds=1)
        wait_for(lambda: len(server.get("events")["items"]) == 1, "retention")
        server.create(idle("another"))
        with server.watch(after=last) as stream:
            number, event = stream.next()
        assert int(number) == int(last) + 1 and "another" in event["spec"]["message"], event


def test_a_server_killed_while_it_deletes_is_followed_by_one_that_ends_it(sandbox):
    for point in ("before", "recorded", "deleted", "after"):
        part = type(sandbox)(sandbox.castor, sandbox.environment["HOME"])
        with Server(part) as server:
            server.start(CASTOR_FAULT="platform.sweep." + point)
            made = server.create(deployment("d", counted(part, rate=100)))
            server.wait_for_state(made, "RUNNING")
            wait_for(lambda: written(part), "committed row")
            for version in (2, 3, 4):
                server.change_script(made, counted(part, rate=100) + f"-- Version {version}.\n")
                wait_for(lambda: len(server.jobs(made)) == version, "an upgrade")
                server.wait_for_state(made, "RUNNING")
            time.sleep(1.5)
            try:
                keep(server, **SHORT)
            except OSError:  # killed before it could answer
                pass
            wait_for(lambda: not server.is_up(), "kill at " + point)
            server.kill()
            server.start()
            keep(server, **SHORT)
            newest = server.jobs(made)[-1]["metadata"]["id"]
            wait_for(lambda: all(not os.path.exists(f"{server.data}/jobs/{each}/checkpoints")
                                 for each in folders(server) - {newest}), "retention at " + point)
            assert set(folders(server)) == {job["metadata"]["id"] for job in server.jobs(made)}
            server.wait_for_state(made, "FINISHED")
            assert written(part) == expected()
        part.close()
