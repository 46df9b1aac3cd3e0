"""castor apply and its kin against a server, and the pipeline of samples/platform."""

import json
import pathlib
import subprocess

from deployments import endless
from sandbox import wait_for
from server import Server

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples" / "platform"
NAME = "counts"
FILE = """\
metadata:
  name: counts
  labels: {{tier: "{tier}"}}
spec:
  state: {state}
  template:
    spec:
      flinkConfiguration: {{execution.checkpointing.interval: 200ms}}
      artifact:
        kind: SQLSCRIPT
        sqlScript: |
{script}
"""


def written_down(sandbox, script, state="RUNNING", tier="1"):
    indented = "\n".join("          " + line for line in script.splitlines())
    return sandbox.write("d.yaml", FILE.format(script=indented, state=state, tier=tier))


def asking(server):
    """castor, with the server's address."""
    address = f"http://127.0.0.1:{server.port}"
    return lambda *arguments: server.sandbox.run(*arguments, CASTOR_PLATFORM=address)


def test_apply_is_idempotent_and_waits(sandbox):
    with Server(sandbox) as server:
        server.start()
        castor = asking(server)
        file = written_down(sandbox, endless(sandbox))
        seen = castor("diff", "-f", file)
        assert seen.code == 1 and "+ RUNNING" in seen.out, seen
        made = castor("apply", "-f", file, "--wait")
        assert made.code == 0, made
        assert made.out == "deployment counts created\ndeployment counts is RUNNING\n", made
        same = castor("diff", "-f", file)
        assert same.code == 0 and same.out == "", same
        again = castor("apply", "-f", file, "--wait")
        assert again.out.startswith("deployment counts unchanged\n") and again.code == 0, again
        (deployment,) = server.get("deployments")["items"]
        assert deployment["metadata"]["resourceVersion"] == 1, deployment
        file = written_down(sandbox, endless(sandbox) + "-- Another.\n", tier="2")
        seen = castor("diff", "-f", file)
        assert seen.code == 1 and "metadata.labels.tier:\n- 1\n+ 2\n" in seen.out, seen
        assert "+ -- Another." in seen.out and "CREATE" not in seen.out, seen
        assert castor("apply", "-f", file, "--wait").code == 0
        jobs = server.jobs(deployment["metadata"]["id"])
        assert [job["metadata"]["version"] for job in jobs] == [1, 2], jobs
        file = written_down(sandbox, endless(sandbox) + "-- Another.\n", "SUSPENDED", "2")
        stopped = castor("apply", "-f", file, "--wait")
        assert stopped.code == 0 and stopped.out.endswith("is SUSPENDED\n"), stopped


def test_what_cannot_be_is_said_and_rolled_back(sandbox):
    with Server(sandbox) as server:
        server.start()
        castor = asking(server)
        # Nothing of it is saved yet: to go back is possible all the same.
        good = "SET 'execution.checkpointing.interval' = '1 h';\n" + endless(sandbox)
        assert castor("apply", "-f", written_down(sandbox, good), "--wait").code == 0
        bad = written_down(sandbox, good.replace("FROM numbers", "FROM nowhere"))
        failed = castor("apply", "-f", bad, "--wait")
        assert failed.code == 1 and "nowhere" in failed.err, failed
        back = castor("rollback", NAME, "--wait")
        assert back.code == 0, back
        shown = json.loads(castor("get", NAME, "--json").out)
        assert "numbers" in shown["spec"]["template"]["spec"]["artifact"]["sqlScript"], shown
        assert shown["status"]["version"] == 3 and shown["status"]["settled"], shown
        events = castor("events", NAME).out
        assert "SPEC_IS_INVALID" in events and "ROLLBACK_REQUESTED" in events, events
        assert castor("get").out.splitlines()[1].split()[:3] == [NAME, "RUNNING", "RUNNING"]
        assert castor("logs", NAME).code == 0


def test_wrong_use_is_told(sandbox):
    with Server(sandbox) as server:
        server.start()
        castor = asking(server)
        for words, *arguments in (
            ("--file is required", "apply"),
            ("no.yaml", "apply", "-f", "no.yaml"),
            ("metadata.name", "apply", "-f", sandbox.write("nameless.yaml", "spec: {}")),
            ("broken.yaml", "apply", "-f", sandbox.write("broken.yaml", "a: [")),
            ("spec.color is not known", "apply", "-f",
             sandbox.write("x.yaml", "{metadata: {name: x}, spec: {color: red, template: {}}}")),
            ("no deployment 'x'", "get", "x"),
            ("no deployment 'x'", "logs", "x"),
            ("no namespace 'y'", "get", "-n", "y"),
            ("no deployment 'x'", "rollback", "x"),
        ):
            ended = castor(*arguments)
            assert ended.code == 2 and words in ended.err, (arguments, ended)
        away = castor("get", "--server", "http://127.0.0.1:1")
        assert away.code != 0 and "castor platform" in away.err, away


def test_the_pipeline_of_the_samples(sandbox):
    with Server(sandbox) as server:
        server.start()
        environment = {**sandbox.environment, "CASTOR": sandbox.castor,
                       "CASTOR_PLATFORM": f"http://127.0.0.1:{server.port}"}

        def deploy(file):
            return subprocess.run([SAMPLES / "deploy.sh", file, NAME], env=environment,
                                  capture_output=True, text=True, timeout=300, check=False)

        text = (SAMPLES / "deployment.yaml").read_text(encoding="utf-8")
        text = text.replace("interval: 10s", "interval: 200ms")
        file = sandbox.write("deployment.yaml", text)
        first = deploy(file)
        assert first.returncode == 0 and "counts is RUNNING" in first.stdout, first
        made = server.get("deployments")["items"][0]["metadata"]["id"]
        wait_for(lambda: "+I[" in server.log(made), "row")
        second = deploy(file)
        assert second.returncode == 0 and second.stdout.endswith("nothing to do\n"), second
        third = deploy(sandbox.write("broken.yaml", text.replace("COUNT(*)", "COUNT(nothing)")))
        assert third.returncode == 1 and "counts goes back" in third.stderr, third
        assert "nothing" in third.stderr, third
        shown = server.wait_for_state(made, "RUNNING")
        assert "COUNT(*)" in shown["spec"]["template"]["spec"]["artifact"]["sqlScript"], shown
