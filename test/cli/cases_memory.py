"""What a job's process takes of memory."""

import re
import signal
import time

# State that grows by every row.
GROWING = """\
CREATE TABLE numbers (n BIGINT)
WITH ('connector' = 'datagen', 'rows-per-second' = '2000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '1000000000');
CREATE TABLE counts (n BIGINT, c BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO counts SELECT n, COUNT(*) FROM numbers GROUP BY n;
"""


# A million keys, each of which comes twice.
BEYOND = """\
CREATE TABLE numbers (n BIGINT, p AS PROCTIME())
WITH ('connector' = 'datagen', 'rows-per-second' = '100000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '1999999');
CREATE TABLE firsts (k BIGINT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/firsts', 'format' = 'csv');
INSERT INTO firsts SELECT k FROM (
  SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY p) AS r
  FROM (SELECT MOD(n, 1000000) AS k, p FROM numbers))
WHERE r = 1;
"""


def worker_status(process):
    """/proc's status of the worker that a `castor run` has started, or nothing."""
    try:
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as children:
            for child in children.read().split():
                with open(f"/proc/{child}/status") as status:
                    text = status.read()
                if text.startswith("Name:\tcastor-worker\n"):
                    return text
    except OSError:
        pass
    return ""


def resident(process):
    """Megabytes of the worker, now and at most; nothing if there is none."""
    text = worker_status(process)
    figures = [re.search(rf"{name}:\s+(\d+) kB", text) for name in ("VmRSS", "VmHWM")]
    return [int(figure[1]) / 1024 for figure in figures] if all(figures) else None


def most_resident(process):
    """Megabytes of the worker at most, until it ends."""
    most = 0
    while process.poll() is None:
        most = max([most, *(resident(process) or [])])
        time.sleep(0.05)
    return most


def test_state_beyond_its_figure_goes_to_disk(sandbox):
    sandbox.write("beyond.sql", BEYOND.format(folder=sandbox.folder))
    process = sandbox.start("run", "-q", "beyond.sql", "-p", "2", "--memory", "64mb")
    most = most_resident(process)
    ended = sandbox.wait(process)
    assert ended.code == 0, ended
    firsts = sandbox.read_folder("firsts")
    assert len(firsts) == len(set(firsts)) == 1_000_000, len(firsts)
    assert 30 < most <= 1.05 * 64, most


# A window of several times the figure: what it held and how often it fired show in one row.
WINDOW = """\
CREATE TABLE numbers (n BIGINT, ts AS TO_TIMESTAMP_LTZ(n / 1000, 3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'datagen', 'rows-per-second' = '100000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '999999');
CREATE TABLE windows (ks BIGINT, least BIGINT, most BIGINT, total BIGINT, last STRING)
WITH ('connector' = 'filesystem', 'path' = '{folder}/windows', 'format' = 'csv');
INSERT INTO windows
SELECT COUNT(*), MIN(k), MAX(k), SUM(s), MAX(t) FROM (
  SELECT window_start, window_end, n AS k, SUM(n) AS s, MAX(LPAD(CAST(n AS STRING), 60, 'x')) AS t
  FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(ts), INTERVAL '1' HOUR))
  GROUP BY window_start, window_end, n)
GROUP BY window_start, window_end;
"""


def test_a_window_larger_than_memory_fires_within_it(sandbox):
    sandbox.write("window.sql", WINDOW.format(folder=sandbox.folder))
    process = sandbox.start("run", "-q", "window.sql", "-p", "2", "--memory", "64mb")
    most = most_resident(process)
    ended = sandbox.wait(process)
    assert ended.code == 0, ended
    assert sandbox.read_folder("windows") == [f"1000000,0,999999,499999500000,\"{'x' * 59}9\""], most
    assert 30 < most <= 1.05 * 64, most


def test_state_that_fits_passes_whatever_its_next_step_would_take(sandbox):
    """Twice the directory that it has would not."""
    sandbox.write("filled.sql", GROWING.replace("1000000000", "500000"))
    process = sandbox.start("run", "-q", "filled.sql", "-p", "1", "--memory", "64mb")
    most = most_resident(process)
    ended = sandbox.wait(process)
    assert ended.code == 0, ended
    assert 30 < most <= 64, most


def test_a_figure_that_is_too_small_is_refused(sandbox):
    sandbox.write("growing.sql", GROWING)
    refused = sandbox.run("run", "-q", "growing.sql", "--memory", "20mb")
    assert refused.code == 2 and "at least 32mb" in refused.err, refused


def test_an_idle_job_is_small(sandbox):
    idle = GROWING.replace("2000000", "1")
    sandbox.write("idle.sql", idle)
    process = sandbox.start("run", "idle.sql")
    sandbox.wait_for_job(lambda each: each.get("recordsIn", 0) > 1)
    now, most = resident(process)
    assert most < 50, (now, most)
    process.send_signal(signal.SIGINT)
    assert sandbox.wait(process).code == 130


# Two hundred thousand keys, which need most of the memory, from several subtasks to several.
COUNTED = """\
CREATE TABLE numbers (n BIGINT, ts AS TO_TIMESTAMP_LTZ(n, 3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'datagen', 'rows-per-second' = '100000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '2999999');
CREATE TABLE counted (ks BIGINT, ns BIGINT, most BIGINT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/counted', 'format' = 'csv');
INSERT INTO counted
SELECT COUNT(*), SUM(c), MAX(c) FROM (
  SELECT window_start, window_end, MOD(n, 200000) AS k, COUNT(*) AS c
  FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(ts), INTERVAL '1' HOUR))
  GROUP BY window_start, window_end, MOD(n, 200000))
GROUP BY window_start, window_end;
"""


def test_a_job_that_fits_in_its_figure_only_just(sandbox):
    """It may be slow, but what it makes is right, and it does not take more."""
    sandbox.write("counted.sql", COUNTED.format(folder=sandbox.folder))
    process = sandbox.start("run", "-q", "counted.sql", "-p", "4", "--memory", "64mb")
    most = most_resident(process)
    ended = sandbox.wait(process)
    assert ended.code == 0, ended
    assert sandbox.read_folder("counted") == ["200000,3000000,15"], most
    assert 0 < most <= 1.05 * 64, most
