"""Files that deployments use: they come, are given back, and go."""

import hashlib
import http.client
import os

from cases_api import refusal
from flink import ARTIFACTS, upload
from server import Server

BYTES = os.urandom(6 << 20)  # more than any other body may have


def refused(ask, codes, word):
    code, message = refusal(ask)
    assert code in (codes if isinstance(codes, tuple) else (codes,)) and word in message, (code, message)


def download(server, name):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", ARTIFACTS + name + "/content", headers=server.authorization())
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status == 200, content
    return content


def test_artifacts_come_and_go(sandbox):
    with Server(sandbox) as server:
        server.start()
        path = sandbox.path("given")
        with open(path, "wb") as file:
            file.write(BYTES)
        made = upload(server, "job-1.0.jar", path)
        assert made["spec"] == {"uri": "artifact:job-1.0.jar", "size": len(BYTES),
                                "sha256": hashlib.sha256(BYTES).hexdigest()}, made
        assert server.get("artifacts")["items"] == [made]
        assert server.get("artifacts/job-1.0.jar") == made
        assert download(server, "job-1.0.jar") == BYTES
        kept = os.path.join(server.data, "artifacts", "default", "job-1.0.jar")
        assert os.path.getsize(kept) == len(BYTES)
        refused(lambda: upload(server, "job-1.0.jar", path), 409, "job-1.0.jar")
        server.ask("DELETE", ARTIFACTS + "job-1.0.jar")
        assert server.get("artifacts")["items"] == [] and not os.path.exists(kept)
        refused(lambda: server.get("artifacts/job-1.0.jar"), 404, "job-1.0.jar")
        upload(server, "job-1.0.jar", path)


def test_no_name_leads_out_of_the_folder(sandbox):
    with Server(sandbox) as server:
        server.start()
        path = sandbox.write("given", "x")
        for name in ("..", "%2e%2e", ".hidden", "..%2F..%2Fcastor.db", "a%00b", "-x", "a%20b"):
            refused(lambda: upload(server, name, path), (400, 404), "")
        assert os.listdir(os.path.join(server.data, "artifacts")) == [".incoming"]
        assert os.listdir(os.path.join(server.data, "artifacts", ".incoming")) == []


def test_only_files_are_uploaded_and_other_bodies_stay_small(sandbox):
    with Server(sandbox) as server:
        server.start()
        refused(lambda: server.ask("PUT", ARTIFACTS + "a.jar", b"{}"), 415, "octet-stream")
        refused(lambda: server.ask("PUT", "/api/v1/namespaces/nowhere/artifacts/a.jar", BYTES,
                                   "application/octet-stream"), 404, "nowhere")
        refused(lambda: server.ask("POST", "/api/v1/namespaces/default/deployments", BYTES), 413,
                "4 MiB")
        assert server.get("artifacts")["items"] == []
