"""What becomes of deployments as they are started, suspended, upgraded and cancelled."""

import json
import os
import re
import signal

from deployments import (
    ENDLESS_RESTARTS,
    LENIENT,
    counted,
    deployment,
    endless,
    expected,
    failing,
    printed,
    written,
)
from sandbox import wait_for
from server import Server


def test_runs_to_its_end(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", counted(sandbox, rate=5000)))
        ended = server.wait_for_state(made, "FINISHED", "FAILED")
        assert ended["status"]["state"] == "FINISHED", ended
        (job,) = server.jobs(made)
        assert job["status"]["state"] == "FINISHED", job
        assert written(sandbox) == expected()
        assert server.workers() == []


def test_suspended_and_resumed_nothing_is_lost_or_doubled(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", counted(sandbox)))
        running = server.wait_for_state(made, "RUNNING")
        first = running["status"]["running"]["jobId"]
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.want(made, "SUSPENDED")
        server.wait_for_state(made, "SUSPENDED")
        assert server.workers() == []
        (savepoint,) = server.savepoints(made)
        assert savepoint["status"]["state"] == "COMPLETED", savepoint
        assert savepoint["metadata"]["origin"] == "SUSPEND", savepoint
        seen = written(sandbox)
        assert 0 < len(seen) < len(expected()) and seen == expected(len(seen))
        server.want(made, "RUNNING")
        server.wait_for_state(made, "FINISHED")
        old, new = server.jobs(made)
        assert old["metadata"]["id"] == first and old["status"]["state"] == "TERMINATED", old
        assert new["spec"]["savepointLocation"] == savepoint["spec"]["savepointLocation"], new
        assert written(sandbox) == expected()


def test_jobs_go_on_while_the_server_is_away(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", endless(sandbox)))
        before = server.wait_for_state(made, "RUNNING")
        (worker,) = server.workers()
        assert server.kill(signal.SIGTERM) == 0
        rows = len(written(sandbox))
        wait_for(lambda: len(written(sandbox)) > rows, "row without a server")
        server.start()
        after = server.deployment(made)
        assert after["status"]["state"] == "RUNNING", after
        assert after["status"]["running"] == before["status"]["running"]
        assert server.workers() == [worker]
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        assert server.workers() == [] and server.savepoints(made) == []


def test_a_killed_worker_comes_back_from_its_last_checkpoint(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", counted(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        server.wait_for_state(made, "FINISHED")
        (job,) = server.jobs(made)
        assert job["metadata"]["attempt"] == 2, job
        assert "RECOVERING_THE_JOB" in server.events(made)
        assert written(sandbox) == expected()


def test_a_stateful_upgrade_goes_on_where_the_old_version_stopped(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox)
        made = server.create(deployment("counts", script))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.change_script(made, script + "-- The second version.\n")
        wait_for(lambda: len(server.jobs(made)) == 2, "second job")
        server.wait_for_state(made, "FINISHED")
        (savepoint,) = server.savepoints(made)
        assert savepoint["metadata"]["origin"] == "SUSPEND_AND_UPGRADE", savepoint
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1, 2]
        assert written(sandbox) == expected()


def test_upgrade_strategy_none_waits_for_the_user(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = endless(sandbox)
        made = server.create(
            deployment("counts", script, upgradeStrategy={"kind": "NONE"})
        )
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.change_script(made, script + "-- The second version.\n")
        server.want(made, "SUSPENDED")
        server.wait_for_state(made, "SUSPENDED")
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1]
        server.want(made, "RUNNING")
        server.wait_for_state(made, "RUNNING")
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1, 2]


def test_cancelled_without_a_savepoint_and_started_from_the_latest_state(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", counted(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        assert server.savepoints(made) == []
        server.want(made, "RUNNING")
        server.wait_for_state(made, "FINISHED")
        assert "/chk-" in server.jobs(made)[1]["spec"]["savepointLocation"]
        assert written(sandbox) == expected()


def test_an_invalid_version_leaves_the_last_valid_one_in_force(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = endless(sandbox)
        made = server.create(deployment("counts", script))
        before = server.wait_for_state(made, "RUNNING")
        server.change_script(made, script.replace("FROM numbers", "FROM nowhere"))
        wait_for(lambda: "SPEC_IS_INVALID" in server.events(made), "event")
        after = server.deployment(made)
        assert after["status"]["running"]["jobId"] == before["status"]["running"]["jobId"]
        (condition,) = after["status"]["conditions"]
        assert condition["type"] == "SpecValid" and "nowhere" in condition["message"], condition
        # The job in force comes back, too, if it dies now.
        os.kill(server.workers()[0], signal.SIGKILL)
        wait_for(lambda: server.jobs(made)[0]["metadata"]["attempt"] == 2, "second attempt")
        server.wait_for_state(made, "RUNNING")


def test_a_planner_that_cannot_be_asked_is_told_and_asked_again(sandbox):
    with Server(sandbox) as server:
        server.start(CASTOR_PLANNER_JAR="/nowhere/planner.jar")
        made = server.create(deployment("counts", endless(sandbox)))
        wait_for(lambda: "PLANNING_FAILED" in server.events(made), "event")
        server.kill()
        server.start()
        server.wait_for_state(made, "RUNNING")
        assert server.events(made).count("PLANNING_FAILED") == 1


def test_an_invalid_first_version_fails_until_it_is_mended(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox, rate=5000)
        made = server.create(deployment("counts", script.replace("FROM numbers", "FROM nowhere")))
        failed = server.wait_for_state(made, "FAILED")
        assert "nowhere" in failed["status"]["message"], failed
        assert server.jobs(made) == []
        server.change_script(made, script)
        server.wait_for_state(made, "FINISHED")
        assert written(sandbox) == expected()


def test_state_that_is_not_there_is_not_done_without(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        server.want(made, "SUSPENDED")
        server.wait_for_state(made, "SUSPENDED")
        (savepoint,) = server.savepoints(made)
        os.remove(savepoint["spec"]["savepointLocation"] + "/_metadata")
        server.want(made, "RUNNING")
        failed = server.wait_for_state(made, "FAILED")
        assert savepoint["spec"]["savepointLocation"] in failed["status"]["message"], failed
        assert len(server.jobs(made)) == 1


def test_when_the_savepoint_fails_the_old_job_runs_on(sandbox):
    with Server(sandbox) as server:
        server.start()
        document = deployment("counts", endless(sandbox), maxSavepointCreationAttempts=1)
        made = server.create(document)
        server.wait_for_state(made, "RUNNING")
        os.rename(server.data + "/savepoints", server.data + "/elsewhere")
        with open(server.data + "/savepoints", "w", encoding="utf-8"):
            pass  # where there is a file no folder can be made
        (worker,) = server.workers()
        server.want(made, "SUSPENDED")
        wait_for(lambda: "SAVEPOINT_FAILED" in server.events(made), "event")
        shown = server.wait_for_state(made, "RUNNING")
        assert "the job runs on" in shown["status"]["message"], shown
        assert server.workers() == [worker]
        os.remove(server.data + "/savepoints")
        os.rename(server.data + "/elsewhere", server.data + "/savepoints")
        server.want(made, "SUSPENDED")
        server.wait_for_state(made, "SUSPENDED")


def test_a_savepoint_on_request_starts_another_deployment(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", printed(sandbox)))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: "+I[20, 10]" in server.log(made), "row 20")
        path = "/api/v1/namespaces/default/savepoints"
        server.ask("POST", path, {"metadata": {"deploymentId": made}})
        wait_for(lambda: server.savepoints(made)[0]["status"]["state"] == "COMPLETED", "savepoint")
        assert server.deployment(made)["status"]["state"] == "RUNNING"
        location = server.savepoints(made)[0]["spec"]["savepointLocation"]
        fork = server.create(deployment("fork", printed(sandbox), state="CANCELLED"))
        copied = {"metadata": {"deploymentId": fork}, "spec": {"savepointLocation": location}}
        server.ask("POST", path, copied)
        server.want(fork, "RUNNING")
        server.wait_for_state(fork, "RUNNING")
        assert server.jobs(fork)[0]["spec"]["savepointLocation"] == location
        wait_for(lambda: "+I[" in server.log(fork), "row of the fork")
        rows = re.findall(r"\+I\[(\d+), (\d+)\]", server.log(fork))
        assert int(rows[0][0]) > 20 and all((int(n) + 1) // 2 == int(c) for n, c in rows), rows


def test_a_version_that_fails_is_rolled_back_with_the_state_it_began_with(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox)
        upgrade = {"kind": "STATEFUL", "rollbackOnFailure": True}
        made = server.create(deployment("counts", script, upgradeStrategy=upgrade,
                                        restoreStrategy=LENIENT))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.change_script(made, failing(script))
        wait_for(lambda: "ROLLING_BACK" in server.events(made), "event")
        ended = server.wait_for_state(made, "FINISHED")
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1, 2, 1]
        (condition,) = ended["status"]["conditions"]
        assert condition["reason"] == "RolledBack", condition
        assert written(sandbox) == expected()


def test_a_version_that_fails_is_failed_if_nobody_wants_it_rolled_back(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox)
        made = server.create(deployment("counts", script, restoreStrategy=LENIENT))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        server.change_script(made, failing(script))
        server.wait_for_state(made, "FAILED")
        server.change_script(made, script)
        server.wait_for_state(made, "FINISHED")
        assert written(sandbox) == expected()


def test_a_job_that_restarts_again_and_again_is_shown_and_rolled_back(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox)
        upgrade = {"kind": "STATEFUL", "rollbackOnFailure": True}
        document = deployment("counts", script, upgradeStrategy=upgrade)
        document["spec"]["template"]["spec"]["flinkConfiguration"].update(ENDLESS_RESTARTS)
        made = server.create(document)
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(written(sandbox)) > 0, "committed row")
        # The second version runs, and does not come to its first checkpoint.
        rare = {"flinkConfiguration": {"execution.checkpointing.interval": "1 h"}}
        server.patch(made, {"spec": {"template": {"spec": rare}}})
        wait_for(lambda: len(server.jobs(made)) == 2, "second job")
        server.wait_for_state(made, "RUNNING")
        # Until the folder is one again nothing can be written, however often the job restarts.
        os.rename(sandbox.path("counted"), sandbox.path("elsewhere"))
        sandbox.write("counted", "")
        wait_for(lambda: "ROLLING_BACK" in server.events(made), "rollback")
        os.remove(sandbox.path("counted"))
        os.rename(sandbox.path("elsewhere"), sandbox.path("counted"))
        server.wait_for_state(made, "FINISHED")
        assert "JOB_IS_UNSTABLE" in server.events(made), server.events(made)
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1, 2, 1]
        assert server.jobs(made)[1]["status"]["started"]["observedFlinkJobRestarts"] >= 3
        assert written(sandbox) == expected()


def test_the_jobs_of_the_platform_are_listed_and_left_to_it(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        (listed,) = json.loads(sandbox.run("list", "--json").out)
        assert listed["name"] == "counts" and listed["deployment"] == made, listed
        assert listed["state"] == "RUNNING", listed
        for command in ("stop", "cancel"):
            ended = sandbox.run(command, "counts")
            assert ended.code == 2 and made in ended.err, ended
        assert sandbox.run("status", "counts").code == 0
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        assert json.loads(sandbox.run("list", "--json").out) == []
