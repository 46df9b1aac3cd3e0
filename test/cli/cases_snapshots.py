"""Snapshots: golden ones, changed scripts, what a path means, who owns what."""

import json
import os
import pathlib
import signal

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "snapshots"
RETAIN = "execution.checkpointing.externalized-checkpoint-retention=RETAIN_ON_CANCELLATION"


def golden_script(sandbox, name, paced="false"):
    """The job of the golden snapshots, with its hashes going to the folder `name`."""
    script = (GOLDEN / "job.sql").read_text()
    script = script.replace("${PATH}", sandbox.path(name)).replace("${PACED}", paced)
    sandbox.write(name + ".sql", script)
    return name + ".sql"


def hashes(sandbox, name):
    """Per table, the hash of its materialised rows and how many there are."""
    found = {}
    for table in os.listdir(sandbox.path(name)):
        total = rows = 0
        for part in pathlib.Path(sandbox.path(name), table).iterdir():
            counts = json.loads(part.read_text())
            total += int(counts["hash"])
            rows += counts["+I"] + counts["+U"] - counts["-U"] - counts["-D"]
        found[table] = (total % 2**64, rows)
    return found


def test_golden_snapshots_restore(sandbox):
    undisturbed = sandbox.run("run", "-q", golden_script(sandbox, "undisturbed"))
    assert undisturbed.code == 0, undisturbed
    expected = hashes(sandbox, "undisturbed")
    assert len(expected) == 7 and all(rows > 0 for _, rows in expected.values()), expected
    snapshots = [each for each in GOLDEN.iterdir() if each.is_dir()]
    assert snapshots
    for snapshot in snapshots:
        for parallelism in ("1", "2", "3"):
            name = f"{snapshot.name}-{parallelism}"
            script = golden_script(sandbox, name)
            restored = sandbox.run("run", "-q", script, "-p", parallelism, "--from", str(snapshot))
            assert restored.code == 0, restored
            assert hashes(sandbox, name) == expected, (name, hashes(sandbox, name), expected)


COUNTS = """\
CREATE TABLE numbers (n BIGINT)
WITH ('connector' = 'datagen', 'rows-per-second' = '200',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '100000000');
CREATE TABLE sums (parity BIGINT, n BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO sums SELECT MOD(n, 2), COUNT(*) FROM numbers GROUP BY MOD(n, 2);
"""


def saved(sandbox, *arguments):
    """Lets the job COUNTS run for a moment and stops it; the savepoint's path."""
    sandbox.write("counts.sql", COUNTS)
    process = sandbox.start("run", "counts.sql", *arguments)
    sandbox.wait_for_job(lambda each: each.get("recordsIn", 0) > 20)
    stopped = sandbox.run("stop", "--to", "saves")
    assert stopped.code == 0 and sandbox.wait(process).code == 0, stopped
    return stopped.out.strip()


def goes_on(sandbox, script, *arguments):
    """Starts the script and sees it run; what it wrote to standard error."""
    process = sandbox.start("run", script, *arguments)
    sandbox.wait_for_job(lambda each: each.get("recordsIn", 0) > 20)
    process.send_signal(signal.SIGINT)
    ended = sandbox.wait(process)
    assert ended.code == 130, ended
    return ended.err


def test_a_changed_script_restores_where_it_matches(sandbox):
    snapshot = saved(sandbox)
    for name, old, new in (
        ("filter", "FROM numbers", "FROM numbers WHERE n > 5"),
        ("key", "MOD(n, 2)", "MOD(n, 3)"),
        ("insert", "INSERT", "INSERT INTO sums SELECT n, n FROM numbers;\nINSERT"),
    ):
        sandbox.write(name + ".sql", COUNTS.replace(old, new))
        assert "left behind" not in goes_on(sandbox, name + ".sql", "--from", snapshot), name


def test_what_does_not_match_is_refused_by_name(sandbox):
    snapshot = saved(sandbox)
    for name, old, new, reason in (
        ("function", "COUNT(*)", "SUM(n)", "keeps another kind of state"),
        ("type", "(*) FROM numbers GROUP BY MOD(n, 2)", "(DISTINCT n) FROM numbers GROUP BY MOD(n, 2)",
         "keeps another kind of state"),
        ("table", "sums", "totals", "the job has no such operator"),
    ):
        sandbox.write(name + ".sql", "-- A line more.\n" + COUNTS.replace(old, new))
        refused = sandbox.run("run", name + ".sql", "--from", snapshot)
        assert refused.code == 4 and reason in refused.err, refused
        assert "'group-aggregate:sums<numbers[INT]'" in refused.err, refused
        # The place is the one in this script.
        assert ("type.sql:6:1" in refused.err) == (name == "type"), refused
        assert "--allow-non-restored-state" in refused.err, refused
        dropped = goes_on(
            sandbox, name + ".sql", "--from", snapshot, "--allow-non-restored-state"
        )
        assert "state is left behind: 'group-aggregate:sums" in dropped, dropped


def test_a_folder_means_what_nobody_has_gone_on_from(sandbox):
    first = saved(sandbox)
    second = saved(sandbox, "--from", "saves")
    assert first != second and os.path.isdir(first)
    assert f"starting from {second}" in goes_on(sandbox, "counts.sql", "--from", "saves")
    third = saved(sandbox, "--from", first)
    refused = sandbox.run("run", "counts.sql", "--from", "saves")
    assert refused.code == 2 and second in refused.err and third in refused.err, refused
    assert first not in refused.err, refused


def test_a_claimed_snapshot_goes_with_the_next(sandbox):
    first = saved(sandbox)
    checkpoints = ("--checkpoint-dir", "state", "--checkpoint-interval", "100ms")
    process = sandbox.start(
        "run", "counts.sql", "--from", first, "--claim-mode", "claim", *checkpoints, "--set", RETAIN
    )
    sandbox.wait_for_job(lambda each: each.get("completedCheckpoints", 0) >= 2)
    assert not os.path.exists(first)
    process.send_signal(signal.SIGINT)
    assert sandbox.wait(process).code == 130
    left = [folder for folder, _, names in os.walk(sandbox.path("state")) if "_metadata" in names]
    assert len(left) == 1, left
