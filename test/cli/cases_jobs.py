"""Running jobs: seen, saved, stopped, restored, cancelled from another shell."""

import os
import signal
import socket
import time
import urllib.request

import jobs
from sandbox import screen, wait_for


def start_endless(sandbox, *arguments):
    sandbox.write("job.sql", jobs.ENDLESS)
    process = sandbox.start("run", "job.sql", *arguments)
    return process, sandbox.wait_for_job(
        lambda job: job["state"] == "RUNNING" and job["recordsIn"] > 0
    )


def test_list_and_status(sandbox):
    assert sandbox.run("list").err == "no job is running\n"
    process, job = start_endless(sandbox, "--name", "counter")
    listed = sandbox.run("list")
    assert job["id"] in listed.out and "counter" in listed.out and "running" in listed.out, listed
    status = sandbox.run("status", "counter")
    assert status.code == 0 and "rows in" in status.out and "checkpoint" in status.out, status
    assert sandbox.run("status", job["id"][:3]).code == 0
    wrong = sandbox.run("status", "nosuch")
    assert wrong.code == 2 and job["id"] in wrong.err, wrong
    assert sandbox.run("cancel").code == 0
    ended = sandbox.wait(process)
    assert ended.code == 130 and "counter cancelled after" in ended.err, ended
    assert sandbox.jobs() == []


def test_stop_and_go_on(sandbox):
    process, _ = start_endless(sandbox)
    stopped = sandbox.run("stop", "--to", "saves")
    path = stopped.out.strip()
    assert stopped.code == 0 and os.path.dirname(path) == sandbox.path("saves"), stopped
    assert os.path.isdir(path)
    ended = sandbox.wait(process)
    assert ended.code == 0 and "job stopped after" in ended.err, ended
    # At another parallelism, and found in the folder of snapshots.
    process = sandbox.start("run", "job.sql", "--from", "saves", "-p", "2")
    job = sandbox.wait_for_job(lambda each: each["state"] == "RUNNING" and each["recordsIn"] > 0)
    assert job["stateBytes"] >= 0
    process.send_signal(signal.SIGTERM)
    assert sandbox.wait(process).code == 130


def test_savepoint_while_it_runs(sandbox):
    process, job = start_endless(sandbox)
    saved = sandbox.run("savepoint", job["id"], "--to", sandbox.path("saves"))
    assert saved.code == 0 and os.path.isdir(saved.out.strip()), saved
    assert sandbox.jobs()[0]["state"] == "RUNNING"
    # A changed script whose operators are others does not take the state.
    changed = jobs.ENDLESS.replace("COUNT(*)", "MAX(n)")
    sandbox.write("changed.sql", changed)
    refused = sandbox.run("run", "changed.sql", "--from", saved.out.strip())
    assert refused.code == 4, refused
    process.send_signal(signal.SIGINT)
    assert sandbox.wait(process).code == 130


def test_savepoint_without_a_folder(sandbox):
    process, _ = start_endless(sandbox)
    refused = sandbox.run("savepoint")
    assert refused.code != 0 and "savepoint" in refused.err, refused
    process.send_signal(signal.SIGINT)
    assert sandbox.wait(process).code == 130


def test_checkpoints_are_taken_and_restored(sandbox):
    process, _ = start_endless(
        sandbox, "--checkpoint-dir", "state", "--checkpoint-interval", "200ms", "--set",
        "execution.checkpointing.externalized-checkpoint-retention=RETAIN_ON_CANCELLATION",
    )
    job = sandbox.wait_for_job(lambda each: each.get("completedCheckpoints", 0) >= 2)
    assert job["lastCheckpoint"].startswith(sandbox.path("state")), job
    process.send_signal(signal.SIGINT)
    ended = sandbox.wait(process)
    assert ended.code == 130 and "last checkpoint: " in ended.err, ended
    path = ended.err.split("last checkpoint: ")[1].strip()
    assert os.path.isdir(path)
    process = sandbox.start("run", "job.sql", "--from", path)
    sandbox.wait_for_job(lambda each: each.get("recordsIn", 0) > 0)
    process.send_signal(signal.SIGINT)
    assert sandbox.wait(process).code == 130


def test_metrics_are_served(sandbox):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process, _ = start_endless(sandbox, "--metrics-port", str(port))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        text = page.read().decode()
    assert "flink_taskmanager_job_task_operator_numRecordsOut" in text, text
    process.send_signal(signal.SIGINT)
    assert sandbox.wait(process).code == 130


def test_plain_lines_without_a_terminal(sandbox):
    process, _ = start_endless(sandbox)
    wait_for(lambda: os.path.getsize(sandbox.path("err.txt")) > 0, "line")
    process.send_signal(signal.SIGINT)
    *running, last = sandbox.wait(process).err.splitlines()
    assert running and last.startswith("job cancelled after "), (running, last)
    for line in running:
        assert line.startswith("job running ") and "rows in" in line and "\x1b" not in line, line


def test_live_view_on_a_terminal(sandbox):
    sandbox.write("job.sql", jobs.ENDLESS)
    ended = sandbox.terminal("run", "job.sql", interrupt_when=lambda shown: "busiest" in shown)
    assert ended.code == 130, ended
    for words in ("● ", "rows in", "rows out", "watermark", "checkpoint", "state", "busiest"):
        assert words in ended.out, words
    lines = screen(ended.out)
    # The block is gone, the summary stays.
    assert lines[-1].startswith("job cancelled after "), lines
    assert not any("busiest" in line for line in lines), lines


def test_rows_scroll_by_above_the_live_view(sandbox):
    sandbox.write(
        "job.sql", jobs.ENDLESS.split("CREATE TABLE sums")[0] + "SELECT n FROM numbers;"
    )


    def numbers(shown):
        lines = [line.strip("| ") for line in screen(shown)]
        return [int(line) for line in lines if line.isdigit()]

    # Rows that came after the block had been drawn stand above it as the others do.
    def has_scrolled(shown):
        before = shown.find("busiest")
        return before >= 0 and len(numbers(shown)) > len(numbers(shown[:before])) + 10

    ended = sandbox.terminal("run", "job.sql", interrupt_when=has_scrolled)
    seen = numbers(ended.out)
    assert len(seen) > 10 and seen == list(range(1, len(seen) + 1)), screen(ended.out)[-20:]


def test_quiet_is_quiet(sandbox):
    """Not even a failed checkpoint is told, only the error in the end."""
    sandbox.write("job.sql", jobs.ENDLESS)
    arguments = ["job.sql", "--checkpoint-interval", "20ms", "--set", "restart-strategy.type=none"]
    fault = {"CASTOR_FAULT": "checkpoint.before-metadata-write:1:error"}
    told = sandbox.run("run", *arguments, **fault)
    assert told.code == 1 and "snapshot 1 failed" in told.err, told
    quiet = sandbox.run("run", "-q", *arguments, **fault)
    assert quiet.code == 1 and quiet.err.count("\n") == 1, quiet
    assert quiet.err.startswith("castor: error: "), quiet


def test_narrow_terminals_are_not_overrun(sandbox):
    sandbox.write("job.sql", jobs.ENDLESS)
    ended = sandbox.terminal(
        "run", "job.sql", columns=50, interrupt_when=lambda shown: "busiest" in shown, NO_COLOR="1"
    )
    drawn = [line for line in ended.out.split("\n") if line.startswith("  ")]
    assert drawn and all(len(line) < 50 for line in drawn), drawn


def test_what_a_killed_command_leaves_is_cleaned_up(sandbox):
    process, job = start_endless(sandbox)
    process.kill()
    process.wait()
    assert sandbox.jobs() == []
    folder = os.path.dirname(job["socket"])
    deadline = time.monotonic() + 20
    # The worker does not outlive its command.
    while time.monotonic() < deadline:
        sandbox.jobs()
        if os.listdir(folder) == []:
            return
        time.sleep(0.1)
    raise AssertionError(os.listdir(folder))
