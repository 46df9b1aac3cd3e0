"""Wrong options, broken files, full disks, broken snapshots: an error that names place and remedy, and nothing lost."""

import os
import resource
import shutil
import signal
import subprocess

import jobs
from sandbox import Skipped, wait_for

COPY = """\
CREATE TABLE given (n BIGINT, s STRING)
WITH ('connector' = 'filesystem', 'path' = '{folder}/given', 'format' = 'json'{source});
CREATE TABLE taken (n BIGINT, s STRING)
WITH ('connector' = 'filesystem', 'path' = '{folder}/taken', 'format' = 'json'{sink},
  'sink.rolling-policy.rollover-interval' = '50 ms', 'sink.rolling-policy.check-interval' = '50 ms');
INSERT INTO taken SELECT * FROM given;
"""


def copy(sandbox, source="", sink=""):
    sandbox.write("job.sql", COPY.format(folder=sandbox.folder, source=source, sink=sink))


def given(sandbox, name, rows, first=0):
    lines = [f'{{"n":{n},"s":"row number {n}"}}' for n in range(first, first + rows)]
    # At once: a job that watches the folder must not see a part of it.
    written = sandbox.write(f"being-written/{name}", "\n".join(lines) + "\n")
    os.makedirs(sandbox.path("given"), exist_ok=True)
    os.rename(written, sandbox.path(f"given/{name}"))
    return lines


# What is wrong in a table, what the error says, and what the hint does.
OPTIONS = [
    ("'format' = 'json'", "'format' = 'json', 'sorce.monitor-interval' = '1 s'",
     "Unknown option 'sorce.monitor-interval'", "Did you mean 'source.monitor-interval'?"),
    ("'format' = 'json'", "'format' = 'json', 'json.ignore-parse-error' = 'true'",
     "Unknown option 'json.ignore-parse-error'", "Did you mean 'json.ignore-parse-errors'?"),
    ("'format' = 'json'", "'format' = 'parquet', 'parquet.compresion' = 'ZSTD'",
     "Unknown option 'parquet.compresion'", "Did you mean 'parquet.compression'?"),
    ("'format' = 'json'", "'format' = 'jsn'", "Unknown format 'jsn'", "Did you mean 'json'?"),
    ("'format' = 'json'", "'format' = 'parquet', 'parquet.compression' = 'zip'",
     "Option 'parquet.compression' cannot be 'zip'", "SNAPPY"),
    ("'connector' = 'filesystem'", "'connector' = 'filesystm'",
     "Unknown connector 'filesystm'", "Did you mean 'filesystem'?"),
    ("'path' = ", "'pth' = ", "Unknown option 'pth'", "'path'"),
    ("'format' = 'json'", "'format' = 'json', 'source.monitor-interval' = 'soon'",
     "Option 'source.monitor-interval' cannot be 'soon'", "a duration"),
    ("'format' = 'json'", "'format' = 'json', 'json.ignore-parse-errors' = 'perhaps'",
     "Option 'json.ignore-parse-errors' cannot be 'perhaps'", "true or false"),
]


def test_wrong_options_are_named_with_what_is_right(sandbox):
    copy(sandbox)
    with open(sandbox.path("job.sql")) as file:
        right = file.read()
    for old, new, error, hint in OPTIONS:
        sandbox.write("job.sql", right.replace(old, new, 1))
        ended = sandbox.run("run", "job.sql")
        assert ended.code == 2 and ended.err.startswith("job.sql:"), (new, ended)
        assert error in ended.err and hint in ended.err, (new, ended)


def test_what_is_not_supported_is_refused_by_name(sandbox):
    given(sandbox, "1", 1)
    for option, value in (
        ("auto-compaction", "true"),
        ("sink.partition-commit.policy.kind", "custom"),
    ):
        copy(sandbox, sink=f", '{option}' = '{value}'")
        ended = sandbox.run("run", "job.sql")
        assert ended.code in (2, 3) and f"'{option}'" in ended.err, ended


def test_columns_of_another_type(sandbox):
    """Files written with one schema and read with another."""
    given(sandbox, "1", 3)
    copy(sandbox)
    text = COPY.format(folder=sandbox.folder, source="", sink="")
    sandbox.write("job.sql", text.replace("/taken', 'format' = 'json'", "/taken', 'format' = 'parquet'"))
    assert sandbox.run("run", "job.sql").code == 0
    select = (
        "CREATE TABLE t ({}) WITH ('connector' = 'filesystem', 'format' = 'parquet', "
        f"'path' = '{sandbox.path('taken')}');\nSELECT * FROM t;\n"
    )
    sandbox.write("read.sql", select.format("n INT, s STRING"))
    ended = sandbox.run("run", "read.sql")
    assert ended.code == 1 and f"'{sandbox.path('taken')}/part-" in ended.err, ended
    assert "column 'n': the table declares INT, but the file holds INT64" in ended.err, ended
    sandbox.write("read.sql", select.format("n BIGINT, m INT NOT NULL"))
    ended = sandbox.run("run", "read.sql")
    assert ended.code == 1 and "column 'm' is NOT NULL, but the file does not have it" in ended.err, ended
    sandbox.write("read.sql", select.format("n BIGINT, m INT"))
    ended = sandbox.run("run", "-q", "read.sql")
    assert (ended.code, sorted(ended.out.splitlines())) == (0, [f"+I[{n}, NULL]" for n in range(3)]), ended


def test_files_that_are_no_parquet(sandbox):
    given(sandbox, "1", 3)
    sandbox.write(
        "read.sql",
        f"CREATE TABLE t (n INT) WITH ('connector' = 'filesystem', 'format' = 'parquet', "
        f"'path' = '{sandbox.path('given')}');\nSELECT * FROM t;\n",
    )
    ended = sandbox.run("run", "read.sql")
    assert ended.code == 1 and f"'{sandbox.path('given/1')}': not a readable Parquet file" in ended.err, ended


def test_paths_that_cannot_be_read_or_written(sandbox):
    os.symlink("given", sandbox.path("given"))  # leads to itself
    copy(sandbox)
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 1 and sandbox.path("given") in ended.err, ended
    assert "symbolic links" in ended.err and "option 'path'" in ended.err, ended
    os.unlink(sandbox.path("given"))
    given(sandbox, "1", 3)
    shutil.rmtree(sandbox.path("taken"), ignore_errors=True)
    sandbox.write("taken", "a file, where the table wants a directory")
    ended = sandbox.run("run", "job.sql")
    assert ended.code == 1 and sandbox.path("taken") in ended.err and "irectory" in ended.err, ended


def test_a_directory_of_another_user(sandbox):
    """Only seen without the rights of root, who may read everything."""
    given(sandbox, "1", 3)
    copy(sandbox)
    os.chmod(sandbox.path("given"), 0)
    try:
        ended = sandbox.run("run", "job.sql")
    finally:
        os.chmod(sandbox.path("given"), 0o755)
    if os.geteuid() == 0:
        assert ended.code == 0, ended
    else:
        assert ended.code == 1 and "ermission" in ended.err and sandbox.path("given") in ended.err, ended


def limited(sandbox, limit, *arguments):
    """A run in which no file can grow beyond the limit: what a full disk does to a write, at a known place."""

    def set_limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sandbox.castor, *arguments], cwd=sandbox.folder, env=sandbox.environment, capture_output=True,
        text=True, timeout=120, check=False, preexec_fn=set_limit, stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stderr


def fills_up(sandbox, run, errors, make_room):
    """The job fails by name, what was committed stays, and it goes on from its checkpoint when there is room.

    `run(*arguments)` answers exit code and errors of a run that finds no room in the folder `taken`.
    """
    copy(sandbox, source=", 'source.monitor-interval' = '50 ms'")
    arguments = ["job.sql", "--checkpoint-dir", "state", "--checkpoint-interval", "100ms"]
    rows = given(sandbox, "1", 100)
    process = sandbox.start("run", *arguments)
    wait_for(lambda: len(sandbox.read_folder("taken")) == 100, "rows")
    process.send_signal(signal.SIGKILL)
    process.wait()
    rows += given(sandbox, "2", 20000, first=100)
    code, said = run("run", *arguments, "--from", "state", "--set", "restart-strategy.type=none")
    assert code == 1 and sandbox.path("taken") in said and errors in said, said
    assert "make room there, then start again from the last checkpoint" in said, said
    taken = sandbox.read_folder("taken")
    assert len(set(taken)) == len(taken) and set(rows[:100]) <= set(taken) < set(rows), len(taken)
    make_room()
    process = sandbox.start("run", *arguments, "--from", "state")
    wait_for(lambda: len(sandbox.read_folder("taken")) >= len(rows), "rows")
    assert sandbox.run("stop", "--to", "saves").code == 0
    assert sandbox.wait(process).code == 0
    assert sandbox.read_folder("taken") == sorted(rows)


def test_files_that_may_not_grow_and_then_may(sandbox):
    fills_up(sandbox, lambda *line: limited(sandbox, 200_000, *line), "File too large", lambda: None)


class SmallDisk:
    """A file system of its own in a folder, or a reason why there is none."""

    def __init__(self, folder, size):
        os.makedirs(folder)
        self.folder = folder
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skipped(f"cannot mount a file system: {done.stderr.strip()}")

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.folder], check=True)


def test_full_disk_and_then_room(sandbox):
    with SmallDisk(sandbox.path("taken"), "400k") as disk:
        def run(*line):
            ended = sandbox.run(*line)
            return ended.code, ended.err

        fills_up(sandbox, run, "No space left on device", lambda: disk.resize("16m"))


# Every row once, however often it is given; the state holds each of them.
DISTINCT = """\
CREATE TABLE given (n BIGINT, s STRING, seen AS PROCTIME())
WITH ('connector' = 'filesystem', 'path' = '{folder}/given', 'format' = 'json', 'source.monitor-interval' = '50 ms');
CREATE TABLE taken (n BIGINT, s STRING)
WITH ('connector' = 'filesystem', 'path' = '{folder}/taken', 'format' = 'json',
  'sink.rolling-policy.rollover-interval' = '50 ms', 'sink.rolling-policy.check-interval' = '50 ms');
INSERT INTO taken SELECT n, s FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY n, s ORDER BY seen) AS nth FROM given) WHERE nth = 1;
"""


def snapshots(folder):
    """The content of every file of what counts as a snapshot."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names if "_metadata" in names else []:
            with open(os.path.join(path, name), "rb") as file:
                found[os.path.join(path, name)] = file.read()
    return found


def leftovers(folder):
    """Folders of checkpoints without metadata."""
    return [path for path, _, names in os.walk(folder)
            if os.path.basename(path).startswith("chk-") and "_metadata" not in names]


DISTINCT_RUN = ["job.sql", "--checkpoint-dir", "state", "--checkpoint-interval", "100ms"]


def test_full_disk_while_a_checkpoint_is_written(sandbox):
    """Tolerated: the job goes on, and commits when there is room again."""
    with SmallDisk(sandbox.path("state"), "300k") as disk:
        sandbox.write("job.sql", DISTINCT.format(folder=sandbox.folder))
        rows = given(sandbox, "1", 100)
        process = sandbox.start(
            "run", *DISTINCT_RUN, "--set", "execution.checkpointing.tolerable-failed-checkpoints=1000"
        )
        wait_for(lambda: len(sandbox.read_folder("taken")) == 100, "rows")
        rows += given(sandbox, "2", 20000, first=100)
        sandbox.wait_for_job(lambda job: job.get("failedCheckpoints", 0) > 0)
        # What the disk has no room for is in no checkpoint: the last good one is that of before.
        good = snapshots(sandbox.path("state"))
        failed = sandbox.jobs()[0]["failedCheckpoints"]
        job = sandbox.wait_for_job(
            lambda job: job["failedCheckpoints"] > failed + 2 and job["recordsIn"] == len(rows)
        )
        assert job["state"] == "RUNNING" and job["restarts"] == 0, job
        assert good and snapshots(sandbox.path("state")) == good
        assert set(sandbox.read_folder("taken")) == set(rows[:100])
        disk.resize("64m")
        wait_for(lambda: len(sandbox.read_folder("taken")) == len(rows), "rows")
        assert sandbox.run("stop", "--to", "saves").code == 0
        ended = sandbox.wait(process)
        assert ended.code == 0 and sandbox.path("state") in ended.err, ended
        assert "No space left on device; make room there" in ended.err, ended
    assert sandbox.read_folder("taken") == sorted(rows)


def test_full_disk_fails_a_job_that_tolerates_no_failed_checkpoint(sandbox):
    with SmallDisk(sandbox.path("state"), "300k") as disk:
        sandbox.write("job.sql", DISTINCT.format(folder=sandbox.folder))
        rows = given(sandbox, "1", 100)
        process = sandbox.start("run", *DISTINCT_RUN, "--set", "restart-strategy.type=none")
        wait_for(lambda: len(sandbox.read_folder("taken")) == 100, "rows")
        rows += given(sandbox, "2", 20000, first=100)
        ended = sandbox.wait(process)
        assert ended.code == 1 and sandbox.path("state") in ended.err, ended
        assert "No space left on device; make room there" in ended.err, ended
        assert snapshots(sandbox.path("state")) and not leftovers(sandbox.path("state"))
        assert set(sandbox.read_folder("taken")) == set(rows[:100])
        disk.resize("64m")
        process = sandbox.start("run", *DISTINCT_RUN, "--from", "state")
        wait_for(lambda: len(sandbox.read_folder("taken")) == len(rows), "rows")
        assert sandbox.run("stop", "--to", "saves").code == 0
        assert sandbox.wait(process).code == 0
    assert sandbox.read_folder("taken") == sorted(rows)


def snapshot_of(sandbox, script):
    """A savepoint of a running job, which is then cancelled."""
    sandbox.write("saved.sql", script)
    process = sandbox.start("run", "saved.sql")
    sandbox.wait_for_job(lambda job: job["state"] == "RUNNING" and job["recordsIn"] > 0)
    saved = sandbox.run("savepoint", "--to", sandbox.path("saves"))
    assert saved.code == 0, saved
    process.send_signal(signal.SIGINT)
    sandbox.wait(process)
    return saved.out.strip()


def test_broken_snapshots(sandbox):
    good = snapshot_of(sandbox, jobs.ENDLESS)
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(good) for name in names)
    assert any(file.endswith("_metadata") for file in files) and len(files) > 1, files
    for file in files:
        with open(file, "rb") as read:
            content = read.read()
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 0x40
        for how, broken in (("truncated", content[: len(content) // 2]), ("empty", b""), ("flipped", bytes(flipped))):
            with open(file, "wb") as write:
                write.write(broken)
            ended = sandbox.run("run", "--from", good, "saved.sql")
            assert ended.code == 4 and good in ended.err, (how, file, ended)
        os.rename(file, file + ".away")
        ended = sandbox.run("run", "--from", good, "saved.sql")
        # Without its metadata a folder is no snapshot at all.
        assert ended.code == (2 if file.endswith("_metadata") else 4) and good in ended.err, (file, ended)
        os.rename(file + ".away", file)
        with open(file, "wb") as write:
            write.write(content)
    process = sandbox.start("run", "--from", good, "saved.sql")
    sandbox.wait_for_job(lambda job: job["state"] == "RUNNING" and job["recordsIn"] > 0)
    process.send_signal(signal.SIGINT)
    sandbox.wait(process)


def test_snapshots_of_something_else(sandbox):
    good = snapshot_of(sandbox, jobs.ENDLESS)
    shutil.copytree(good, sandbox.path("foreign"))
    metadata = [os.path.join(folder, "_metadata") for folder, _, names in os.walk(sandbox.path("foreign"))
                if "_metadata" in names]
    # As a savepoint of Flink begins: its magic number, and a version.
    with open(metadata[0], "wb") as write:
        write.write(bytes.fromhex("4960672d00000006") + b"\0" * 64)
    ended = sandbox.run("run", "--from", "foreign", "saved.sql")
    assert ended.code == 4 and "foreign" in ended.err, ended
    # A snapshot of another script.
    jobs.orders(sandbox)
    ended = sandbox.run("run", "--from", good, "job.sql")
    assert ended.code == 4 and good in ended.err, ended
    assert "--allow-non-restored-state" in ended.err, ended
    ended = sandbox.run("run", "--from", good, "--allow-non-restored-state", "job.sql")
    assert ended.code == 0, ended


def test_a_file_that_went_or_shrank_while_the_job_was_down(sandbox):
    """A checkpoint holds the place in a file; the file is not what it was when the job comes back."""
    copy(sandbox)
    arguments = ["job.sql", "-p", "1", "--checkpoint-dir", "state", "--checkpoint-interval", "10ms"]
    rows = given(sandbox, "1", 1_500_000)  # long enough for a checkpoint in its middle
    killed = sandbox.run("run", *arguments, CASTOR_FAULT="checkpoint.before-cleanup")
    assert killed.code != 0, killed
    with open(sandbox.path("given/1")) as read:
        text = read.read()
    with open(sandbox.path("given/1"), "w") as write:
        write.write(text[:100])
    plain = ["--set", "restart-strategy.type=none", "--from", "state"]
    ended = sandbox.run("run", *arguments, *plain)
    assert ended.code == 1 and f"'{sandbox.path('given/1')}' became shorter" in ended.err, ended
    os.unlink(sandbox.path("given/1"))
    ended = sandbox.run("run", *arguments, *plain)
    assert ended.code == 1 and f"cannot open '{sandbox.path('given/1')}'" in ended.err, ended
    assert "put it back" in ended.err, ended
    with open(sandbox.path("given/1"), "w") as write:
        write.write(text)
    ended = sandbox.run("run", *arguments, *plain)
    assert ended.code == 0, ended
    assert sandbox.read_folder("taken") == sorted(rows)
