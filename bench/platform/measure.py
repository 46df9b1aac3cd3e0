"""make bench-platform; see bench/platform/README.md.

Read from the environment, all optional:

  DEPLOYMENTS  how many there are (default 1000)
  RUNNING      how many of them run (default 3)
  CLIENTS      who watch and list (default 50)
  PAGE         deployments a page (default 100)
  PAGES        pages a client asks for in a second (default 2)
  DURATION     seconds that are measured (default 20)
  CASTOR_BIN   the folder of the programs (default bin)
"""

import asyncio
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUTPUT = os.path.join(ROOT, "build", "bench", "platform.json")
NAMESPACE = "/api/v1/namespaces/default/"
GOAL_MS = 50
GOAL_BYTES = 150 << 20
CHANGES_A_SECOND = 5
SCRIPT = """\
-- Number {number}: what an online shop counts for each of its customers.
CREATE TABLE orders (
  order_id BIGINT, customer_id BIGINT, product STRING, amount DECIMAL(10, 2), placed_at TIMESTAMP(3),
  WATERMARK FOR placed_at AS placed_at - INTERVAL '5' SECOND
) WITH ('connector' = 'datagen', 'rows-per-second' = '10');
CREATE TABLE spent (customer_id BIGINT, hour_of TIMESTAMP(3), orders BIGINT, amount DECIMAL(38, 2))
WITH ('connector' = 'blackhole');
INSERT INTO spent
SELECT customer_id, window_start, COUNT(*), SUM(amount)
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(placed_at), INTERVAL '1' HOUR))
GROUP BY customer_id, window_start, window_end;
"""


def setting(name, default):
    return int(os.environ.get(name) or default)


class Server:
    """castor platform in a folder of its own, and what the kernel accounts to it."""

    def __init__(self, folder):
        castor = os.path.join(os.environ.get("CASTOR_BIN") or os.path.join(ROOT, "bin"), "castor")
        self.process = subprocess.Popen(
            [castor, "platform", "--data-dir", os.path.join(folder, "data"), "--port", "0"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+)", line)[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.asked_at = 0.0
        with open(os.path.join(folder, "data", "local.token"), encoding="ascii") as file:
            self.authorization = "Bearer " + file.read().strip()

    def ask(self, method, path, body=None, content_type="application/json"):
        headers = {"Authorization": self.authorization}
        if body is not None:
            headers["Content-Type"] = content_type
        text = None if body is None else json.dumps(body)
        if time.monotonic() - self.asked_at > 5:
            self.connection.close()  # the server would do so soon
        self.asked_at = time.monotonic()
        self.connection.request(method, NAMESPACE + path, text, headers)
        answer = self.connection.getresponse()
        document = json.loads(answer.read())
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {document['message']}")
        return document

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) * 1024


def deployment(number, state):
    return {
        "metadata": {"name": f"orders-{number}", "labels": {"team": f"team-{number % 10}"}},
        "spec": {"state": state, "template": {"spec": {
            "artifact": {"kind": "SQLSCRIPT", "sqlScript": SCRIPT.format(number=number)}}}},
    }


def fill(server, count, running):
    """Creates the deployments, and waits until nothing is under way; their ids."""
    ids = []
    for number in range(count):
        state = "RUNNING" if number < running else "SUSPENDED"
        ids.append(server.ask("POST", "deployments", deployment(number, state))["metadata"]["id"])
    deadline = time.monotonic() + 1800
    token, settled = "", 0
    while settled < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"{settled} of {count} deployments have settled within half an hour")
        shown = server.ask("GET", "deployments?pageSize=1000" + token)
        mine = sum(each["status"]["settled"] for each in shown["items"])
        following = shown["metadata"].get("nextPageToken")
        if mine < len(shown["items"]):
            time.sleep(1)
        else:
            settled += mine
            token = f"&pageToken={following}"
    return ids


class Client:
    """Watches and lists; keeps how long everything took."""

    def __init__(self, server, page, period):
        self.port, self.page, self.period = server.port, page, period
        self.head = f"Host: 127.0.0.1:{server.port}\r\nAuthorization: {server.authorization}\r\n"
        self.pages, self.events = [], []
        self.bytes = 0
        self.watching = asyncio.Event()

    async def ask(self, streams, path):
        reader, writer = streams
        writer.write(f"GET {NAMESPACE}{path} HTTP/1.1\r\n{self.head}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(body.decode())
        return body

    async def list(self, delay, until):
        await asyncio.sleep(delay)
        streams = await asyncio.open_connection("127.0.0.1", self.port, limit=16 << 20)
        token, due = "", time.monotonic()
        while due < until:
            await asyncio.sleep(max(0, due - time.monotonic()))
            started = time.monotonic()
            body = await self.ask(streams, f"deployments?pageSize={self.page}{token}")
            self.pages.append(time.monotonic() - started)
            self.bytes += len(body)
            found = re.search(rb'"nextPageToken":"(\d+)"', body[:200])
            token = f"&pageToken={found[1].decode()}" if found else ""
            due += self.period
        streams[1].close()

    async def watch(self, sent):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {NAMESPACE}events:watch HTTP/1.1\r\n{self.head}\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        self.watching.set()  # whatever happens from now on
        while line := await reader.readline():
            if b"DEPLOYMENT_CHANGED" not in line:
                continue
            now = time.monotonic()
            of = json.loads(line.removeprefix(b"data: "))["metadata"]["deploymentId"]
            if of in sent:
                self.events.append(now - sent[of])


async def change(head, port, ids, sent, until):
    """Each time another deployment: an event is known by it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(len(ids) - 1, -1, -1):
        if time.monotonic() >= until:
            break
        body = json.dumps({"metadata": {"labels": {"changed": str(number)}}})
        sent[ids[number]] = time.monotonic()
        writer.write((f"PATCH {NAMESPACE}deployments/{ids[number]} HTTP/1.1\r\n{head}"
                      f"Content-Type: application/merge-patch+json\r\nContent-Length: {len(body)}\r\n\r\n"
                      f"{body}").encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", answer)[1]))
        await asyncio.sleep(1 / CHANGES_A_SECOND)
    writer.close()


async def look(server, ids):
    clients = [Client(server, setting("PAGE", 100), 1 / setting("PAGES", 2))
               for _ in range(setting("CLIENTS", 50))]
    sent = {}
    watches = [asyncio.create_task(each.watch(sent)) for each in clients]
    await asyncio.gather(*(each.watching.wait() for each in clients))
    until = time.monotonic() + setting("DURATION", 20)
    cpu = server.cpu_seconds()
    await asyncio.gather(
        change(clients[0].head, server.port, ids, sent, until),
        *(each.list(i / len(clients), until) for i, each in enumerate(clients)))
    cpu = server.cpu_seconds() - cpu
    await asyncio.sleep(1)
    for watch in watches:
        if watch.done():
            watch.result()
        watch.cancel()
    return clients, cpu, len(sent)


def percentiles(values):
    values = sorted(values)
    at = lambda share: round(1000 * values[min(len(values) - 1, int(share * len(values)))], 2)
    return {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1)}


def main():
    count = setting("DEPLOYMENTS", 1000)
    with tempfile.TemporaryDirectory(prefix="castor-bench-") as folder:
        server = Server(folder)
        try:
            started = time.monotonic()
            ids = fill(server, count, setting("RUNNING", 3))
            filled = time.monotonic() - started
            clients, cpu, changes = asyncio.run(look(server, ids))
            peak = server.peak_bytes()
            for number in range(setting("RUNNING", 3)):
                server.ask("PATCH", "deployments/" + ids[number], {"spec": {"state": "CANCELLED"}},
                           "application/merge-patch+json")
            while any(each["status"]["state"] == "TRANSITIONING" or "running" in each["status"] for each in
                      server.ask("GET", f"deployments?pageSize={setting('RUNNING', 3) or 1}")["items"]):
                time.sleep(0.1)
        finally:
            server.process.terminate()
            server.process.wait()
    pages = [each for client in clients for each in client.pages]
    events = [each for client in clients for each in client.events]
    result = {
        "deployments": count, "clients": len(clients), "fill_s": round(filled, 1),
        "pages": len(pages), "page_bytes": sum(client.bytes for client in clients) // len(pages),
        "page_ms": percentiles(pages), "page_cpu_ms": round(1000 * cpu / len(pages), 3),
        "events": len(events), "events_expected": changes * len(clients), "event_ms": percentiles(events),
        "peak_mb": round(peak / (1 << 20), 1),
    }
    os.makedirs(os.path.dirname(OUTPUT), exist_ok=True)
    with open(OUTPUT, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=2)
    print(f"{count} deployments, {len(clients)} clients")
    for name in ("page", "event"):
        line = "  ".join(f"{key} {value:8.2f} ms" for key, value in result[name + "_ms"].items())
        print(f"{name:8}{line}")
    print(f"CPU     {result['page_cpu_ms']} ms a page of {result['page_bytes']} bytes, with all that goes on beside")
    print(f"memory  {result['peak_mb']} MB at most")
    good = result["page_ms"]["p99"] <= GOAL_MS and peak <= GOAL_BYTES and len(events) == changes * len(clients)
    print("the goal is met" if good else "the goal is missed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
