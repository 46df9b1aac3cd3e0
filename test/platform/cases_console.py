"""The web console as the server gives it, and the demo that shows it; test/console uses it."""

import gzip
import http.client
import os
import pathlib
import re
import signal
import subprocess

from server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]


def ask(server, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers={**server.authorization(), **headers})
    answer = connection.getresponse()
    answer.text = answer.read()
    connection.close()
    return answer


def test_pages_of_other_sites_may_not_ask(sandbox):
    with Server(sandbox) as server:
        server.start()
        deployments = "/api/v1/namespaces/default/deployments"
        assert ask(server, deployments).status == 200
        assert ask(server, deployments, Host="localhost").status == 200
        refused = ask(server, deployments, Host="evil.example")
        assert refused.status == 403
        assert b"'evil.example' is not a name of this server" in refused.text
        assert ask(server, deployments, Origin="https://evil.example").status == 403
        assert ask(server, "/", Host="evil.example").status == 403


def test_console_page(sandbox):
    with Server(sandbox) as server:
        server.start()
        nonces = set()
        # Every address that a person can see has the page.
        for path in ("/", "/index.html", "/login", "/ns", "/ns/default/deployments/1/logs",
                     "/admin/users"):
            answer = ask(server, path)
            assert answer.status == 200, path
            assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
            assert answer.getheader("Cache-Control") == "no-store"
            policy = answer.getheader("Content-Security-Policy")
            assert policy.startswith("default-src 'none'; script-src 'self';"), policy
            nonce = re.search(r"'nonce-([0-9a-f]{32})'", policy)[1]
            assert f'content="{nonce}"'.encode() in answer.text
            assert b"{{" not in answer.text
            nonces.add(nonce)
        assert len(nonces) == 6
        for path in ("/nothing", "/assets/nothing.js", "/api/v1/nothing", "/ns2"):
            answer = ask(server, path)
            assert answer.status == 404 and answer.getheader("Content-Type") == "application/json"


def test_console_files(sandbox):
    with Server(sandbox) as server:
        server.start()
        page = ask(server, "/").text.decode()
        files = re.findall(r'(?:src|href)="(/[^"]+)"', page)
        assert {file.rpartition(".")[2] for file in files} == {"js", "css", "svg"}, files
        for file in files:
            answer = ask(server, file)
            assert answer.status == 200 and answer.getheader("Content-Encoding") == "gzip"
            assert gzip.decompress(answer.text)
            immutable = "immutable" in answer.getheader("Cache-Control")
            assert immutable == file.startswith("/assets/"), file
            etag = answer.getheader("ETag")
            known = ask(server, file, **{"If-None-Match": etag})
            assert known.status == 304 and known.text == b"" and known.getheader("ETag") == etag
            assert ask(server, file, **{"If-None-Match": '"another"'}).status == 200


def test_answers_are_sent_as_they_are(sandbox):
    # The library would compress with Brotli at its slowest what a browser asks for.
    with Server(sandbox) as server:
        server.start()
        path = "/api/v1/namespaces/default/deployments"
        answer = ask(server, path, **{"Accept-Encoding": "gzip, deflate, br"})
        assert answer.getheader("Content-Encoding") is None and answer.text.startswith(b"{")


def test_demo(sandbox):
    command = [str(ROOT / "scripts" / "demo.sh"), sandbox.path("data")]
    environment = {**sandbox.environment, "PORT": "0", "CASTOR": sandbox.castor}
    server = Server(sandbox)  # asks it, and knows its jobs' workers
    with server, subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever runs this suite in the background has it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as demo:
        try:
            said = next(line for line in demo.stdout if "The console is at" in line)
            server.port = int(re.search(r":(\d+)", said)[1])
            (deployment,) = server.get("deployments")["items"]
            assert deployment["status"]["state"] == "RUNNING"
            assert server.workers()
        finally:
            os.killpg(demo.pid, signal.SIGINT)  # as a terminal does
        assert demo.wait(90) == 0
        assert not server.workers()
