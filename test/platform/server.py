"""The server under test, and requests to it."""

import contextlib
import glob
import http.client
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse


class Refused(AssertionError):
    """An answer of 400 or more."""

    def __init__(self, code, body):
        super().__init__(f"{code}: {body}")
        self.code, self.body = code, body


class Stream:
    """Server-sent events."""

    def __init__(self, connection, answer):
        self.connection, self.answer = connection, answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()

    def next(self):
        """The next event's number, and what it carries."""
        number = None
        while True:
            name, _, value = self.answer.readline().decode().rstrip("\n").partition(": ")
            if name == "id":
                number = value
            elif name == "data":
                return number, json.loads(value)


class Server:
    """One data directory, with a server that comes and goes. `with` ends its jobs, too."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.data = sandbox.path("data")
        self.process = None
        self.port = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):  # it went with its parent
                os.kill(pid, signal.SIGKILL)

    def start(self, *options, **environment):
        """Returns when it has said where it listens, or ended."""
        with open(self.sandbox.path("server.err"), "a", encoding="utf-8") as err:
            self.process = subprocess.Popen(
                [self.sandbox.castor, "platform", "--data-dir", self.data, "--port", "0", *options],
                cwd=self.sandbox.folder,
                env={**self.sandbox.environment, **environment},
                stdout=subprocess.PIPE,
                stderr=err,
                stdin=subprocess.DEVNULL,
                text=True,
            )
        line = self.process.stdout.readline()
        found = re.search(r"https?://[0-9.]+:(\d+)", line)
        if found:
            self.port = int(found[1])

    def kill(self, number=signal.SIGKILL):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.process = None
        return code

    def is_up(self):
        return self.process is not None and self.process.poll() is None

    def workers(self):
        """Process ids of the jobs' workers that live: every process that has a file of ours to report to."""
        pids = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    if self.data + "/jobs/" in file.read():
                        pids.append(int(path.split("/")[2]))
            except OSError:  # it has ended meanwhile
                pass
        return pids

    def authorization(self):
        """The header of who may everything: the local token's."""
        with open(os.path.join(self.data, "local.token"), encoding="utf-8") as file:
            return {"Authorization": "Bearer " + file.read().strip()}

    def ask(self, method, path, body=None, content_type="application/json", headers=None):
        """As who may everything, unless `headers` say who asks."""
        _, _, document = self.ask_for_all(method, path, body, content_type, headers)
        return document

    def ask_for_all(self, method, path, body=None, content_type="application/json", headers=None):
        """Status, headers and document of an answer that is no refusal."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            text = body if isinstance(body, (str, bytes)) or body is None else json.dumps(body)
            sent = {} if body is None else {"Content-Type": content_type}
            sent.update(self.authorization() if headers is None else headers)
            connection.request(method, path, text, sent)
            answer = connection.getresponse()
            document = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(answer.status, document)
        return answer.status, answer.headers, document

    def metrics(self):
        """Prometheus' text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 200 and answer.getheader("Content-Type").startswith("text/plain")
        return text

    def watch(self, headers=(), **query):
        """Events as they happen, until it is closed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        path = "/api/v1/namespaces/default/events:watch?" + urllib.parse.urlencode(query)
        connection.request("GET", path, headers={**self.authorization(), **dict(headers)})
        answer = connection.getresponse()
        if answer.status >= 400:
            document = json.loads(answer.read())
            connection.close()
            raise Refused(answer.status, document)
        return Stream(connection, answer)

    def get(self, path, **query):
        suffix = "?" + urllib.parse.urlencode(query) if query else ""
        return self.ask("GET", "/api/v1/namespaces/default/" + path + suffix)

    def create(self, document):
        return self.ask("POST", "/api/v1/namespaces/default/deployments", document)["metadata"]["id"]

    def patch(self, deployment, change):
        return self.ask(
            "PATCH",
            "/api/v1/namespaces/default/deployments/" + deployment,
            change,
            "application/merge-patch+json",
        )

    def want(self, deployment, state):
        return self.patch(deployment, {"spec": {"state": state}})

    def change_script(self, deployment, script):
        artifact = {"sqlScript": script}
        return self.patch(deployment, {"spec": {"template": {"spec": {"artifact": artifact}}}})

    def deployment(self, deployment):
        return self.get("deployments/" + deployment)

    def jobs(self, deployment):
        return self.get("jobs", deploymentId=deployment)["items"]

    def savepoints(self, deployment):
        return self.get("savepoints", deploymentId=deployment)["items"]

    def log(self, deployment):
        """What the worker of its newest job says."""
        newest = self.jobs(deployment)[-1]["metadata"]
        path = f"{self.data}/jobs/{newest['id']}/{newest['attempt']}/log"
        with open(path, encoding="utf-8") as file:
            return file.read()

    def events(self, deployment):
        items = self.get("events", deploymentId=deployment, pageSize=1000)["items"]
        return [event["metadata"]["name"] for event in items]

    def wait_for_state(self, deployment, *states, timeout=60):
        deadline = time.monotonic() + timeout
        while True:
            shown = self.deployment(deployment)
            if shown["status"]["state"] in states:
                return shown
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"not {states} within {timeout} s: {shown['status']}, "
                    f"{self.jobs(deployment)}, {self.events(deployment)}"
                )
            time.sleep(0.05)
