"""Random requests, as the contract allows them and not: no crash, no answer that it does not know."""

import os
import pathlib
import re
import subprocess

from cases_api import ROOT
from cases_resources import SECRETS, secret
from deployments import deployment, endless
from sandbox import Skipped, wait_for
from server import Server

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "12")  # for each operation
SEED = os.environ.get("CONTRACT_SEED", "1")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
# What there is, so that requests get further than to its absence.
CONFIGURATION = """\
[parameters]
"path.namespace" = "default"
"path.name" = "password"

[[operations]]
include-path-regex = "/deployments/"
parameters = {{ "path.id" = "{deployment}" }}

[[operations]]
include-path-regex = "/jobs/"
parameters = {{ "path.id" = "{job}" }}

[[operations]]
include-path-regex = "/savepoints/"
parameters = {{ "path.id" = "{savepoint}" }}
"""


def tool():
    text = (REPOSITORY / "versions.env").read_text(encoding="utf-8")
    version = re.search(r'^SCHEMATHESIS_VERSION="(.*)"$', text, re.M)[1]
    cache = os.environ.get("CASTOR_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "castor")
    folder = os.path.join(cache, "third_party", f"schemathesis-{version}")
    if not os.path.isdir(folder):
        raise Skipped("scripts/setup.sh tests has not fetched schemathesis")
    return folder


def test_random_requests_find_nothing_that_the_contract_does_not_know(sandbox):
    folder = tool()
    with Server(sandbox) as server:
        server.start()
        made = server.create(deployment("d", endless(sandbox)))
        server.wait_for_state(made, "RUNNING")
        server.ask("POST", ROOT + "savepoints", {"metadata": {"deploymentId": made}})
        wait_for(lambda: server.savepoints(made)[0]["status"]["state"] == "COMPLETED", "savepoint")
        server.ask("POST", SECRETS, secret("password", "x"))
        configuration = sandbox.write("schemathesis.toml", CONFIGURATION.format(
            deployment=made,
            job=server.jobs(made)[0]["metadata"]["id"],
            savepoint=server.savepoints(made)[0]["metadata"]["id"],
        ))
        done = subprocess.run(
            ["/usr/bin/python3", "-m", "schemathesis.cli", "--config-file", configuration, "run",
             str(REPOSITORY / "spec/openapi.yaml"), "--url", f"http://127.0.0.1:{server.port}",
             "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--seed", SEED,
             "--max-examples", EXAMPLES, "--exclude-operation-id", "watchEvents", "--no-color",
             "--header", "Authorization: " + server.authorization()["Authorization"],
             "--continue-on-failure"],
            cwd=sandbox.folder,
            env={**sandbox.environment, "PYTHONPATH": folder},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"Tested: [4-9]\d", done.stdout), done.stdout
        assert server.is_up()
