"""Secrets, variables, defaults, targets, savepoints and versions."""

import glob
import json
import re

from cases_api import ROOT, idle, refusal
from deployments import LENIENT, counted, deployment, endless, expected, failing, printed, written
from sandbox import wait_for
from server import Server

SECRETS = ROOT + "secret-values"
MERGE = "application/merge-patch+json"


def secret(name, value):
    return {"metadata": {"name": name}, "spec": {"kind": "GENERIC", "value": value}}


def test_secret_values_reach_jobs_and_nobody_else(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.ask("POST", SECRETS, secret("password", "xyzzy-1"))
        assert made["spec"] == {"kind": "GENERIC"}, made
        assert refusal(server.ask, "POST", SECRETS, secret("password", "other"))[0] == 409
        server.ask("PATCH", SECRETS + "/password", {"spec": {"value": "xyzzy-2"}}, MERGE)
        listed = server.ask("GET", SECRETS)
        assert [each["metadata"]["name"] for each in listed["items"]] == ["password"], listed
        document = deployment("d", "CREATE TABLE p (t STRING) WITH ('connector' = 'print');\n"
                              "INSERT INTO p VALUES ('${secret_values.password} ${where} $${');")
        document["spec"]["template"]["spec"]["variables"] = {"where": "here"}
        made = server.create(document)
        server.wait_for_state(made, "FINISHED")
        assert "+I[xyzzy-2 here ${]" in server.log(made)
        for shown in (server.deployment(made), server.jobs(made), listed, server.get("events")):
            assert "xyzzy" not in json.dumps(shown), shown
        for path in glob.glob(server.data + "/castor.db*"):
            with open(path, "rb") as file:
                assert b"xyzzy" not in file.read(), path
        # An error of the planner does not say it either.
        wrong = server.create(deployment("w", "SELECT '${secret_values.password}' + nothing;"))
        assert "xyzzy" not in json.dumps(server.wait_for_state(wrong, "FAILED"))
        server.ask("DELETE", SECRETS + "/password")
        assert refusal(server.ask, "GET", SECRETS + "/password")[0] == 404


def test_what_stands_for_nothing_is_named_and_may_come_later(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox, rate=5000).replace("'json'", "'${secret_values.format}'")
        made = server.create(deployment("counts", script))
        failed = server.wait_for_state(made, "FAILED")
        assert "no secret value format" in failed["status"]["message"], failed
        server.ask("POST", SECRETS, secret("format", "json"))
        # Any change has it planned anew.
        server.patch(made, {"metadata": {"labels": {"again": "1"}}})
        server.wait_for_state(made, "FINISHED")
        assert written(sandbox) == expected()


def test_deployments_are_created_over_defaults(sandbox):
    with Server(sandbox) as server:
        server.start()
        path = ROOT + "deployment-defaults"
        everywhere = server.ask("GET", "/api/v1/global-deployment-defaults")["spec"]
        assert everywhere["maxJobCreationAttempts"] == 4, everywhere
        template = {"spec": {"parallelism": 2, "flinkConfiguration": {"a.b": "1"}}}
        change = {"spec": {"maxJobCreationAttempts": 7, "template": template}}
        patched = server.ask("PATCH", path, change, MERGE)
        assert patched["spec"] == change["spec"] == server.ask("GET", path)["spec"], patched
        stale = {"metadata": {"resourceVersion": 1}, "spec": {}}
        assert refusal(server.ask, "PATCH", path, stale, MERGE)[0] == 409
        wrong = {"spec": {"maxJobCreationAttempts": "many"}}
        assert refusal(server.ask, "PATCH", path, wrong, MERGE)[0] == 400
        document = idle("d")
        document["spec"]["template"]["spec"]["parallelism"] = 3
        spec = server.deployment(server.create(document))["spec"]
        assert spec["maxJobCreationAttempts"] == 7, spec
        inner = spec["template"]["spec"]
        assert inner["parallelism"] == 3, inner
        assert inner["flinkConfiguration"]["a.b"] == "1", inner


def test_targets(sandbox):
    with Server(sandbox) as server:
        server.start()
        (target,) = server.get("deployment-targets")["items"]
        assert target == server.get("deployment-targets/local")
        assert refusal(server.get, "deployment-targets/moon")[0] == 404


def test_savepoints_are_taken_by_themselves_and_the_newest_kept(sandbox):
    with Server(sandbox) as server:
        server.start()
        schedule = {"intervalSeconds": 1, "keep": 2}
        made = server.create(deployment("d", endless(sandbox), savepointSchedule=schedule))
        wait_for(lambda: server.events(made).count("SAVEPOINT_DELETED") >= 2, "retention")
        server.patch(made, {"spec": {"savepointSchedule": None}})
        wait_for(lambda: all(each["status"]["state"] == "COMPLETED"
                             for each in server.savepoints(made)), "end of the last")
        kept = server.savepoints(made)
        assert 2 <= len(kept) <= 3 and {each["metadata"]["origin"] for each in kept} == {"PERIODIC"}
        folders = {path.split("/")[-1] for path in glob.glob(server.data + "/savepoints/*")}
        assert folders == {each["metadata"]["id"] for each in kept}, folders


def test_savepoints_are_deleted_unless_they_are_needed(sandbox):
    with Server(sandbox) as server:
        server.start()
        path = ROOT + "savepoints"
        made = server.create(deployment("d", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        first = server.ask("POST", path, {"metadata": {"deploymentId": made}})["metadata"]["id"]
        wait_for(lambda: server.savepoints(made)[0]["status"]["state"] == "COMPLETED", "savepoint")
        server.want(made, "SUSPENDED")
        server.wait_for_state(made, "SUSPENDED")
        last = server.savepoints(made)[1]
        code, message = refusal(server.ask, "DELETE", f"{path}/{last['metadata']['id']}")
        assert code == 409 and "go on from" in message, message
        server.ask("DELETE", f"{path}/{first}")
        wait_for(lambda: len(server.savepoints(made)) == 1, "deletion")
        assert glob.glob(server.data + "/savepoints/*") == [
            f"{server.data}/savepoints/{last['metadata']['id']}"
        ]
        server.want(made, "RUNNING")
        server.wait_for_state(made, "RUNNING")


def test_rolled_back_on_request_to_version_and_state(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox)
        made = server.create(deployment("counts", script, restoreStrategy=LENIENT))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        path = f"{ROOT}deployments/{made}/"
        code, message = refusal(server.ask, "POST", path + "rollback", {})
        assert code == 400 and "no version before 1 has worked" in message, message
        server.change_script(made, failing(script))
        server.wait_for_state(made, "FAILED")
        versions = server.ask("GET", path + "versions")["items"]
        assert [each["metadata"]["version"] for each in versions] == [1, 2], versions
        shown = server.ask("POST", path + "rollback", {})
        assert shown["spec"]["template"] == versions[0]["spec"]["template"], shown
        server.wait_for_state(made, "FINISHED")
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1, 2, 3]
        assert written(sandbox) == expected()


def test_reset_to_a_savepoint_while_it_runs(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("d", printed(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: "+I[10, 5]" in server.log(made), "row 10")
        path = ROOT + "savepoints"
        taken = server.ask("POST", path, {"metadata": {"deploymentId": made}})["metadata"]["id"]
        wait_for(lambda: server.savepoints(made)[0]["status"]["state"] == "COMPLETED", "savepoint")
        location = server.savepoints(made)[0]["spec"]["savepointLocation"]
        request = {"version": 1, "savepointId": taken}
        server.ask("POST", f"{ROOT}deployments/{made}/rollback", request)
        wait_for(lambda: len(server.jobs(made)) == 2, "second job")
        server.wait_for_state(made, "RUNNING")
        assert server.jobs(made)[1]["spec"]["savepointLocation"] == location
        # The job that was reset is not saved: its state is what is to be left behind.
        assert len(server.savepoints(made)) == 1


def test_metrics_have_flinks_names_and_the_deployment(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.create(idle("idle"))
        made = server.create(deployment("d", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        job = server.jobs(made)[0]["metadata"]["id"]
        completed = re.compile(
            r'^flink_jobmanager_job_numberOfCompletedCheckpoints{namespace="default",'
            rf'deployment_id="{made}",deployment_name="d",job_id="{job}",job_name="d"}} [1-9]', re.M)
        wait_for(lambda: completed.search(server.metrics()), "completed checkpoint")
        text = server.metrics()
        assert re.search(r"^flink_jobmanager_job_uptime{.*} [1-9]", text, re.M), text
        for state in ("RUNNING", "CANCELLED"):
            line = f'castor_platform_deployments{{namespace="default",state="{state}"}} 1\n'
            assert line in text, text
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        assert job not in server.metrics()
