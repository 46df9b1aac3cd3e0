"""Flink as it is distributed, its examples, and deployments that run on it."""

import glob
import json
import os
import pathlib
import re
import urllib.request

from deployments import deployment
from sandbox import Skipped

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
ARTIFACTS = "/api/v1/namespaces/default/artifacts/"
EXAMPLES = "org.apache.flink.streaming.examples."


def third_party(folder):
    """What scripts/setup.sh tests has fetched; $CASTOR_FLINK_HOME takes the place of the distribution."""
    text = (REPOSITORY / "versions.env").read_text(encoding="utf-8")
    version = re.search(r'^FLINK_DISTRIBUTION_VERSION="(.*)"$', text, re.M)[1]
    cache = os.environ.get("CASTOR_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "castor")
    path = os.path.join(cache, "third_party", f"{folder}-{version}")
    if not os.path.isdir(path):
        raise Skipped(f"scripts/setup.sh tests has not fetched {folder}")
    return path


def start(server, **environment):
    """With a Flink to run jobs on."""
    server.start(CASTOR_FLINK_HOME=third_party("flink"), **environment)


def examples():
    """The jar of Flink's example programs."""
    return os.path.join(third_party("flink-examples"), "flink-examples-streaming.jar")


def upload(server, name, path):
    with open(path, "rb") as file:
        return server.ask("PUT", ARTIFACTS + name, file.read(), "application/octet-stream")


def on_flink(document, engine="flink"):
    """The same deployment, with what is small enough for a test."""
    spec = document["spec"]["template"]["spec"]
    if spec["artifact"]["kind"] == "SQLSCRIPT":
        spec["engine"] = engine
    spec["resources"] = {"jobmanager": {"memory": "1g"}, "taskmanager": {"memory": "1600m"}}
    return document


def jar(name, uri, program, arguments="", **spec):
    """A deployment of one of Flink's examples."""
    document = deployment(name, "", **spec)
    document["spec"]["template"]["spec"]["artifact"] = {
        "kind": "JAR", "jarUri": uri, "entryClass": EXAMPLES + program, "mainArgs": arguments}
    return on_flink(document)


def started(server, made):
    """What the newest job says of itself on Flink."""
    job = server.jobs(made)[-1]["metadata"]["id"]
    return server.get("jobs/" + job)["status"]["started"]


def ask_flink(server, made, path=""):
    """What Flink's own API says of the newest job."""
    shown = started(server, made)
    address = shown["flinkUiUrl"].split("/#")[0] + "/jobs/" + shown["flinkJobId"] + path
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)


def process(server, kind):
    """The id of the one process of that kind (jobmanager, taskmanager) of the server's jobs."""
    pids = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                command = file.read()
        except OSError:  # it has ended meanwhile
            continue
        if server.data + "/jobs/" in command and f"/flink/{kind}.arguments" in command:
            pids.append(int(path.split("/")[2]))
    assert len(pids) == 1, (kind, pids)
    return pids[0]
