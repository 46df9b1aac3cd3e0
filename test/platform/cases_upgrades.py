"""Which state an upgrade keeps: told before anything is stopped."""

from cases_api import ROOT, refusal
from cases_resources import MERGE
from deployments import counted, deployment, endless, expected, written
from sandbox import wait_for
from server import Server


def by_other_key(script):
    """The same, but its counts are kept by a key of another type: none of the old ones fits."""
    return script.replace("PARTITION BY MOD(n, 2)", "PARTITION BY CAST(MOD(n, 2) AS STRING)")


def check(server, made, script=None):
    change = {}
    if script:
        change = {"spec": {"template": {"spec": {"artifact": {"sqlScript": script}}}}}
    return server.ask("POST", f"{ROOT}deployments/{made}/upgrade-check", change, MERGE)["status"]


def test_an_upgrade_that_would_lose_state_stops_nothing(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = endless(sandbox)
        made = server.create(deployment("counts", script))
        before = server.wait_for_state(made, "RUNNING")
        wait_for(lambda: written(sandbox), "committed row")
        shown = check(server, made)
        assert not shown["losesState"] and "/chk-" in shown["snapshot"], shown
        assert {each["state"] for each in shown["operators"]} == {"KEPT"}, shown
        shown = check(server, made, by_other_key(script))
        lost = [each for each in shown["operators"] if each["state"] == "LOST"]
        assert shown["losesState"] and len(lost) == 1, shown
        assert lost[0]["uid"].startswith("over-aggregate") and lost[0]["reason"], shown
        assert len(server.get(f"deployments/{made}/versions")["items"]) == 1
        server.change_script(made, by_other_key(script))
        wait_for(lambda: "UPGRADE_WOULD_LOSE_STATE" in server.events(made), "event")
        (event,) = [each for each in server.get("events", deploymentId=made)["items"]
                    if each["metadata"]["name"] == "UPGRADE_WOULD_LOSE_STATE"]
        assert lost[0]["uid"] in event["spec"]["message"], event
        after = server.deployment(made)
        assert after["status"]["running"]["jobId"] == before["status"]["running"]["jobId"], after
        (condition,) = after["status"]["conditions"]
        assert condition["reason"] == "StateWouldBeLost", condition
        assert after["status"]["settled"], after
        assert server.savepoints(made) == []
        # Whoever gives the state up has the upgrade.
        server.patch(made, {"spec": {"restoreStrategy": {"allowNonRestoredState": True}}})
        wait_for(lambda: len(server.jobs(made)) == 2, "second job")
        server.wait_for_state(made, "RUNNING")
        assert server.jobs(made)[1]["metadata"]["version"] == 2


def test_a_version_that_fits_follows_one_that_does_not(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = counted(sandbox, rate=50)
        made = server.create(deployment("counts", script))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: written(sandbox), "committed row")
        server.change_script(made, by_other_key(script))
        wait_for(lambda: "UPGRADE_WOULD_LOSE_STATE" in server.events(made), "event")
        server.change_script(made, script + "-- The third version.\n")
        server.wait_for_state(made, "FINISHED")
        assert [job["metadata"]["version"] for job in server.jobs(made)] == [1, 3]
        assert written(sandbox) == expected()


def test_what_is_suspended_is_held_to_its_savepoint(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = endless(sandbox)
        made = server.create(deployment("counts", script))
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: written(sandbox), "committed row")
        server.want(made, "SUSPENDED")
        server.wait_for_state(made, "SUSPENDED")
        location = server.savepoints(made)[0]["spec"]["savepointLocation"]
        shown = check(server, made, by_other_key(script))
        assert shown["losesState"] and shown["snapshot"] == location, shown
        server.change_script(made, by_other_key(script))
        wait_for(lambda: "UPGRADE_WOULD_LOSE_STATE" in server.events(made), "event")
        code, message = refusal(check, server, made, script.replace("FROM numbers", "FROM nowhere"))
        assert code == 400 and "nowhere" in message, message
