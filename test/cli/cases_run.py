"""Scripts and bundles that run to their end."""

import json
import os

import jobs
from sandbox import screen


def test_select_to_a_pipe(sandbox):
    ended = sandbox.run("run", "-q", "-e", jobs.SELECT)
    assert (ended.code, ended.out, ended.err) == (0, '+I[1, "a"]\n+I[2, "b"]\n', ""), ended


def test_select_as_json_and_csv(sandbox):
    ended = sandbox.run("run", "-q", "--output", "json", "-e", jobs.SELECT)
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert rows == [
        {"op": "+I", "row": {"id": 1, "name": "a"}},
        {"op": "+I", "row": {"id": 2, "name": "b"}},
    ], ended
    assert sandbox.run("run", "-q", "--output", "csv", "-e", jobs.SELECT).out == (
        "id,name\n1,a\n2,b\n"
    )


def test_select_on_a_terminal_is_a_table(sandbox):
    ended = sandbox.terminal("run", "-e", jobs.SELECT)
    lines = screen(ended.out)
    assert ended.code == 0, ended
    assert any("id" in line and "name" in line for line in lines), lines
    assert sum("|" in line for line in lines) >= 3, lines
    assert lines[-1].startswith("sql finished after "), lines


def test_files_to_files(sandbox):
    expected = jobs.orders(sandbox)
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 0 and ended.out == "", ended
    assert "job finished after" in ended.err and "3 rows in" in ended.err, ended
    assert sandbox.read_folder("totals") == expected


def test_script_from_standard_input(sandbox):
    ended = sandbox.run("run", "-q", "-", stdin=jobs.SELECT)
    assert ended.code == 0 and ended.out.startswith("+I[1"), ended


def test_settings_reach_the_job(sandbox):
    ended = sandbox.run(
        "run", "-q", "-p", "2", "--set", "table.local-time-zone=Asia/Tokyo",
        "-e", "SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING)",
    )
    assert ended.out == '+I["1970-01-01 09:00:00.000"]\n', ended


def test_a_setting_that_the_script_overrules_is_an_error(sandbox):
    sandbox.write("job.sql", "SET 'table.exec.state.ttl' = '1 h';\n" + jobs.SELECT)
    ended = sandbox.run("run", "--set", "table.exec.state.ttl=2 h", "job.sql")
    assert ended.code == 2 and "has no effect" in ended.err, ended


def test_compiled_job_runs_without_java(sandbox):
    expected = jobs.orders(sandbox)
    compiled = sandbox.run("compile", "job.sql", "-o", "job.json")
    assert compiled.code == 0 and compiled.err == "wrote job.json\n", compiled
    with open(sandbox.path("job.json")) as file:
        assert json.load(file)["castorBundle"] == 1
    bare = {"PATH": "/nonexistent", "JAVA_HOME": "/nonexistent"}
    home = {"HOME": sandbox.path("home"), "XDG_CACHE_HOME": sandbox.path("home/cache")}
    ended = sandbox.run("run", "job.json", **bare, **home)
    assert ended.code == 0 and sandbox.read_folder("totals") == expected, ended
    explained = sandbox.run("explain", "job.json", **bare, **home)
    assert explained.code == 0 and "orders" in explained.out, explained


def test_without_java_a_script_fails_with_advice(sandbox):
    fresh = sandbox.path("home")
    ended = sandbox.run(
        "run", "-e", "SELECT 'never planned before'", JAVA_HOME="/nonexistent",
        HOME=fresh, XDG_CACHE_HOME=fresh + "/cache",
    )
    assert ended.code == 5 and "no java found" in ended.err, ended
    assert "castor run job.json" in ended.err, ended


def test_bundles_are_cached_by_content(sandbox):
    fresh = sandbox.path("home")
    home = {"HOME": fresh, "XDG_CACHE_HOME": fresh + "/cache"}
    bundles = os.path.join(fresh, "cache/castor/bundles")
    sandbox.run("run", "-q", "-e", jobs.SELECT, **home)
    assert len(os.listdir(bundles)) == 1
    assert oct(os.stat(bundles).st_mode & 0o777) == "0o700"
    # The planner is not asked again: without Java it could not answer.
    assert "stopped" in sandbox.run("planner", "stop", **home).out
    again = sandbox.run("run", "-q", "-e", jobs.SELECT, JAVA_HOME="/nonexistent", **home)
    assert again.code == 0 and again.out.startswith("+I[1"), again
    other = sandbox.run(
        "run", "-q", "--set", "table.exec.state.ttl=1 h", "-e", jobs.SELECT,
        JAVA_HOME="/nonexistent", **home,
    )
    assert other.code == 5, other


def test_explain_shows_a_tree(sandbox):
    jobs.orders(sandbox)
    ended = sandbox.run("explain", "job.sql")
    lines = ended.out.splitlines()
    assert ended.code == 0 and lines[0].startswith("sink"), ended
    assert any(line.lstrip(" │").startswith("└─") for line in lines), ended
    flink = sandbox.run("explain", "--flink", "job.sql")
    assert "Optimised physical plan" in flink.out and "TableSourceScan" in flink.out, flink


def test_a_select_with_updates_at_any_parallelism(sandbox):
    sql = "SELECT MOD(n, 3), COUNT(*) FROM (VALUES (1), (2), (3), (4)) AS t (n) GROUP BY MOD(n, 3)"
    for parallelism in ("1", "4"):
        shown = sandbox.run("run", "-q", "-e", sql, "-p", parallelism, "--output", "csv")
        assert shown.code == 0, shown
        assert "1,2" in shown.out, shown
