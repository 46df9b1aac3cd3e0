"""Deployments that run on Apache Flink, and go on as those on the native engine do."""

import json
import os
import signal

from deployments import counted, deployment, expected, lasting, matched, printed, written
from flink import ask_flink, examples, jar, on_flink, process, start, started, upload
from sandbox import wait_for
from server import Refused, Server

PATIENCE = 240  # seconds; two processes of Java have to come up


def wait(server, made, *states):
    return server.wait_for_state(made, *states, timeout=PATIENCE)


def completed(server, made):
    return ask_flink(server, made, "/checkpoints")["counts"]["completed"]


def test_a_jar_runs_is_suspended_restored_upgraded_and_cancelled(sandbox):
    with Server(sandbox) as server:
        start(server)
        upload(server, "examples.jar", examples())
        program = "windowing.TopSpeedWindowing"
        made = server.create(jar("speeds", "artifact:examples.jar", program))
        wait(server, made, "RUNNING")
        (job,) = server.jobs(made)
        assert job["status"]["engine"] == "flink", job
        assert started(server, made)["flinkUiUrl"].startswith("http://127.0.0.1:")
        wait_for(lambda: completed(server, made) > 0, "checkpoint", PATIENCE)
        graph = server.get(f"jobs/{job['metadata']['id']}/graph")
        wait_for(
            lambda: len(server.get(f"jobs/{job['metadata']['id']}/graph")["spec"]["vertices"]) > 1,
            f"vertices, {graph}", PATIENCE)
        server.want(made, "SUSPENDED")
        wait(server, made, "SUSPENDED")
        assert server.workers() == []
        (savepoint,) = server.savepoints(made)
        assert savepoint["status"]["state"] == "COMPLETED", savepoint
        location = savepoint["spec"]["savepointLocation"]
        assert os.path.exists(location + "/_metadata"), savepoint
        server.want(made, "RUNNING")
        wait(server, made, "RUNNING")
        restored = ask_flink(server, made, "/checkpoints")["latest"]["restored"]
        assert restored["external_path"].endswith(location), restored
        # Another version goes on from the savepoint of this one.
        server.patch(made, {"spec": {"template": {"spec": {
            "flinkConfiguration": {"execution.checkpointing.interval": "300ms"}}}}})
        wait_for(lambda: len(server.jobs(made)) == 3, "third job", PATIENCE)
        wait(server, made, "RUNNING")
        second = server.savepoints(made)[-1]["spec"]["savepointLocation"]
        assert server.jobs(made)[-1]["spec"]["savepointLocation"] == second != location
        try:
            server.ask("DELETE", "/api/v1/namespaces/default/artifacts/examples.jar")
            raise AssertionError("an artifact that is used was deleted")
        except Refused as refused:
            assert refused.code == 409 and "speeds" in refused.body["message"], refused
        server.want(made, "CANCELLED")
        wait(server, made, "CANCELLED")
        assert server.workers() == []


def test_a_jar_ends_and_one_that_cannot_tells_why(sandbox):
    with Server(sandbox) as server:
        start(server)
        address = "file://" + examples()
        ends = server.create(jar("ends", address, "wordcount.WordCount"))
        wait(server, ends, "FINISHED", "FAILED")
        assert server.deployment(ends)["status"]["state"] == "FINISHED", server.get("events")
        fails = server.create(
            jar("fails", address, "windowing.NoSuchProgram", maxJobCreationAttempts=1))
        failed = wait(server, fails, "FINISHED", "FAILED")
        assert "NoSuchProgram" in failed["status"]["message"], failed
        assert server.workers() == []


def test_killed_processes_of_flink_come_back_and_nothing_is_lost_or_doubled(sandbox):
    with Server(sandbox) as server:
        start(server)
        made = server.create(on_flink(deployment("counts", counted(sandbox, rate=25))))
        wait(server, made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row", PATIENCE)
        # The cluster starts another task manager; it is the same attempt.
        os.kill(process(server, "taskmanager"), signal.SIGKILL)
        rows = len(written(sandbox))
        wait_for(lambda: len(written(sandbox)) > rows, "row after the restart", PATIENCE)
        assert ask_flink(server, made)["timestamps"]["RESTARTING"] > 0
        assert server.jobs(made)[0]["metadata"]["attempt"] == 1
        # Without a job manager there is no cluster: the platform starts another one.
        os.kill(process(server, "jobmanager"), signal.SIGKILL)
        wait_for(lambda: server.jobs(made)[0]["metadata"]["attempt"] == 2, "second attempt", PATIENCE)
        wait(server, made, "FINISHED", "FAILED")
        assert "RECOVERING_THE_JOB" in server.events(made), server.events(made)
        assert written(sandbox) == expected(), server.get("events")
        assert server.workers() == []


def test_jobs_on_flink_go_on_while_the_server_is_away(sandbox):
    with Server(sandbox) as server:
        start(server)
        made = server.create(on_flink(deployment("counts", lasting(sandbox))))
        before = wait(server, made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row", PATIENCE)
        workers = sorted(server.workers())
        assert len(workers) == 3, workers
        server.kill()
        rows = len(written(sandbox))
        wait_for(lambda: len(written(sandbox)) > rows, "row without a server")
        start(server)
        after = server.deployment(made)
        assert after["status"]["running"] == before["status"]["running"], after
        assert sorted(server.workers()) == workers
        taken = server.ask("POST", "/api/v1/namespaces/default/savepoints",
                           {"metadata": {"deploymentId": made}})["metadata"]["id"]
        wait_for(
            lambda: server.get("savepoints/" + taken)["status"]["state"] != "STARTED", "savepoint")
        assert server.get("savepoints/" + taken)["status"]["state"] == "COMPLETED"
        # The first process takes the others with it.
        first = [pid for pid in workers
                 if pid not in (process(server, "jobmanager"), process(server, "taskmanager"))]
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: server.jobs(made)[0]["metadata"]["attempt"] == 2, "second attempt")
        wait(server, made, "RUNNING")
        assert set(server.workers()).isdisjoint(workers)
        server.want(made, "CANCELLED")
        wait(server, made, "CANCELLED")
        assert server.workers() == []


def test_without_flink_what_needs_it_is_refused_by_name(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(on_flink(deployment("counts", lasting(sandbox))))
        failed = server.wait_for_state(made, "FAILED")
        assert "--flink-home" in failed["status"]["message"], failed
        for change, word in (
            ({"engine": "native", "artifact": {"kind": "JAR", "jarUri": "file:///a.jar"}}, "engine"),
            ({"artifact": {"kind": "JAR"}}, "jarUri"),
            ({"artifact": {"kind": "JAR", "jarUri": "file:///a.jar", "sqlScript": "x"}}, "sqlScript"),
            ({"engine": "native", "resources": {"taskmanager": {"memory": "1g"}}}, "resources"),
        ):
            document = deployment("d", "SELECT 1")
            document["spec"]["template"]["spec"].update(change)
            try:
                server.create(document)
                raise AssertionError(f"{change} was not refused")
            except Refused as refused:
                assert refused.code == 400 and word in refused.body["message"], refused


def test_options_of_flink_that_are_the_platforms_are_refused_by_name(sandbox):
    with Server(sandbox) as server:
        start(server)
        document = on_flink(deployment("counts", printed(sandbox)))
        document["spec"]["template"]["spec"]["flinkConfiguration"]["rest.bind-address"] = "0.0.0.0"
        made = server.create(document)
        failed = wait(server, made, "FAILED")
        assert "rest.bind-address" in failed["status"]["message"], failed
        assert json.dumps(server.jobs(made)[0]["status"]).count("rest.bind-address") == 1


def test_auto_takes_the_engine_that_takes_the_script_and_says_why(sandbox):
    with Server(sandbox) as server:
        start(server)
        made = server.create(on_flink(deployment("natively", lasting(sandbox)), "auto"))
        wait(server, made, "RUNNING")
        (job,) = server.jobs(made)
        assert job["status"]["engine"] == "native", job
        assert "supports all" in job["status"]["engineReason"], job
        # It would lose the state that it has.
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.change_script(made, matched(sandbox))
        wait_for(lambda: "SPEC_IS_INVALID" in server.events(made), "refusal")
        (condition,) = server.deployment(made)["status"]["conditions"]
        assert "cannot read the state" in condition["message"], condition
        assert len(server.jobs(made)) == 1
        server.want(made, "CANCELLED")
        wait(server, made, "CANCELLED")

        made = server.create(on_flink(deployment("on-flink", matched(sandbox)), "auto"))
        wait(server, made, "RUNNING")
        (job,) = server.jobs(made)
        assert job["status"]["engine"] == "flink", job
        assert "match" in job["status"]["engineReason"].lower(), job
        (chosen,) = [event["spec"]["message"]
                     for event in server.get("events", deploymentId=made)["items"]
                     if event["metadata"]["name"] == "ENGINE_CHOSEN"]
        assert "Apache Flink" in chosen and "match" in chosen.lower(), chosen
        pairs = len(written(sandbox))
        wait_for(lambda: len(written(sandbox)) > pairs, "pair", PATIENCE)
