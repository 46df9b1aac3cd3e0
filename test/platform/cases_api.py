"""What requests have to look like, and what they are answered."""

import contextlib
import signal

from deployments import deployment, endless
from server import Refused, Server

SCRIPT = "CREATE TABLE b (n INT) WITH ('connector' = 'blackhole'); INSERT INTO b VALUES (1);"
ROOT = "/api/v1/namespaces/default/"


def refusal(ask, *arguments):
    try:
        ask(*arguments)
    except Refused as refused:
        assert refused.body["statusCode"] == refused.code and refused.body["reason"], refused
        return refused.code, refused.body["message"]
    raise AssertionError("not refused")


def idle(name, **metadata):
    document = deployment(name, SCRIPT, state="CANCELLED")
    document["metadata"].update(metadata)
    return document


def test_what_was_left_out_is_filled_in(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(
            {
                "metadata": {"name": "d"},
                "spec": {
                    "template": {"spec": {"artifact": {"kind": "SQLSCRIPT", "sqlScript": SCRIPT}}}
                },
            }
        )
        spec = server.deployment(made)["spec"]
        assert spec["state"] == "CANCELLED" and spec["upgradeStrategy"]["kind"] == "STATEFUL"
        template = spec["template"]["spec"]
        assert template["flinkConfiguration"] == {"execution.checkpointing.interval": "10s"}
        assert template["parallelism"] == 1


def test_requests_are_held_to_the_contract(sandbox):
    with Server(sandbox) as server:
        server.start()
        ask = server.ask
        deployments = ROOT + "deployments"
        broken = idle("d")
        broken["spec"]["template"]["spec"]["numberOfTaskManagers"] = 2
        for code, words, *request in (
            (404, "there is no /api/v2", "GET", "/api/v2"),
            (405, "has no PUT", "PUT", deployments),
            (404, "namespace 'other'", "GET", "/api/v1/namespaces/other/deployments"),
            (404, "no deployment with the id x", "GET", deployments + "/x"),
            (400, "page is not known", "GET", deployments + "?page=1"),
            (400, "pageSize has to be of type integer", "GET", deployments + "?pageSize=x"),
            (400, "pageSize is more than 1000", "GET", deployments + "?pageSize=1001"),
            (400, "pageToken", "GET", deployments + "?pageToken=x"),
            (400, "labelSelector", "GET", deployments + "?labelSelector=a+in+(b)"),
            (400, "no JSON", "POST", deployments, "{"),
            (400, "has to be of type object", "POST", deployments, "[]"),
            (400, "has no metadata", "POST", deployments, {"spec": {}}),
            (400, "numberOfTaskManagers is not known", "POST", deployments, broken),
            (400, "metadata.name", "POST", deployments, idle("a/b")),
            (400, "spec.state", "POST", deployments, deployment("d", SCRIPT, state="CANCELED")),
            (400, "would lose the state", "POST", deployments,
             deployment("d", SCRIPT, restoreStrategy={"kind": "NONE"})),
            (415, "application/json", "POST", deployments, idle("d"), "text/plain"),
            (409, "while a job is STARTED", "POST", ROOT + "savepoints",
             {"metadata": {"deploymentId": server.create(idle("without"))}}),
        ):
            given, message = refusal(ask, *request)
            assert given == code and words in message, (request, given, message)


def test_a_change_of_what_has_changed_since_is_refused(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(idle("d", labels={"team": "ads"}))
        version = server.deployment(made)["metadata"]["resourceVersion"]
        change = {"metadata": {"resourceVersion": version, "labels": {"tier": "1"}}}
        assert server.patch(made, change)["metadata"]["labels"] == {"team": "ads", "tier": "1"}
        assert refusal(server.patch, made, change)[0] == 409
        # null takes away; what has a default gets it.
        change = {"metadata": {"labels": {"team": None}}, "spec": {"upgradeStrategy": None}}
        shown = server.patch(made, change)
        assert shown["metadata"]["labels"] == {"tier": "1"}, shown
        assert shown["spec"]["upgradeStrategy"]["kind"] == "STATEFUL", shown
        assert refusal(server.patch, made, {"metadata": {"id": "other"}})[0] == 400
        assert refusal(server.patch, made, {"spec": {"template": None}})[0] == 400
        assert refusal(server.create, idle("d"))[0] == 409


def test_lists_are_selected_and_come_in_pages(sandbox):
    with Server(sandbox) as server:
        server.start()
        for i in range(5):
            server.create(idle(f"d{i}", labels={"parity": str(i % 2)}))
        names, token, pages = [], {}, 0
        while token is not None:
            page = server.get("deployments", pageSize=2, labelSelector="parity=0", **token)
            names += [each["metadata"]["name"] for each in page["items"]]
            following = page["metadata"].get("nextPageToken")
            token = {"pageToken": following} if following else None
            pages += 1
        assert names == ["d0", "d2", "d4"] and pages == 2, (names, pages)


def test_lists_may_begin_with_the_newest(sandbox):
    with Server(sandbox) as server:
        server.start()
        for i in range(3):
            server.create(idle(f"d{i}"))
        first = server.get("events", order="desc", pageSize=2)
        second = server.get("events", order="desc", pageToken=first["metadata"]["nextPageToken"])
        told = [each["spec"]["message"] for each in first["items"] + second["items"]]
        assert told == [f"Deployment d{i} is created" for i in (2, 1, 0)], told


def test_namespaces_keep_apart(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.ask("POST", "/namespaces/v1/namespaces", {"name": "team"})
        assert refusal(server.ask, "POST", "/namespaces/v1/namespaces", {"name": "team"})[0] == 409
        listed = server.ask("GET", "/namespaces/v1/namespaces")["items"]
        assert [each["metadata"]["name"] for each in listed] == ["default", "team"]
        made = server.create(idle("d"))
        server.ask("POST", "/api/v1/namespaces/team/deployments", idle("d"))
        assert refusal(server.ask, "GET", "/api/v1/namespaces/team/deployments/" + made)[0] == 404


def test_only_what_is_cancelled_is_deleted(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("d", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        path = ROOT + "deployments/" + made
        assert refusal(server.ask, "DELETE", path)[0] == 409
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        server.ask("DELETE", path)
        assert refusal(server.ask, "GET", path)[0] == 404
        assert server.get("deployments")["items"] == []
        assert "JOB_TERMINATED" in server.events(made)


def test_one_server_a_data_directory(sandbox):
    with Server(sandbox) as server:
        server.start()
        second = sandbox.run("platform", "--data-dir", server.data, "--port", "0")
        assert second.code == 2 and "another castor platform" in second.err, second
        third = sandbox.run("platform", "--data-dir", sandbox.path("x"), "--port", str(server.port))
        assert third.code == 2 and "cannot listen" in third.err, third


def test_events_are_watched_as_they_happen(sandbox):
    with Server(sandbox) as server:
        server.start()
        with server.watch() as stream:
            made = server.create(idle("d"))
            number, event = stream.next()
            assert event["metadata"]["name"] == "DEPLOYMENT_CREATED", event
            assert event["metadata"]["deploymentId"] == made, event
        server.patch(made, {"metadata": {"labels": {"team": "ads"}}})
        server.create(idle("other"))
        # Who comes again goes on where it was, and only what was asked for is shown.
        with server.watch({"Last-Event-ID": number}, deploymentId=made) as stream:
            _, event = stream.next()
            assert event["spec"]["message"] == "Changed: labels", event
            server.ask("DELETE", ROOT + "deployments/" + made)
            assert stream.next()[1]["metadata"]["name"] == "DEPLOYMENT_DELETED"
            # A client that watches does not keep the server.
            assert server.kill(signal.SIGTERM) == 0


def test_more_watchers_than_there_is_room_for_are_refused(sandbox):
    with Server(sandbox) as server, contextlib.ExitStack() as watches:
        server.start()
        for _ in range(64):
            watches.enter_context(server.watch())
        assert refusal(server.watch)[0] == 503
        assert server.get("deployments")["items"] == []
