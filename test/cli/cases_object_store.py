"""Checkpoints, savepoints and input in an S3 store, which each case starts."""

import collections
import json
import os
import pathlib
import signal
import subprocess
import sys

import jobs
from sandbox import Skipped

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "s3"))
from s3_server import KEYS, S3Server


def start_server(sandbox):
    """It ends with the sandbox."""
    server = S3Server(sandbox.path("s3"))
    sandbox.running.append(server.process)
    sandbox.environment.update(KEYS)
    return server


COUNTS = """\
CREATE TABLE numbers (n BIGINT)
WITH ('connector' = 'datagen', 'rows-per-second' = '{rate}',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '4000');
CREATE TABLE seen (n BIGINT, times BIGINT)
WITH ('connector' = 'filesystem', 'path' = 'seen', 'format' = 'json', 'sink.rolling-policy.file-size' = '4kb');
INSERT INTO seen SELECT n, COUNT(*) OVER (PARTITION BY MOD(n, 10) ORDER BY pt)
FROM (SELECT n, PROCTIME() AS pt FROM numbers);
"""


def kill_worker(process):
    """Kills the worker of a `castor run`, as a crash would."""
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    workers = [int(each) for each in children if "worker" in pathlib.Path(f"/proc/{each}/comm").read_text()]
    assert len(workers) == 1, children
    os.kill(workers[0], signal.SIGKILL)


def snapshots(server, prefix):
    return [name for name in server.objects(prefix) if name.endswith("/_metadata")]


def test_a_killed_job_goes_on_from_its_checkpoint_in_an_object_store(sandbox):
    server = start_server(sandbox)
    sandbox.write("counts.sql", COUNTS.format(rate=50))  # however slow the store is, the job is killed before its end
    arguments = ["counts.sql", "--set", server.endpoint, "--checkpoint-dir", "s3://lake/state",
                 "--checkpoint-interval", "300ms"]
    for kills in range(2):
        source = ["--from", "s3://lake/state", "--claim-mode", "claim"] if kills else []
        process = sandbox.start("run", *arguments, *source)
        job = sandbox.wait_for_job(lambda each: each.get("completedCheckpoints", 0) >= 2)
        assert job["lastCheckpoint"].startswith("s3://lake/state/"), job
        kill_worker(process)
        assert sandbox.wait(process).code != 0
        assert snapshots(server, "state/"), server.objects("")
    sandbox.write("counts.sql", COUNTS.format(rate=2000))
    ended = sandbox.run("run", *arguments, *source)
    assert ended.code == 0 and "starting from s3://lake/state/" in ended.err, ended
    rows = [json.loads(line) for line in sandbox.read_folder("seen")]
    assert sorted(row["n"] for row in rows) == list(range(1, 4001))
    per_key = collections.defaultdict(list)
    for row in rows:
        per_key[row["n"] % 10].append(row["times"])
    assert all(sorted(times) == list(range(1, 401)) for times in per_key.values())
    assert not snapshots(server, "state/"), server.objects("")


# Six thousand keys of half a kilobyte, of which each comes three times.
LARGE = """\
CREATE TABLE numbers (n BIGINT)
WITH ('connector' = 'datagen', 'rows-per-second' = '{rate}',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '18000');
CREATE TABLE seen (n BIGINT, times BIGINT, last BIGINT)
WITH ('connector' = 'filesystem', 'path' = 'seen', 'format' = 'json', 'sink.rolling-policy.file-size' = '64kb');
INSERT INTO seen SELECT n, times, CAST(SUBSTRING(last, 490) AS BIGINT) FROM (
  SELECT n, COUNT(*) OVER w AS times, MAX(LPAD(CAST(n AS STRING), 500, '0')) OVER w AS last
  FROM (SELECT n, PROCTIME() AS pt FROM numbers)
  WINDOW w AS (PARTITION BY MOD(n, 6000) ORDER BY pt));
"""


def local_bytes(sandbox):
    files = (os.path.join(at, name) for at, _, names in os.walk(sandbox.path("local")) for name in names)
    return sum(os.stat(file).st_blocks * 512 for file in files if os.path.exists(file))


def stored_bytes(server):
    files = (os.path.join(server.folder, "lake", name) for name in server.objects("state/"))
    return sum(os.path.getsize(file) for file in files if os.path.exists(file))


def run_with_little_memory(sandbox, server, **options):
    """Kills the job when keys have come again, and restores it. Returns what its state took at most: bytes of
    the folder `local`, and bytes in the store."""
    os.makedirs(sandbox.path("local"))
    sandbox.write("large.sql", LARGE.format(rate=500))  # however slow the store is, the job is killed before its end
    arguments = ["large.sql", "--checkpoint-dir", "s3://lake/state", "--checkpoint-interval", "500ms"]
    arguments += ["--set", server.endpoint]
    given = {"memory.managed": "false", "offheap.size": "1mb", "total.writebuffer.size": "1mb",
             "file.cache.preserved-space": "0", "local.dir": sandbox.path("local"),
             "file.compression": "false",  # its values are mostly zeros, and would be no load
             **options}
    for key, value in given.items():
        arguments += ["--set", f"state.backend.gemini.{key}={value}"]
    local = stored = 0

    def is_far(job):
        nonlocal local, stored
        local, stored = max(local, local_bytes(sandbox)), max(stored, stored_bytes(server))
        return job.get("completedCheckpoints", 0) >= 1 and job.get("recordsIn", 0) > 6500

    process = sandbox.start("run", *arguments)
    sandbox.wait_for_job(is_far)
    kill_worker(process)
    assert sandbox.wait(process).code != 0
    sandbox.write("large.sql", LARGE.format(rate=5000))
    ended = sandbox.run("run", *arguments, "--from", "s3://lake/state", "--claim-mode", "claim")
    assert ended.code == 0 and "starting from s3://lake/state/" in ended.err, ended
    rows = [json.loads(line) for line in sandbox.read_folder("seen")]
    assert sorted(row["n"] for row in rows) == list(range(1, 18001))
    assert all(row["times"] == (row["n"] - 1) // 6000 + 1 and row["last"] == row["n"] for row in rows)
    assert not server.objects("state/"), server.objects("state/")
    return local, stored


def test_state_of_several_times_the_local_disk(sandbox):
    local, stored = run_with_little_memory(sandbox, start_server(sandbox), **{"file.cache.size": "512kb"})
    assert 0 < local <= 600 << 10 and stored > 3 * local, (local, stored)
    assert not os.listdir(sandbox.path("local"))


def test_state_without_any_local_disk(sandbox):
    none = {"file.cache.type": "NONE", "local.dir": "/proc/none"}
    local, stored = run_with_little_memory(sandbox, start_server(sandbox), **none)
    assert local == 0 and stored > 1 << 20, stored


# The folder `local` is a disk of its own, which goes with the command.
ON_A_DISK = """\
#!/bin/sh
[ "$1" = run ] || exec {castor} "$@"
exec unshare --mount sh -c 'mount -t tmpfs -o {options} none local && {fill} && exec {castor} "$@"' - "$@"
"""


def use_disk(sandbox, castor, options, fill):
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
        raise Skipped("disks cannot be mounted here")
    sandbox.castor = sandbox.write("castor-on-a-disk", ON_A_DISK.format(castor=castor, options=options, fill=fill))
    os.chmod(sandbox.castor, 0o755)


def test_a_full_local_disk_fails_no_job(sandbox):
    server, castor = start_server(sandbox), sandbox.castor
    # There is a quarter of a megabyte left.
    use_disk(sandbox, castor, options="size=16m", fill="head -c 16515072 /dev/zero > local/full")
    _, stored = run_with_little_memory(sandbox, server)
    assert stored > 1 << 20, stored

    # Not even a folder can be made.
    use_disk(sandbox, castor, options="size=16m,nr_inodes=1", fill="true")
    sandbox.write("short.sql", jobs.ENDLESS.replace("100000000", "100"))
    ended = sandbox.run("run", "short.sql", "--checkpoint-dir", "s3://lake/state", "--set", server.endpoint,
                        "--set", f"state.backend.gemini.local.dir={sandbox.path('local')}")
    assert ended.code == 0 and "state is not cached on local disk" in ended.err, ended
    assert not server.objects("state/"), server.objects("state/")


def test_a_savepoint_in_an_object_store(sandbox):
    server = start_server(sandbox)
    sandbox.write("endless.sql", jobs.ENDLESS)
    run = ["run", "endless.sql", "--set", server.endpoint]
    process = sandbox.start(*run)
    sandbox.wait_for_job(lambda each: each.get("recordsIn", 0) > 20)
    stopped = sandbox.run("stop", "--to", "s3://lake/saves")
    path = stopped.out.strip()
    assert stopped.code == 0 and path.startswith("s3://lake/saves/savepoint-"), stopped
    assert sandbox.wait(process).code == 0
    assert snapshots(server, "saves/") == [path.removeprefix("s3://lake/") + "/_metadata"]
    # Its successor keeps checkpoints on a disk, and stops to one.
    process = sandbox.start(*run, "--from", "s3a://lake/saves", "--checkpoint-dir", "state",
                            "--checkpoint-interval", "100ms")
    sandbox.wait_for_job(lambda each: each.get("completedCheckpoints", 0) > 0)
    stopped = sandbox.run("stop", "--to", "saves")
    assert stopped.code == 0 and os.path.exists(os.path.join(stopped.out.strip(), "_metadata")), stopped
    ended = sandbox.wait(process)
    assert ended.code == 0 and "starting from s3a://lake/saves/savepoint-" in ended.err, ended


def test_what_is_wrong_with_an_object_store_is_told_at_the_start(sandbox):
    server = start_server(sandbox)
    sandbox.write("endless.sql", jobs.ENDLESS)
    run = ["run", "endless.sql", "--set", server.endpoint, "--checkpoint-interval", "100ms", "--checkpoint-dir"]
    ended = sandbox.run(*run, "s3://dry-lake/state")
    assert ended.code == 2 and "there is no bucket 'dry-lake'" in ended.err, ended
    ended = sandbox.run(*run, "s3://lake/state", AWS_SECRET_ACCESS_KEY="another")
    assert ended.code == 1 and "SIGNATURE_DOES_NOT_MATCH" in ended.err, ended
    assert "check s3.access-key and s3.secret-key, or AWS_ACCESS_KEY_ID" in ended.err, ended
    ended = sandbox.run(*run, "s3://lake/state", "--set", "s3.endpont=x")
    assert ended.code == 2 and "'s3.endpont'" in ended.err and "s3.endpoint" in ended.err, ended
    ended = sandbox.run(*run, "gs://lake/state")
    assert ended.code == 3 and "'gs'" in ended.err and "s3" in ended.err, ended
    ended = sandbox.run("run", "endless.sql", "--set", server.endpoint, "--from", "s3://lake/none")
    assert ended.code == 2 and "no snapshot at s3://lake/none" in ended.err, ended


def test_an_object_store_that_dies_ends_a_job_that_may_not_restart(sandbox):
    server = start_server(sandbox)
    sandbox.write("endless.sql", jobs.ENDLESS)
    process = sandbox.start("run", "endless.sql", "--set", server.endpoint, "--checkpoint-dir", "s3://lake/state",
                            "--checkpoint-interval", "100ms", "--set", "restart-strategy.type=none")
    sandbox.wait_for_job(lambda each: each.get("completedCheckpoints", 0) > 0)
    server.kill()
    ended = sandbox.wait(process, timeout=120)
    assert ended.code == 1 and "s3://lake/state/" in ended.err, ended
    assert "check s3.endpoint, and that the store can be reached" in ended.err, ended


def test_tables_are_read_from_an_object_store_and_not_written(sandbox):
    server = start_server(sandbox)
    sandbox.write("s3/lake/orders/1.json", '{"id": 1, "customer": "ann", "price": 50}\n')
    sandbox.write("s3/lake/orders/2.json", '{"id": 2, "customer": "bob", "price": 5}\n{"id": 3, "customer": "cem", "price": 500}\n')
    sandbox.write("job.sql", jobs.ORDERS.format(folder=sandbox.folder).replace(
        f"{sandbox.folder}/orders", "s3://lake/orders"))
    ended = sandbox.run("run", "job.sql", "--set", server.endpoint)
    assert ended.code == 0, ended
    assert sandbox.read_folder("totals") == ['{"customer":"ann","price":50.0}', '{"customer":"cem","price":500.0}']
    sandbox.write("job.sql", jobs.ORDERS.format(folder="s3://lake"))
    ended = sandbox.run("run", "job.sql", "--set", server.endpoint)
    assert ended.code == 3 and "s3://lake/totals" in ended.err, ended
