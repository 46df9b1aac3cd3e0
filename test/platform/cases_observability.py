"""What jobs do: their graph, and their past."""

import json
import os
import signal
import time

from cases_api import ROOT, refusal
from deployments import deployment, endless, failing
from sandbox import wait_for
from server import Server


def series(shown, name):
    """The values that there are."""
    values = next(each["values"] for each in shown["spec"]["series"] if each["name"] == name)
    assert len(values) == len(shown["spec"]["times"]), shown
    return [value for value in values if value is not None]


def test_a_job_is_shown_as_a_graph_with_what_its_operators_do(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        path = "jobs/" + server.jobs(made)[0]["metadata"]["id"] + "/graph"

        def flows():
            vertices = server.get(path)["status"]["vertices"]
            return vertices and all(
                each["metrics"].get("numRecordsOutPerSecond", 0) > 0 for each in vertices[:-1])

        wait_for(flows, "rows to flow")
        graph = server.get(path)
        vertices = {each["id"]: each for each in graph["spec"]["vertices"]}
        names = [each["name"] for each in vertices.values()]
        assert names[0] == "TableSourceScan" and names[-1] == "Sink", names
        assert "Exchange" not in names and "OverAggregate" in names, names
        ends = [(vertices[each["source"]]["name"], vertices[each["target"]]["name"], each["shipStrategy"])
                for each in graph["spec"]["edges"]]
        assert ("Calc", "OverAggregate", "HASH") in ends, ends
        shown = {each["id"]: each for each in graph["status"]["vertices"]}
        assert set(shown) == set(vertices), graph
        scan = shown[next(iter(vertices))]
        assert scan["chain"] == scan["id"] and scan["parallelism"] == 1, scan
        times = [scan["metrics"][each + "TimeMsPerSecond"] for each in ("busy", "idle", "backPressured")]
        assert 0 <= min(times) and max(times) <= 1000, scan
        assert 0 < scan["metrics"]["numRecordsOutPerSecond"] < 1000, scan
        text = server.metrics()
        assert "flink_taskmanager_job_task_operator_numRecordsOut{" in text, text
        assert 'operator_name="OverAggregate(' in text and "task_busyTimeMsPerSecond" in text, text
        # Of a job that has ended there is the plan.
        server.want(made, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        ended = server.get(path)
        assert ended["spec"] == graph["spec"] and ended["status"]["vertices"] == [], ended
        assert refusal(server.get, "jobs/x/graph")[0] == 404


def test_metrics_run_on_across_jobs_processes_and_servers(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("counts", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        path = "deployments/" + made + "/metrics"

        def past(names="numRecordsInPerSecond,uptime", **query):
            return server.get(path, names=names, **query)

        wait_for(lambda: series(past(), "numRecordsInPerSecond"), "a first sample")
        os.kill(server.workers()[0], signal.SIGKILL)
        wait_for(lambda: server.jobs(made)[-1]["metadata"]["attempt"] == 2, "another attempt")
        server.wait_for_state(made, "RUNNING")
        server.kill()
        server.start()
        before = len(series(past(), "uptime"))
        server.change_script(made, endless(sandbox).replace("MOD(n, 2)", "MOD(n, 2) + 0"))
        wait_for(lambda: len(server.jobs(made)) == 2, "an upgrade")
        server.wait_for_state(made, "RUNNING")
        wait_for(lambda: len(series(past(), "uptime")) > before, "a sample of the second job")
        shown = past()
        assert [each["name"] for each in shown["spec"]["series"]] == ["numRecordsInPerSecond", "uptime"]
        assert 0 < max(series(shown, "numRecordsInPerSecond")) < 1000, shown
        marks = [each["kind"] for each in shown["spec"]["marks"]]
        assert marks == ["START", "RECOVERY", "END", "UPGRADE"], shown["spec"]["marks"]
        assert shown["spec"]["step"] == 10, shown["spec"]["step"]
        everything = server.get(path)
        assert len(everything["spec"]["series"]) >= 15, everything
        # Samples that have not become minutes yet are in longer steps, too.
        now = int(time.time() * 1000)
        month = past(**{"from": now - 30 * 86_400_000, "to": now})
        assert month["spec"]["step"] >= 60 and series(month, "uptime"), json.dumps(month)[:2000]
        for query, words in (
            ({"names": "nothing"}, "no series 'nothing'"),
            ({"from": "20", "to": "10"}, "not before"),
            ({"from": "0", "to": str(now), "step": "60"}, "more than 10000 values"),
            ({"step": "x"}, "step"),
        ):
            code, message = refusal(lambda given: server.get(path, **given), query)
            assert code == 400 and words in message, (query, message)


def test_restarts_within_a_process_are_marked(sandbox):
    with Server(sandbox) as server:
        server.start()
        document = deployment("counts", failing(endless(sandbox)))
        document["spec"]["template"]["spec"]["flinkConfiguration"].update({
            "restart-strategy.type": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": "1000000",
            "restart-strategy.fixed-delay.delay": "2 s",
        })
        made = server.create(document)

        def marks():
            shown = server.get("deployments/" + made + "/metrics", step=5)
            return [each["kind"] for each in shown["spec"]["marks"]]

        wait_for(lambda: "RESTART" in marks(), "a mark")
        assert marks()[0] == "START", marks()
