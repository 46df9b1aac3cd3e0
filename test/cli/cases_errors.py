"""Errors name their place and a remedy, and exit codes say what kind they are."""

import jobs
from sandbox import screen


def test_error_in_a_script_is_shown_at_its_place(sandbox):
    sandbox.write("job.sql", jobs.ENDLESS.split("CREATE TABLE sums")[0] + "SELECT nn FROM numbers;\n")
    ended = sandbox.run("run", "job.sql")
    lines = ended.err.splitlines()
    assert ended.code == 2 and ended.out == "", ended
    assert lines[0].startswith("job.sql:4:8: error: "), ended
    assert lines[1:] == [
        "    4 | SELECT nn FROM numbers;",
        "      |        ^",
        "hint: Did you mean 'n'?",
    ], ended


def test_errors_are_coloured_on_a_terminal(sandbox):
    sandbox.write("job.sql", "SELEC 1")
    ended = sandbox.terminal("run", "job.sql")
    assert ended.code == 2 and "\x1b[1;31merror: " in ended.out, ended
    assert screen(ended.out)[0].startswith("job.sql:1:1: error: "), ended


def test_wrong_table_option(sandbox):
    sandbox.write("job.sql", jobs.ENDLESS.replace("rows-per-second", "rows-per-minute"))
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 2 and "rows-per-minute" in ended.err, ended
    assert ended.err.startswith("job.sql:"), ended


def test_unsupported_sql_has_its_own_code(sandbox):
    sandbox.write(
        "job.sql",
        "CREATE TABLE t (n BIGINT, p AS PROCTIME()) WITH ('connector' = 'datagen');\n"
        "SELECT * FROM t MATCH_RECOGNIZE (ORDER BY p MEASURES A.n AS n\n"
        "  PATTERN (A B) DEFINE A AS A.n > 0);\n",
    )
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 3 and ended.err.startswith("job.sql:2:1: error: Match("), ended
    assert "is not supported" in ended.err.splitlines()[0], ended


def test_missing_input_file(sandbox):
    jobs.orders(sandbox)
    sandbox.write("job.sql", jobs.ORDERS.format(folder=sandbox.path("nowhere")))
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 1 and "nowhere/orders" in ended.err, ended


def test_a_job_that_fails_says_where(sandbox):
    sandbox.write("orders/1.json", '{"id": 1, "customer": "ann", "price": 50}\n{"id": oops}\n')
    sandbox.write("job.sql", jobs.ORDERS.format(folder=sandbox.folder))
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 1 and "orders/1.json" in ended.err, ended
    assert "job failed after" in ended.err, ended
    assert sandbox.read_folder("totals") == []


def test_no_bundle(sandbox):
    sandbox.write("job.json", '{"a": 1}')
    ended = sandbox.run("run", "job.json")
    assert ended.code == 2 and "is no job bundle" in ended.err, ended


def test_a_damaged_bundle_is_refused(sandbox):
    for damaged in (
        '{"castorBundle": 1, "configuration": {"a": 1}, "name": 3}',
        '{"castorBundle": 1, "configuration": [1]}',
        '{"castorBundle": 1, "configuration": "none"}',
    ):
        sandbox.write("job.json", damaged)
        ended = sandbox.run("run", "job.json")
        assert ended.code == 4 and "compile the script again" in ended.err, ended


def test_bundle_of_another_flink(sandbox):
    sandbox.run("compile", "-o", "job.json", "-e", jobs.SELECT)
    with open(sandbox.path("job.json")) as file:
        text = file.read()
    sandbox.write("job.json", text.replace('"flinkVersion": "2.3.0"', '"flinkVersion": "1.9.0"'))
    ended = sandbox.run("run", "job.json")
    assert ended.code == 4 and "1.9.0" in ended.err, ended


def test_mistyped_options(sandbox):
    """Nobody should believe in a setting that has no effect."""
    sandbox.write("job.sql", jobs.SELECT)
    sandbox.run("compile", "-o", "job.json", "job.sql")
    for job in ("job.sql", "job.json"):
        ended = sandbox.run("run", "--set", "castor.memorry=1gb", job)
        assert ended.code == 2 and "'castor.memorry' (1gb)" in ended.err, ended
        assert "castor.memory" in ended.err.replace("castor.memorry", ""), ended
    for setting in (
        "parallelism.defualt=2",
        "table.exec.state.tll=1 h",
        "execution.checkpointing.intervall=1 s",
        "execution.runtime-mode=batch",
    ):
        for job in ("job.sql", "job.json"):
            ended = sandbox.run("run", "--set", setting, job)
            assert ended.code == 2 and setting.split("=")[0] in ended.err, ended
    # Of Flink's, too, which have no default and so are not in the bundle.
    ended = sandbox.run("run", "-q", "--set", "execution.checkpointing.savepoint-dir=saves", "job.json")
    assert ended.code == 0, ended
    ended = sandbox.run("run", "--set", "table.exec.state.ttl=soon", "job.sql")
    assert ended.code == 2 and "cannot be 'soon'" in ended.err, ended


def test_snapshot_that_is_none(sandbox):
    sandbox.write("job.sql", jobs.ENDLESS)
    ended = sandbox.run("run", "--from", "nowhere", "job.sql")
    assert ended.code == 2 and "nowhere" in ended.err, ended


def test_what_shapes_the_plan_cannot_be_set_on_a_bundle(sandbox):
    sandbox.run("compile", "-o", "job.json", "-e", jobs.SELECT)
    ended = sandbox.run("run", "--set", "table.exec.state.ttl=1 h", "job.json")
    assert ended.code == 2 and "castor compile" in ended.err, ended
