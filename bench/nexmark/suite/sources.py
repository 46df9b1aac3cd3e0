"""Where the events come from: made while the query runs, or read from JSON files recorded before."""

import os

from harness import measured_process
from nexmark.suite import script


class Generator:
    """Each engine makes the events itself; same options, same events."""

    name = "generator"
    marks = True

    def options(self, events, linger):
        return script.generated(events, more={"linger": linger})


class JsonFiles:
    """Both engines read the same files: one a number of events, recorded when first asked for."""

    name = "json"
    marks = False

    def __init__(self, folder, command):
        self.folder = folder
        self.command = command

    def options(self, events, _linger):
        files = os.path.join(self.folder, f"events-{events}")
        if not os.path.isdir(files):
            self._record(events, files)
        return script.json_files(files)

    def _record(self, events, files):
        text = script.script("record", script.generated(events), script.one_json_file(files))
        path = files + ".sql"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        run = measured_process.run(
            [self.command, "run", "-q", "-p", "1", path], sorted(os.sched_getaffinity(0))
        )
        if run.code != 0:
            raise SystemExit(f"castor could not record {events} events:\n{run.err}")
