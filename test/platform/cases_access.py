"""Users, sessions, tokens and roles: who may what, and what is written down of it."""

import csv
import http.client
import io
import json
import os
import pathlib
import re
import ssl
import stat
import subprocess

from cases_api import ROOT, SCRIPT, idle, refusal
from deployments import deployment
from sandbox import wait_for
from server import Refused, Server

CONTRACT = pathlib.Path(__file__).resolve().parents[2] / "spec" / "openapi.yaml"
PASSWORD = "correct horse 7"
USERS = "/access/v1/users"
ACCOUNT = "/access/v1/account"
MEMBERS = "/access/v1/namespaces/default/members/"
API_TOKENS = "/apitokens/v1/namespaces/default/apitokens"


def bearer(secret):
    return {"Authorization": "Bearer " + secret}


class Browser:
    """Who logs in by name and password, and carries a cookie from then on."""

    def __init__(self, server, name, password):
        self.server = server
        _, headers, account = server.ask_for_all(
            "POST", "/access/v1/login", {"name": name, "password": password}, headers={})
        self.set_cookie = headers["Set-Cookie"]
        self.secret = self.set_cookie.split(";")[0].split("=")[1]
        self.account = account
        self.csrf = {"X-CSRF-Token": account["status"]["csrfToken"]}

    def ask(self, method, path, body=None, csrf=True):
        cookie = f"castor_session_{self.server.port}={self.secret}"
        headers = {"Cookie": cookie, **(self.csrf if csrf else {})}
        return self.server.ask(method, path, body, headers=headers)

    def change_password(self, before, after):
        return self.ask("POST", ACCOUNT + "/password",
                        {"oldPassword": before, "newPassword": after})


def add_user(server, name, admin=False):
    """With a password of their own; a browser in which they have logged in."""
    made = server.ask("POST", USERS, {"metadata": {"name": name}, "spec": {"admin": admin}})
    browser = Browser(server, name, made["status"]["oneTimePassword"])
    browser.change_password(made["status"]["oneTimePassword"], PASSWORD)
    return browser


def add_token(browser, name="t"):
    made = browser.ask("POST", ACCOUNT + "/tokens", {"metadata": {"name": name}})
    return made["status"]["secret"]


def give_role(server, name, role):
    server.ask("PUT", MEMBERS + name, {"spec": {"role": role}})


def api_token(server, role):
    made = server.ask("POST", API_TOKENS, {"name": f"{role}-token", "role": role})
    return made["apiToken"]["secret"]


def audit(server, **query):
    suffix = "&".join(f"{name}={value}" for name, value in query.items())
    return [entry["spec"] for entry in server.ask("GET", "/access/v1/audit?" + suffix)["items"]]


def operations():
    """Method, path and x-role of each operation of the contract, which is written one way."""
    path = method = name = None
    found = []
    for line in CONTRACT.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"  (/\S+):$", line):
            path = match[1]
        elif match := re.match(r"    (get|post|put|patch|delete):$", line):
            method = match[1].upper()
        elif match := re.match(r"      operationId: (\w+)$", line):
            name = match[1]
        elif match := re.match(r"      x-role: (\w+)$", line):
            found.append((name, method, path, match[1]))
    return found


# Who may have what each x-role stands for, of those below.
EVERYBODY = {"nobody", "newcomer", "stranger", "viewer", "editor", "owner", "admin",
             "viewer token", "editor token", "owner token", "local"}
PEOPLE = {"newcomer", "stranger", "viewer", "editor", "owner", "admin"}
MAY = {
    "nobody": EVERYBODY,
    "newcomer": PEOPLE,
    "person": PEOPLE - {"newcomer"},
    "known": EVERYBODY - {"nobody", "newcomer"},
    "viewer": EVERYBODY - {"nobody", "newcomer", "stranger"},
    "editor": {"editor", "owner", "admin", "editor token", "owner token", "local"},
    "owner": {"owner", "admin", "owner token", "local"},
    "admin": {"admin", "local"},
}


def status_of(server, method, path, headers):
    """Without a body, so that nothing that is asked for is done."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, headers={"X-Forwarded-For": "10.0.0.1", **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def test_every_operation_is_had_by_whom_the_contract_says(sandbox):
    with Server(sandbox) as server:
        server.start()
        who = {"nobody": {}, "local": server.authorization()}
        for name in ("stranger", "viewer", "editor", "owner", "admin", "newcomer"):
            browser = add_user(server, name if name != "admin" else "boss", name == "admin")
            who[name] = bearer(add_token(browser))
            if name in ("viewer", "editor", "owner"):
                give_role(server, name, name)
        server.ask("POST", USERS + "/newcomer/password")
        for role in ("viewer", "editor", "owner"):
            who[role + " token"] = bearer(api_token(server, role))
        assert set(who) == EVERYBODY
        all_operations = operations()
        assert len(all_operations) == CONTRACT.read_text(encoding="utf-8").count("operationId:")
        wrong = []
        for operation, method, path, role in all_operations:
            path = path.replace("{namespace}", "default")
            path = re.sub(r"\{\w+\}", "nothing", path)
            for name, headers in who.items():
                # By the local token only from nearby, which a proxy is not.
                if name == "local":
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                    connection.request(method, path, headers=headers)
                    status = connection.getresponse().status
                    connection.close()
                else:
                    status = status_of(server, method, path, headers)
                is_refused = status in (401, 403)
                if is_refused == (name in MAY[role]) or status in (429, 500):
                    wrong.append((operation, role, name, status))
                if is_refused and (status == 401) != (name == "nobody"):
                    wrong.append((operation, role, name, status))
        assert not wrong, wrong
        # A role is for its namespace alone, whether there is another or not.
        server.ask("POST", "/namespaces/v1/namespaces", {"name": "team"})
        for other in ("team", "nowhere"):
            path = f"/api/v1/namespaces/{other}/deployments"
            for name in ("viewer", "owner", "owner token"):
                assert status_of(server, "GET", path, who[name]) == 403
        names = server.ask("GET", "/namespaces/v1/namespaces", headers=who["viewer"])["items"]
        assert [item["metadata"]["name"] for item in names] == ["default"]


def test_the_first_password_is_good_for_one_login(sandbox):
    with Server(sandbox) as server:
        server.start()
        line = server.process.stdout.readline()
        password = re.search(r"password (\S+),", line)[1]
        browser = Browser(server, "admin", password)
        assert browser.account["status"]["mustChangePassword"] is True
        code, message = refusal(browser.ask, "GET", USERS)
        assert code == 403 and "change it first" in message
        for weak, words in (("short", "at least 10"), (password, "is the old one"),
                            ("admin-admin", "little more")):
            code, message = refusal(browser.change_password, password, weak)
            assert code == 400 and words in message, message
        assert refusal(browser.change_password, "wrong", PASSWORD)[0] == 400
        browser.change_password(password, PASSWORD)
        assert [user["metadata"]["name"] for user in browser.ask("GET", USERS)["items"]] == ["admin"]
        assert refusal(Browser, server, "admin", password)[0] == 401
        # What was set stays, and nothing is printed again.
        assert server.kill(15) == 0
        server.start()
        assert browser.ask("GET", ACCOUNT)["status"]["mustChangePassword"] is False
        Browser(server, "admin", PASSWORD)


def test_a_session_is_a_cookie_and_a_token_that_pages_elsewhere_do_not_know(sandbox):
    with Server(sandbox) as server:
        server.start()
        browser = add_user(server, "anna", admin=True)
        for part in ("HttpOnly", "SameSite=Strict", "Path=/", f"castor_session_{server.port}="):
            assert part in browser.set_cookie, browser.set_cookie
        with open(server.data + "/castor.db", "rb") as file:
            assert browser.secret.encode() not in file.read()
        code, message = refusal(browser.ask, "POST", ROOT + "deployments", idle("d"), False)
        assert code == 403 and "X-CSRF-Token" in message
        assert server.get("deployments")["items"] == []
        browser.ask("POST", ROOT + "deployments", idle("d"))
        second = Browser(server, "anna", PASSWORD)
        assert second.csrf != browser.csrf
        second.csrf = browser.csrf
        assert refusal(second.ask, "POST", "/access/v1/logout")[0] == 403
        browser.ask("POST", "/access/v1/logout")
        assert refusal(browser.ask, "GET", ACCOUNT)[0] == 401
        assert second.ask("GET", ACCOUNT)["metadata"]["name"] == "anna"
        # Who changes the password ends what others have open.
        third = Browser(server, "anna", PASSWORD)
        third.change_password(PASSWORD, PASSWORD + "!")
        assert refusal(second.ask, "GET", ACCOUNT)[0] == 401
        third.ask("GET", ACCOUNT)


def test_guesses_are_few_and_tell_nothing(sandbox):
    with Server(sandbox) as server:
        server.start()
        add_user(server, "anna")
        messages = set()
        for name in ("anna", "bob"):
            for _ in range(10):
                code, message = refusal(Browser, server, name, "guess")
                messages.add((code, message))
        assert len(messages) == 1 and messages.pop()[0] == 401
        for name in ("anna", "bob"):
            try:
                Browser(server, name, PASSWORD)
                raise AssertionError("not refused")
            except Refused as refused:
                assert refused.code == 429, refused
        # From this address no other name, either, once it has asked too often.
        codes = [refusal(Browser, server, f"u{i}", "guess")[0] for i in range(30)]
        assert 429 in codes
        # Another password makes room for the one who owns the name.
        given = server.ask("POST", USERS + "/anna/password")["status"]["oneTimePassword"]
        assert len(given) == 23


def test_tokens_are_shown_once_and_can_be_taken_back(sandbox):
    with Server(sandbox) as server:
        server.start()
        browser = add_user(server, "anna")
        give_role(server, "anna", "editor")
        secret = add_token(browser, "ci")
        assert refusal(add_token, browser, "ci")[0] == 409
        (shown,) = browser.ask("GET", ACCOUNT + "/tokens")["items"]
        assert secret not in json.dumps(shown) and shown["metadata"]["lastUsedAt"] is None
        server.ask("POST", ROOT + "deployments", idle("d"), headers=bearer(secret))
        (shown,) = browser.ask("GET", ACCOUNT + "/tokens")["items"]
        assert shown["metadata"]["lastUsedAt"], shown
        browser.ask("DELETE", ACCOUNT + "/tokens/" + shown["metadata"]["id"])
        assert refusal(server.ask, "GET", ROOT + "deployments", None, "", bearer(secret))[0] == 401

        made = server.ask("POST", API_TOKENS,
                          {"name": "namespaces/default/apitokens/robot", "role": "viewer"})
        token = made["apiToken"]
        assert token["name"] == "namespaces/default/apitokens/robot" and token["role"] == "viewer"
        robot = bearer(token["secret"])
        assert len(server.ask("GET", ROOT + "deployments", headers=robot)["items"]) == 1
        code, message = refusal(server.ask, "POST", ROOT + "deployments", idle("e"),
                                "application/json", robot)
        assert code == 403 and "token robot of default is viewer" in message and "editor" in message
        (listed,) = server.ask("GET", API_TOKENS)["apiTokens"]
        assert "secret" not in listed and listed["createdBy"] == "local" and listed["lastUsedAt"]
        with server.watch(robot) as stream:
            server.create(idle("f"))
            assert stream.next()[1]["spec"]["actor"] == "local"
            server.ask("DELETE", API_TOKENS + "/robot")
            # Who may not any more is not told any more.
            server.create(idle("g"))
            assert stream.answer.readline() in (b"", b"\n") and stream.answer.read() == b""
        assert refusal(server.ask, "GET", ROOT + "deployments", None, "", robot)[0] == 401
        for file in os.listdir(server.data):
            if file.startswith("castor.db"):
                with open(os.path.join(server.data, file), "rb") as data:
                    text = data.read()
                assert secret.encode() not in text and token["secret"].encode() not in text


def test_roles_are_given_changed_and_taken(sandbox):
    with Server(sandbox) as server:
        server.start()
        owner, other = add_user(server, "olga"), add_user(server, "otto")
        give_role(server, "olga", "owner")
        assert refusal(other.ask, "GET", ROOT + "deployments")[0] == 403
        owner.ask("PUT", MEMBERS + "otto", {"spec": {"role": "viewer"}})
        other.ask("GET", ROOT + "deployments")
        assert refusal(other.ask, "POST", ROOT + "deployments", idle("d"))[0] == 403
        owner.ask("PUT", MEMBERS + "otto", {"spec": {"role": "editor"}})
        other.ask("POST", ROOT + "deployments", idle("d"))
        assert other.ask("GET", ACCOUNT)["status"]["namespaces"] == [
            {"namespace": "default", "role": "editor"}]
        owner.ask("DELETE", MEMBERS + "otto")
        assert refusal(other.ask, "GET", ROOT + "deployments")[0] == 403
        assert refusal(owner.ask, "PUT", MEMBERS + "nobody", {"spec": {"role": "viewer"}})[0] == 404
        assert refusal(owner.ask, "PUT", MEMBERS + "otto", {"spec": {"role": "king"}})[0] == 400


def test_there_is_always_an_admin(sandbox):
    with Server(sandbox) as server:
        server.start()
        merge = "application/merge-patch+json"
        demote = {"spec": {"admin": False}}
        assert refusal(server.ask, "DELETE", USERS + "/admin")[0] == 409
        assert refusal(server.ask, "PATCH", USERS + "/admin", demote, merge)[0] == 409
        browser = add_user(server, "boss", admin=True)
        server.ask("PATCH", USERS + "/admin", demote, merge)
        server.ask("DELETE", USERS + "/admin")
        assert refusal(server.ask, "DELETE", USERS + "/boss")[0] == 409
        assert refusal(server.ask, "POST", USERS, {"metadata": {"name": "boss"}})[0] == 409
        assert refusal(server.ask, "POST", USERS, {"metadata": {"name": "local"}})[0] == 400
        secret = add_token(browser)
        server.ask("POST", USERS, {"metadata": {"name": "heir"}, "spec": {"admin": True}})
        server.ask("DELETE", USERS + "/boss")
        assert refusal(browser.ask, "GET", ACCOUNT)[0] == 401
        assert refusal(server.ask, "GET", ACCOUNT, None, "", bearer(secret))[0] == 401


def test_changes_are_written_down_also_those_that_were_refused(sandbox):
    with Server(sandbox) as server:
        server.start()
        anna = add_user(server, "anna")
        give_role(server, "anna", "editor")
        made = anna.ask("POST", ROOT + "deployments", idle("d"))["metadata"]["id"]
        path = ROOT + "deployments/" + made
        server.patch(made, {"metadata": {"labels": {"team": "ads"}}})
        refusal(server.patch, made, {"metadata": {"resourceVersion": 1}})
        refusal(anna.ask, "POST", API_TOKENS, {"name": "x", "role": "owner"})
        refusal(Browser, server, "anna", "guess")
        refusal(server.ask, "DELETE", path, None, "", {})
        entries = audit(server, pageSize=1000)
        seen = [(entry["operation"], entry["actor"], entry["statusCode"]) for entry in entries]
        # A record that was made in one transaction with the change has 200 for any success.
        assert seen[0] == ("createUser", "local", 200), seen
        assert seen[-5:] == [
            ("patchDeployment", "local", 200),
            ("patchDeployment", "local", 409),
            ("createApiToken", "anna", 403),
            ("logIn", "", 401),
            ("deleteDeployment", "", 401),
        ], seen
        created = next(entry for entry in entries if entry["operation"] == "createDeployment")
        assert created["actor"] == "anna" and created["address"] == "127.0.0.1", created
        assert created["resource"] == "deployments/" + made and created["resourceVersion"] == 1
        assert entries[-5]["resourceVersion"] == 2 and entries[-5]["outcome"] == "DONE"
        assert entries[-4]["resourceVersion"] is None and "resourceVersion 2 by now" in entries[-4]["message"]
        assert entries[-4]["outcome"] == "REFUSED"
        assert PASSWORD not in json.dumps(entries)
        # Looking changes nothing.
        server.get("deployments")
        assert len(audit(server, pageSize=1000)) == len(entries)
        pages, token = [], "0"
        while token:
            page = server.ask("GET", f"/access/v1/audit?pageSize=2&pageToken={token}")
            assert len(page["items"]) <= 2
            pages += page["items"]
            token = page["metadata"].get("nextPageToken")
        assert [entry["spec"] for entry in pages] == entries
        assert {entry["actor"] for entry in audit(server, actor="anna")} == {"anna"}
        events = server.get("events", deploymentId=made)["items"]
        assert [event["spec"]["actor"] for event in events][:2] == ["anna", "local"], events
        own = server.ask("GET", "/access/v1/namespaces/default/audit?pageSize=1000")["items"]
        assert {entry["metadata"]["namespace"] for entry in own} == {"default"}

        lines = export(server, "jsonl").splitlines()
        assert [json.loads(line)["spec"] for line in lines] == entries
        table = list(csv.DictReader(io.StringIO(export(server, "csv"), newline="")))
        assert [(row["operation"], row["actor"], row["message"]) for row in table] == [
            (entry["operation"], entry["actor"], entry["message"]) for entry in entries]


def export(server, form):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/access/v1/audit:export?format=" + form,
                       headers=server.authorization())
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_a_change_that_is_made_is_written_down_even_if_the_server_dies(sandbox):
    with Server(sandbox) as server:
        server.start()
        for i in range(5):
            server.create(idle(f"d{i}"))
        server.kill()
        server.start()
        created = [entry for entry in audit(server, pageSize=1000)
                   if entry["operation"] == "createDeployment"]
        assert len(created) == len(server.get("deployments")["items"]) == 5


def test_the_local_token_is_for_its_user_and_machine(sandbox):
    with Server(sandbox) as server:
        server.start()
        path = server.data + "/local.token"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        before = server.authorization()
        assert status_of(server, "GET", ROOT + "deployments", before) == 401  # by a proxy
        address = f"http://127.0.0.1:{server.port}"
        run = sandbox.run
        assert run("get", "--server", address).code == 0
        assert run("get", "--server", address, "--data-dir", server.data).code == 0
        assert run("get", "--server", address, "--token-file", path).code == 0
        wrong = run("get", "--server", address, CASTOR_TOKEN="castor_wrong")
        assert wrong.code == 2 and "--token-file" in wrong.err and "not known" in wrong.err, wrong
        away = run("get", "--server", "http://example.invalid:8080", "--data-dir", server.data)
        assert away.code == 2 and "server of this machine" in away.err, away
        # Another home does not know where the server is.
        lost = run("get", "--server", address, HOME=sandbox.folder,
                   XDG_CACHE_HOME=sandbox.path("cache"))
        assert lost.code == 2 and "--data-dir" in lost.err, lost
        assert server.kill(15) == 0
        server.start()
        assert refusal(server.ask, "GET", ROOT + "deployments", None, "", before)[0] == 401
        address = f"http://127.0.0.1:{server.port}"
        made = server.ask("POST", API_TOKENS, {"name": "ci", "role": "viewer"})["apiToken"]
        file = sandbox.write("token", made["secret"] + "\n")
        assert run("get", "--server", address, "--token-file", file).code == 0
        spec = sandbox.write("d.yaml", json.dumps(deployment("d", SCRIPT, state="CANCELLED")))
        refused = run("apply", "-f", spec, "--server", address, "--token-file", file)
        assert refused.code == 2 and "needs editor" in refused.err, refused


def test_figures_need_no_login_nearby(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.create(idle("d"))
        server.ask("POST", "/namespaces/v1/namespaces", {"name": "team"})
        server.ask("POST", "/api/v1/namespaces/team/deployments", idle("secret"))

        def figures(headers):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("GET", "/metrics", headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return answer.status, text

        code, text = figures({})
        assert code == 200 and 'namespace="team"' in text and 'namespace="default"' in text
        assert figures({"X-Forwarded-For": "10.0.0.1"})[0] == 401
        token = bearer(api_token(server, "viewer"))
        code, text = figures({"X-Forwarded-For": "10.0.0.1", **token})
        assert code == 200 and 'namespace="team"' not in text and 'namespace="default"' in text


def test_requests_of_nobody_are_bounded(sandbox):
    with Server(sandbox) as server:
        server.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        answers = []
        for _ in range(400):
            connection.request("GET", "/api/v1/status")
            answer = connection.getresponse()
            answer.read()
            answers.append(answer)
            if answer.status == 429:
                break
        assert answers[-1].status == 429 and len(answers) > 100
        assert int(answers[-1].getheader("Retry-After")) >= 1
        connection.close()
        # Who is known has a bucket of their own.
        assert server.get("deployments")["items"] == []


def test_other_machines_reach_it_encrypted_if_it_says_so(sandbox):
    certificate, key = sandbox.path("cert.pem"), sandbox.path("key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with Server(sandbox) as server:
        server.start("--listen", "0.0.0.0", "--tls-cert", certificate, "--tls-key", key)
        trust = ssl.create_default_context(cafile=certificate)

        def ask(path, **headers):
            connection = http.client.HTTPSConnection("localhost", server.port, timeout=30,
                                                     context=trust)
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer

        assert ask("/api/v1/status").status == 200
        deployments = ROOT + "deployments"
        assert ask(deployments).status == 401
        assert ask(deployments, **server.authorization()).status == 200
        assert ask(deployments, Host="castor.example", **server.authorization()).status == 401
        own = f"https://localhost:{server.port}"
        assert ask("/", Origin=own).status == 200
        assert ask("/", Origin=own.replace("https", "http")).status == 403
        assert ask("/", Origin="https://evil.example").status == 403
        # Figures without a login are for this machine's own names, not for one that points to it.
        assert ask("/metrics").status == 200
        assert ask("/metrics", Host="castor.example").status == 401
        found = sandbox.run("get", "--server", own, SSL_CERT_FILE=certificate)
        assert found.code == 0, found
        unknown = sandbox.run("get", "--server", own)
        assert unknown.code != 0, unknown
    for options, words in (
        (("--tls-cert", certificate), "--tls-key"),
        (("--tls-cert", certificate, "--tls-key", certificate), "cannot use the certificate"),
        (("--listen", "192.0.2.1"), "no address of this machine"),
    ):
        ended = sandbox.run("platform", "--data-dir", sandbox.path("x"), "--port", "0", *options)
        assert ended.code == 2 and words in ended.err, ended


def test_who_listens_to_others_in_the_clear_is_warned(sandbox):
    with Server(sandbox) as server:
        server.start("--listen", "0.0.0.0")
        err = pathlib.Path(sandbox.path("server.err"))
        wait_for(lambda: "go over the network as they are" in err.read_text("utf-8"), "warning")
        assert refusal(server.ask, "GET", ROOT + "deployments", None, "", {})[0] == 401
