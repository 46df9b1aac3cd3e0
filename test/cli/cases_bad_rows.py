"""Rows that cannot be read: they fail the job, are skipped and counted, or go to a dead-letter table."""

import base64
import json
import os
import signal

from sandbox import wait_for

TABLES = """\
CREATE TABLE given ({columns})
WITH ('connector' = 'filesystem', 'path' = '{folder}/given', 'format' = '{format}'{options});
CREATE TABLE taken ({columns})
WITH ('connector' = 'filesystem', 'path' = '{folder}/taken', 'format' = '{format}',
  'sink.rolling-policy.rollover-interval' = '50 ms', 'sink.rolling-policy.check-interval' = '50 ms');
INSERT INTO taken SELECT * FROM given;
"""
# By format: columns, a good row, a bad row, what is said of it.
FORMATS = {
    "json": ("n INT", '{{"n":{}}}', '{"n": "seven"}', "field 'n'"),
    "csv": ("n INT, s STRING", "{},x", "seven,x", "field 'n': 'seven' is not of type INT"),
    "raw": ("n INT", "\0\0\1{}", "seven", "field 'n': 5 bytes, but INT has 4"),
}
DEAD_LETTER = ", 'castor.bad-rows' = 'dead-letter', 'castor.bad-rows.path' = '{folder}/dead'"


def given(sandbox, form, files=1):
    """Files of 60 good rows, with a bad one behind the 20th and at the end; answers the good rows."""
    columns, good, bad, _ = FORMATS[form]
    rows = []
    for file in range(files):
        lines = [good.format(chr(65 + i % 26) if form == "raw" else file * 60 + i) for i in range(60)]
        rows += lines
        sandbox.write(f"given/{file}", "\n".join([*lines[:20], bad, *lines[20:], bad, ""]))
    return sorted(rows)


def script(sandbox, form, options=""):
    options = options.format(folder=sandbox.folder)
    text = TABLES.format(columns=FORMATS[form][0], format=form, options=options, folder=sandbox.folder)
    sandbox.write("job.sql", text)


def dead_letters(sandbox):
    return [json.loads(line) for line in sandbox.read_folder("dead")]


def check_dead_letters(sandbox, form, files):
    """Each bad row once, with its table, place, error and bytes."""
    letters = dead_letters(sandbox)
    _, _, bad, error = FORMATS[form]
    assert len(letters) == 2 * files, letters
    assert all(letter["table"].endswith("`given`") for letter in letters), letters
    assert all(error in letter["error"] for letter in letters), letters
    assert {base64.b64decode(letter["row"]).decode() for letter in letters} == {bad}, letters
    origins = sorted(letter["origin"].split(", byte")[0] for letter in letters)
    expected = [f"{sandbox.path('given')}/{file}, line {line}" for file in range(files) for line in (21, 62)]
    assert origins == sorted(expected), (origins, expected)


def test_a_bad_row_fails_the_job_at_its_place(sandbox):
    for form, (_, _, bad, error) in FORMATS.items():
        given(sandbox, form)
        script(sandbox, form)
        ended = sandbox.run("run", "job.sql")
        assert ended.code == 1, ended
        assert f"{sandbox.path('given/0')}, line 21, byte offset " in ended.err, ended
        assert error in ended.err and f"the record begins with: {bad}" in ended.err, ended
        assert "'castor.bad-rows' = 'skip' or 'dead-letter'" in ended.err, ended
        assert sandbox.read_folder("taken") == [], ended


def test_bad_rows_are_skipped_and_counted(sandbox):
    for form in FORMATS:
        for parallelism in ("1", "4"):
            os.system(f"rm -rf '{sandbox.path('taken')}'")
            rows = given(sandbox, form, files=3)
            script(sandbox, form, ", 'castor.bad-rows' = 'skip'")
            ended = sandbox.run("run", "-p", parallelism, "job.sql")
            assert ended.code == 0 and "6 bad records" in ended.err, ended
            assert sandbox.read_folder("taken") == rows, ended


def test_bad_rows_go_to_the_dead_letters(sandbox):
    for form in FORMATS:
        for parallelism in ("1", "2", "4"):
            os.system(f"rm -rf '{sandbox.path('taken')}' '{sandbox.path('dead')}'")
            rows = given(sandbox, form, files=3)
            script(sandbox, form, DEAD_LETTER)
            ended = sandbox.run("run", "-p", parallelism, "job.sql")
            assert ended.code == 0 and "6 bad records" in ended.err, ended
            assert sandbox.read_folder("taken") == rows, ended
            check_dead_letters(sandbox, form, files=3)


def test_rows_that_the_format_ignores_are_not_bad(sandbox):
    given(sandbox, "json")
    script(sandbox, "json", DEAD_LETTER + ", 'json.ignore-parse-errors' = 'true'")
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 0 and "bad record" not in ended.err, ended
    assert sandbox.read_folder("taken").count('{"n":null}') == 2
    assert dead_letters(sandbox) == []


def test_dead_letters_survive_a_kill_once(sandbox):
    """Watches a folder; is killed behind a checkpoint, and again while a checkpoint is committed."""
    script(sandbox, "json", DEAD_LETTER + ", 'source.monitor-interval' = '50 ms'")
    arguments = ["job.sql", "--checkpoint-dir", "state", "--checkpoint-interval", "100ms"]
    rows = given(sandbox, "json")
    process = sandbox.start("run", "-p", "1", *arguments)
    wait_for(lambda: len(dead_letters(sandbox)) == 2, "dead letters")
    process.send_signal(signal.SIGKILL)
    process.wait()
    rows = given(sandbox, "json", files=2)
    killed = sandbox.run("run", "-p", "2", *arguments, "--from", "state", CASTOR_FAULT="commit.before-done:1")
    assert killed.code != 0, killed
    rows = given(sandbox, "json", files=4)
    process = sandbox.start("run", "-p", "4", *arguments, "--from", "state")
    wait_for(lambda: len(sandbox.read_folder("taken")) >= len(rows), "rows")
    wait_for(lambda: len(dead_letters(sandbox)) >= 8, "dead letters")
    stopped = sandbox.run("stop", "--to", "saves")
    assert stopped.code == 0, stopped
    assert sandbox.wait(process).code == 0
    assert sandbox.read_folder("taken") == rows
    check_dead_letters(sandbox, "json", files=4)


def test_options_of_bad_rows_are_checked(sandbox):
    given(sandbox, "json")
    script(sandbox, "json", ", 'castor.bad-rows' = 'dead-letter'")
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 2 and "needs option 'castor.bad-rows.path'" in ended.err, ended
    script(sandbox, "json", ", 'castor.bad-rows' = 'ignore'")
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 2 and "fail, skip, dead-letter" in ended.err, ended
    sandbox.write("job.sql", "CREATE TABLE t (n INT) WITH ('connector' = 'datagen', 'castor.bad-rows' = 'skip');\n"
                  "SELECT * FROM t;\n")
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 2 and "Unknown option 'castor.bad-rows'" in ended.err, ended
