"""The planner's background process."""

import concurrent.futures
import os
import re

import jobs


def fresh_home(sandbox):
    home = sandbox.path("home")
    return {"HOME": home, "XDG_CACHE_HOME": home + "/cache"}


def test_starts_on_demand_and_stops(sandbox):
    home = fresh_home(sandbox)
    assert sandbox.run("planner", "status", **home).out.startswith("not running")
    assert sandbox.run("run", "-q", "-e", jobs.SELECT, **home).code == 0
    status = sandbox.run("planner", "status", **home)
    assert re.match(r"running: process \d+, Flink 2\.3\.0\n", status.out), status
    runtime = os.path.join(home["XDG_CACHE_HOME"], "castor/run")
    assert oct(os.stat(runtime).st_mode & 0o777) == "0o700"
    assert sandbox.run("planner", "stop", **home).out == "stopped\n"
    assert sandbox.run("planner", "stop", **home).out == "not running\n"


def test_started_by_several_at_once(sandbox):
    home = fresh_home(sandbox)

    def run(number):
        return sandbox.run("run", "-q", "-e", f"SELECT {number}", **home)

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for number, ended in enumerate(pool.map(run, range(3))):
            assert (ended.code, ended.out) == (0, f"+I[{number}]\n"), ended
    assert sandbox.run("planner", "stop", **home).out == "stopped\n"


def test_a_planner_that_cannot_start_shows_its_log(sandbox):
    broken = sandbox.write("planner", "#!/bin/sh\necho 'the disk is on fire' >&2\nexit 3\n")
    os.chmod(broken, 0o755)
    ended = sandbox.run("run", "-e", "SELECT 42", CASTOR_PLANNER=broken, **fresh_home(sandbox))
    assert ended.code == 5 and "the disk is on fire" in ended.err, ended


def test_runtime_directory_of_the_user(sandbox):
    runtime = sandbox.path("runtime")
    os.mkdir(runtime)
    sandbox.run("list", XDG_RUNTIME_DIR=runtime)
    assert oct(os.stat(runtime + "/castor").st_mode & 0o777) == "0o700"
