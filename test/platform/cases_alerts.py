"""Rules that tell somebody when something is wrong, and when it no longer is."""

import os
import time

from cases_api import ROOT, idle, refusal
from cases_resources import MERGE, SECRETS, secret
from deployments import ENDLESS_RESTARTS, deployment, endless, written
from receiver import Receiver
from sandbox import wait_for
from server import Server

RULES = ROOT + "alertrules"


def rule(name, kind, url=None, **spec):
    condition = {"kind": kind}
    for key in ("threshold", "windowSeconds"):
        if key in spec:
            condition[key] = spec.pop(key)
    webhook = {"webhook": {"url": url}} if url else {}
    return {"metadata": {"name": name}, "spec": {"condition": condition, **webhook, **spec}}


def broken(name, **metadata):
    """Fails at once: its script cannot be planned."""
    document = deployment(name, "INSERT INTO nowhere VALUES (1);")
    document["metadata"].update(metadata)
    return document


def test_what_fails_is_told_once_and_what_is_mended_too(sandbox):
    with Server(sandbox) as server, Receiver() as receiver:
        server.start()
        server.ask("POST", SECRETS, secret("token", "Bearer xyzzy"))
        document = rule("failed", "FAILED", receiver.url, labelSelector="team=ads", severity="critical")
        document["spec"]["webhook"]["secretHeader"] = {"name": "Authorization", "secretValue": "token"}
        server.ask("POST", RULES, document)
        made = server.create(broken("orders", labels={"team": "ads"}))
        server.create(broken("others"))
        wait_for(lambda: receiver.told, "message")
        (told,) = receiver.told
        (alert,) = told["alerts"]
        assert told["version"] == "4" and told["status"] == alert["status"] == "firing", told
        assert alert["labels"] == {
            "alertname": "failed", "namespace": "default", "deployment": "orders",
            "deployment_id": made, "severity": "critical"}, told
        assert "nowhere" in alert["annotations"]["summary"], told
        assert receiver.headers[0]["Authorization"] == "Bearer xyzzy", receiver.headers
        assert "xyzzy" not in str(server.get("alert-deliveries")) + str(server.ask("GET", RULES))
        (shown,) = server.get("alerts")["items"]
        assert shown["metadata"]["rule"] == "failed" and shown["status"]["state"] == "FIRING", shown
        # Told is told, whoever looks again.
        server.kill()
        server.start()
        time.sleep(5)
        assert receiver.statuses() == ["firing"], receiver.told
        server.want(made, "CANCELLED")
        wait_for(lambda: len(receiver.told) == 2, "second message")
        assert receiver.told[1]["status"] == "resolved", receiver.told
        assert receiver.told[1]["alerts"][0]["endsAt"] > alert["startsAt"], receiver.told
        assert receiver.told[1]["alerts"][0]["fingerprint"] == alert["fingerprint"]
        names = server.events(made)
        assert names.count("ALERT_FIRING") == names.count("ALERT_RESOLVED") == 1, names


def test_what_nobody_takes_is_told_later_and_in_its_order(sandbox):
    with Server(sandbox) as server, Receiver() as receiver:
        receiver.refuses = True
        server.start()
        server.ask("POST", RULES, rule("failed", "FAILED", receiver.url))
        made = server.create(broken("orders"))
        wait_for(lambda: receiver.refused >= 2, "second attempt")
        server.want(made, "CANCELLED")
        wait_for(lambda: len(server.get("alert-deliveries")["items"]) == 2, "second delivery")
        first = server.get("alert-deliveries", state="PENDING")["items"][0]
        assert first["status"]["attempts"] >= 1 and "503" in first["status"]["message"], first
        server.kill()
        receiver.refuses = False
        server.start()
        wait_for(lambda: len(receiver.told) == 2, "both messages")
        assert receiver.statuses() == ["firing", "resolved"], receiver.told
        wait_for(lambda: not server.get("alert-deliveries", state="PENDING")["items"], "end")
        assert len(server.get("alert-deliveries", state="DELIVERED")["items"]) == 2


def test_a_server_killed_while_it_tells_tells_again_and_nothing_else(sandbox):
    for point in ("alert.before", "alert.after", "deliver.before", "deliver.between"):
        part = type(sandbox)(sandbox.castor, sandbox.environment["HOME"])
        with Server(part) as server, Receiver() as receiver:
            server.start(CASTOR_FAULT="platform." + point)
            server.ask("POST", RULES, rule("failed", "FAILED", receiver.url))
            made = server.create(broken("orders"))
            wait_for(lambda: not server.is_up(), "kill at " + point)
            server.kill()
            server.start()
            wait_for(lambda: server.get("alert-deliveries", state="DELIVERED")["items"], point)
            # Between the answer and its record nobody can know.
            assert len(receiver.told) == (2 if point == "deliver.between" else 1), (point, receiver.told)
            assert len({str(each) for each in receiver.told}) == 1, receiver.told
            assert server.events(made).count("ALERT_FIRING") == 1, point
        part.close()


def test_it_has_to_hold_for_as_long_as_the_rule_says(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.ask("POST", RULES, rule("late", "FAILED", forSeconds=3600))
        server.ask("POST", RULES, rule("soon", "FAILED", forSeconds=3))
        made = server.create(broken("orders"))

        def states():
            return {each["metadata"]["rule"]: each["status"]["state"]
                    for each in server.get("alerts")["items"]}

        wait_for(lambda: states() == {"late": "PENDING", "soon": "PENDING"}, "pending alerts")
        server.kill()
        server.start()
        wait_for(lambda: states() == {"late": "PENDING", "soon": "FIRING"}, "one that fires")
        # A rule that no longer selects it lets go of it.
        server.ask("PATCH", RULES + "/soon", {"spec": {"labelSelector": "team=ads"}}, MERGE)
        wait_for(lambda: states()["soon"] == "RESOLVED", "resolution")
        server.want(made, "CANCELLED")
        wait_for(lambda: "late" not in states(), "end of what never fired")
        assert server.events(made).count("ALERT_FIRING") == 1


def test_restarts_missing_checkpoints_lag_and_instability_are_seen(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.ask("POST", RULES, rule("restarts", "RESTARTS", threshold=2, windowSeconds=300))
        server.ask("POST", RULES, rule("checkpoints", "NO_CHECKPOINT", threshold=8))
        server.ask("POST", RULES, rule("unstable", "UNSTABLE"))
        server.ask("POST", RULES, rule("lag", "LAG", threshold=3600))
        document = deployment("counts", endless(sandbox).replace(
            "pt AS PROCTIME())", "pt AS PROCTIME(), et AS TIMESTAMP '2020-01-01 00:00:00', "
            "WATERMARK FOR et AS et)"))
        document["spec"]["template"]["spec"]["flinkConfiguration"].update(ENDLESS_RESTARTS)
        made = server.create(document)
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: written(sandbox), "committed row")

        def firing():
            return {each["metadata"]["rule"] for each in server.get("alerts", state="FIRING")["items"]}

        wait_for(lambda: firing() == {"lag"}, "lag")
        # Until the folder is one again nothing can be written, however often the job restarts.
        os.rename(sandbox.path("counted"), sandbox.path("elsewhere"))
        sandbox.write("counted", "")
        wait_for(lambda: firing() == {"lag", "restarts", "checkpoints", "unstable"}, "alerts")
        os.remove(sandbox.path("counted"))
        os.rename(sandbox.path("elsewhere"), sandbox.path("counted"))
        # So many restarts make it unstable for some minutes, whatever it does.
        wait_for(lambda: firing() == {"lag", "restarts", "unstable"}, "resolution")
        server.want(made, "CANCELLED")
        wait_for(lambda: firing() == set(), "end")


def test_rules_are_held_to_the_contract(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.create(idle("d"))
        made = server.ask("POST", RULES, rule("r", "RESTARTS", threshold=3))
        assert made["spec"]["severity"] == "warning", made
        assert made["spec"]["condition"]["windowSeconds"] == 600, made
        for code, words, document in (
            (409, "already", rule("r", "FAILED")),
            (400, "has no threshold", rule("x", "LAG")),
            (400, "kind", rule("x", "ANGRY")),
            (400, "webhook.url", rule("x", "FAILED", "file:///etc/passwd")),
            (400, "webhook.url", rule("x", "FAILED", "http://")),
            (400, "labelSelector", rule("x", "FAILED", labelSelector="a in (b)")),
        ):
            given, message = refusal(server.ask, "POST", RULES, document)
            assert given == code and words in message, (document, given, message)
        stale = {"metadata": {"resourceVersion": 7}, "spec": {"severity": "info"}}
        assert refusal(server.ask, "PATCH", RULES + "/r", stale, MERGE)[0] == 409
        changed = server.ask("PATCH", RULES + "/r", {"spec": {"severity": "info"}}, MERGE)
        assert changed["spec"]["severity"] == "info", changed
        assert [each["metadata"]["name"] for each in server.ask("GET", RULES)["items"]] == ["r"]
        server.ask("DELETE", RULES + "/r")
        assert refusal(server.ask, "GET", RULES + "/r")[0] == 404
