"""SQL without a deployment: checked, explained, tried out, kept."""

import os
import signal

from cases_api import refusal
from cases_resources import MERGE as MERGE_PATCH
from cases_resources import SECRETS, secret
from sandbox import wait_for
from server import Server

SQL = "/sql/v1beta1/namespaces/default/"
TABLES = """\
CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');
CREATE TABLE counted (k BIGINT, c BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'blackhole');
"""
INSERT = "INSERT INTO counted\nSELECT MOD(n, 3), COUNT(*) FROM numbers GROUP BY MOD(n, 3);\n"


def preview(server, statement, **limits):
    return server.ask("POST", SQL + "previews", {"statement": statement, **limits})


def ended(server, made):
    path = SQL + "previews/" + made["metadata"]["id"]
    wait_for(lambda: server.ask("GET", path)["status"]["state"] != "RUNNING", "end of the preview")
    return server.ask("GET", path)["status"]


def columns_of(answer):
    return {each["name"]: [column["name"] for column in each["columns"]] for each in answer["tables"]}


def test_the_planner_says_what_is_wrong_and_where(sandbox):
    with Server(sandbox) as server:
        server.start()

        def verdict(statement, **more):
            return server.ask("POST", SQL + "sqlscripts:validate", {"statement": statement, **more})

        defined = verdict(TABLES)
        assert defined["validationResult"] == "VALIDATION_RESULT_VALID_DDL_STATEMENT", defined
        assert columns_of(defined) == {"numbers": ["n"], "counted": ["k", "c"]}, defined
        assert verdict(TABLES + "SELECT * FROM numbers;")["validationResult"].endswith("SELECT_QUERY")
        assert verdict(TABLES + INSERT)["validationResult"].endswith("INSERT_QUERY")
        wrong = verdict(TABLES + "SELECT number FROM numbers;")
        assert columns_of(wrong) == columns_of(defined), wrong
        error = wrong["errorDetails"]
        assert wrong["validationResult"] == "VALIDATION_RESULT_INVALID", wrong
        assert "'number' not found" in error["message"], error
        place = [error[each] for each in ("lineNumber", "columnNumber", "endLineNumber", "endColumnNumber")]
        assert place == [3, 8, 3, 14], error
        near = verdict(TABLES + "SELECT n FROM number;")["errorDetails"]
        assert "numbers" in near["hint"], near
        assert verdict("SELECT '${x}'", variables={"x": "y"})["validationResult"].endswith("SELECT_QUERY")
        assert refusal(verdict, "SELECT '${x}'")[0] == 400
        functions = server.ask("GET", "/sql/v1beta1/functions")["items"]
        assert any(each["name"] == "TUMBLE" or each["name"] == "UPPER" for each in functions)


def test_a_plan_is_shown_before_anything_runs(sandbox):
    with Server(sandbox) as server:
        server.start()
        shown = server.ask("POST", SQL + "sqlscripts:explain", {"statement": TABLES + INSERT})
        names = [each["name"] for each in shown["graph"]["vertices"]]
        assert names[0] == "TableSourceScan" and "GroupAggregate" in names, names
        assert "GroupAggregate" in shown["explain"]["optimized"], shown["explain"]
        assert columns_of(shown) == {"numbers": ["n"], "counted": ["k", "c"]}, shown
        uses = {each["name"]: (each["read"], each["written"]) for each in shown["tables"]}
        assert uses == {"numbers": (True, False), "counted": (False, True)}, uses
        wrong = server.ask("POST", SQL + "sqlscripts:explain", {"statement": "SELECT nothing"})
        assert wrong["validationResult"] == "VALIDATION_RESULT_INVALID", wrong


def test_a_preview_shows_rows_and_writes_none(sandbox):
    with Server(sandbox) as server:
        server.start()
        made = preview(server, TABLES + INSERT, maxRows=20)
        assert [each["name"] for each in made["spec"]["columns"]] == ["EXPR$0", "EXPR$1"], made
        status = ended(server, made)
        assert status["state"] == "FINISHED" and status["message"] == "ended after 20 rows", status
        assert len(status["rows"]) == 20 and status["rows"][0]["op"] == "+I", status
        assert "+U" in [each["op"] for each in status["rows"]], status
        rest = server.ask("GET", SQL + "previews/" + made["metadata"]["id"] + "?after=18")
        assert rest["status"]["rows"] == status["rows"][18:], rest
        files = ("CREATE TABLE files (n BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json', "
                 f"'path' = '{sandbox.path('files')}');")
        insert = files + TABLES + "INSERT INTO files SELECT n FROM numbers;"
        status = ended(server, preview(server, insert, maxRows=5))
        assert len(status["rows"]) == 5 and not os.path.exists(sandbox.path("files")), status
        # The query at the line; a bounded one ends by itself.
        script = TABLES + INSERT + "SELECT 7 AS seven;\n"
        status = ended(server, preview(server, script, line=5))
        assert status == {"state": "FINISHED", "message": "", "rows": [{"op": "+I", "row": {"seven": 7}}]}
        made = preview(server, TABLES + INSERT, maxSeconds=1, maxRows=10000)
        status = ended(server, made)
        assert status["message"] == "ended after 1 s", status
        # What fails, and what cannot be planned, says so.
        status = ended(server, preview(server, "SELECT CAST('x' AS BIGINT);"))
        assert status["state"] == "FAILED" and "x" in status["message"], status
        status = preview(server, TABLES + "SELECT number FROM numbers;")["status"]
        assert status["state"] == "FAILED" and status["errorDetails"]["lineNumber"] == 3, status
        for statement in (TABLES, "CREATE TABLE t WITH ('connector' = 'blackhole') AS SELECT 1 AS a;"):
            assert "no query" in refusal(preview, server, statement)[1]
        assert os.listdir(server.data + "/previews") == []


def test_what_is_wrong_with_a_preview_has_no_secrets(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.ask("POST", SECRETS, secret("column", "xyzzy"))
        made = preview(server, TABLES + "SELECT ${secret_values.column} FROM numbers;")
        assert made["status"]["state"] == "FAILED", made
        assert "not found" in made["status"]["message"] and "xyzzy" not in str(made), made
        defined = server.ask("POST", SQL + "sqlscripts:validate", {
            "statement": TABLES.replace("(n ", "(${secret_values.column} ").replace("'1000'", "'${secret_values.column}'")})
        assert len(defined["tables"]) == 2 and "xyzzy" not in str(defined), defined


def test_previews_end_with_the_server_and_on_request(sandbox):
    with Server(sandbox) as server:
        server.start()
        script = TABLES.replace("'1000'", "'1'") + INSERT

        def running():
            return [each for each in os.listdir("/proc") if each.isdigit() and is_preview(server, each)]

        made = preview(server, script)
        wait_for(running, "its process")
        assert refusal(server.ask, "GET", SQL.replace("default", "other") + "previews/"
                       + made["metadata"]["id"])[0] == 404
        server.ask("DELETE", SQL + "previews/" + made["metadata"]["id"])
        assert ended(server, made)["state"] == "CANCELLED"
        wait_for(lambda: not running(), "end of its process")
        for _ in range(8):
            preview(server, script)
        assert refusal(preview, server, script)[0] == 503
        wait_for(lambda: len(running()) == 8, "processes")
        assert len(os.listdir(server.data + "/previews")) == 8  # of the refused one nothing stays
        server.kill(signal.SIGKILL)
        wait_for(lambda: not running(), "end of all of them")
        server.start()
        assert os.listdir(server.data + "/previews") == []


def is_preview(server, pid):
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            return server.data + "/previews/" in file.read()
    except OSError:
        return False


def test_scripts_are_kept_with_their_versions(sandbox):
    with Server(sandbox) as server:
        server.start()
        path = SQL + "sqlscripts"
        document = {"metadata": {"name": "counts", "folder": "ads/daily"}, "spec": {"script": "SELECT 1"}}
        made = server.ask("POST", path, document)
        assert made["metadata"]["version"] == 1 and made["spec"]["script"] == "SELECT 1", made
        assert refusal(server.ask, "POST", path, document)[0] == 409
        server.ask("POST", path, {"metadata": {"name": "counts"}, "spec": {"script": ""}})
        for folder in ("../up", "/root", "a//b", "a/"):
            wrong = {"metadata": {"name": "x", "folder": folder}, "spec": {"script": ""}}
            assert refusal(server.ask, "POST", path, wrong)[0] == 400, folder
        mine = path + "/" + made["metadata"]["id"]
        change = {"metadata": {"resourceVersion": 1}, "spec": {"script": "SELECT 2"}}
        changed = server.ask("PATCH", mine, change, MERGE_PATCH)
        assert changed["metadata"]["version"] == 2, changed
        assert refusal(server.ask, "PATCH", mine, change, MERGE_PATCH)[0] == 409
        moved = server.ask("PATCH", mine, {"metadata": {"folder": "ads"}}, MERGE_PATCH)
        assert moved["metadata"]["version"] == 2 and moved["metadata"]["folder"] == "ads", moved
        versions = server.ask("GET", mine + "/versions")["items"]
        assert [each["spec"]["script"] for each in versions] == ["SELECT 2", "SELECT 1"], versions
        listed = server.ask("GET", path + "?folder=ads")["items"]
        assert [each["metadata"]["name"] for each in listed] == ["counts"], listed
        assert len(server.ask("GET", path)["items"]) == 2
        server.ask("DELETE", mine)
        assert refusal(server.ask, "GET", mine)[0] == 404
