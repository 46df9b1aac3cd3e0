"""Backups, taken while everything runs, and what is made of them."""

import os
import re

from cases_resources import SECRETS, secret
from deployments import deployment, printed
from sandbox import wait_for
from server import Server


def take(sandbox, server, name="backup"):
    ended = sandbox.run("platform", "backup", "--data-dir", server.data, "--to", sandbox.path(name))
    assert ended.code == 0, ended


def restore(sandbox, name="backup", to="restored"):
    return sandbox.run("platform", "restore", "--from", sandbox.path(name), "--data-dir",
                       sandbox.path(to))


def test_restored_elsewhere_jobs_go_on_from_their_savepoints(sandbox):
    with Server(sandbox) as server:
        server.start()
        server.ask("POST", SECRETS, secret("connector", "print"))
        script = printed(sandbox).replace("'print'", "'${secret_values.connector}'")
        made = server.create(deployment("counts", script, savepointSchedule={"intervalSeconds": 1}))
        bare = server.create(deployment("bare", printed(sandbox)))
        wait_for(lambda: any(each["status"]["state"] == "COMPLETED" for each in server.savepoints(made)),
                 "savepoint")
        for each in (made, bare):
            server.wait_for_state(each, "RUNNING")
            wait_for(lambda: "+I[60, 30]" in server.log(each), "row 60")
        take(sandbox, server)
        first = server.data
        server.want(made, "CANCELLED")
        server.want(bare, "CANCELLED")
        server.wait_for_state(made, "CANCELLED")
        server.wait_for_state(bare, "CANCELLED")
    os.rename(first, first + "-gone")  # nothing of it is needed
    ended = restore(sandbox)
    assert ended.code == 0, ended
    with Server(sandbox) as server:
        server.data = sandbox.path("restored")
        server.start()
        # What has no savepoint does not begin anew as if nothing had been.
        failed = server.wait_for_state(bare, "FAILED")
        assert "checkpoints of job" in failed["status"]["message"], failed
        server.wait_for_state(made, "RUNNING")
        location = server.jobs(made)[-1]["spec"]["savepointLocation"]
        assert location.startswith(server.data + "/savepoints/"), location
        wait_for(lambda: "+I[" in server.log(made), "row")
        rows = re.findall(r"\+I\[(\d+), (\d+)\]", server.log(made))
        assert int(rows[0][0]) > 1 and all((int(n) + 1) // 2 == int(c) for n, c in rows), rows
        assert "RESTORED_FROM_A_BACKUP" in server.events(made)
        # The secret is there, too: another version is planned with it.
        server.change_script(made, script + "-- Another version.\n")
        wait_for(lambda: len(server.jobs(made)) == 3, "an upgrade")
        server.wait_for_state(made, "RUNNING")


def test_what_is_no_backup_and_what_is_there_already_are_refused(sandbox):
    with Server(sandbox) as server:
        server.start()
        take(sandbox, server)
        again = sandbox.run("platform", "backup", "--data-dir", server.data, "--to", sandbox.path("backup"))
        assert again.code == 2 and "has something in it" in again.err, again
        nothing = sandbox.run("platform", "backup", "--data-dir", sandbox.path("nothing"), "--to",
                              sandbox.path("other"))
        assert nothing.code == 2 and "no castor.db" in nothing.err, nothing
        over = restore(sandbox, to="data")
        assert over.code == 2 and "has something in it" in over.err, over
        # Without its note it is not whole.
        os.remove(sandbox.path("backup/backup.json"))
        broken = restore(sandbox)
        assert broken.code == 2 and "backup.json" in broken.err, broken
        assert not os.path.exists(sandbox.path("restored"))
