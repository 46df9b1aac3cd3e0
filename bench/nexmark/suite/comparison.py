"""One query on all engines: the same plan, the same events, the same result, run pair after pair."""

import os
import shutil
from statistics import median_low

from nexmark.suite import report, results, script
from nexmark.suite.slopes import Slope


# A Flink that took this many times the CPU of the other in the first pair is not run again: it will not be
# the better one.
CLEARLY_SLOWER = 1.2

# Short runs are repeated: one hiccup of the machine would be a large part of such a run.
MANY_SECONDS = 5.0
MOST_REPEATS = 5


# A run with marks goes on a little behind the last one, so that its end is in no slope.
BEHIND_MARKS = 1 / 16


class Mismatch(Exception):
    """Engines disagree about plan or result."""


class Comparison:
    """Scripts for N and 2N events, prepared on every engine. An engine whose start is long, and that can say when
    its generator has come to an event, is run once for both, over a few more events."""

    def __init__(self, query, source, events, engines, settings, progress):
        self.query = query
        self.label = query.name if source.name == "generator" else f"{query.name} {source.name}"
        self.source = source
        self.events = events
        self.engines = engines
        self.settings = settings
        self.progress = progress
        self.counts = (events, 2 * events)
        self.marked_events = int(2 * events * (1 + BEHIND_MARKS))
        self.expected = {}
        self.prepared = {}

    def prepare(self):
        """Compiles for the event counts and compares the plans; Refused if an engine cannot."""
        for engine in self.engines:
            for events in (*self.counts, *([self.marked_events] if self.source.marks else [])):
                path = self._path(engine, events)
                sink = script.hashed(path + ".hashes", self.query.sum_columns)
                source = self.source.options(events, self.query.linger)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(script.script(self.query.name, source, sink))
                self.prepared[engine.name, events] = engine.prepare(path)
        castor, flink = self.engines[0], self.engines[1]
        ours = castor.plan(self.prepared[castor.name, self.events])
        theirs = flink.plan(self.prepared[flink.name, self.events])
        if ours != theirs:
            raise Mismatch(f"{self.label}: plans differ\n castor: {ours}\n flink: {theirs}")

    def measure(self, pairs):
        """The JSON object of the query."""
        by_engine = {engine.name: [] for engine in self.engines}
        if any(self._marked(engine) for engine in self.engines):
            self._one_run(self.engines[0], self.marked_events, 0)  # for its result
        for pair in range(pairs):
            engines = self._still_compared(by_engine)
            for engine in engines if pair % 2 == 0 else engines[::-1]:
                by_engine[engine.name].append(self._slope(engine, pair))
        return report.entry(
            self.label, self.source.name, self.events, len(self.settings.cores), by_engine
        )

    def _still_compared(self, by_engine):
        """Castor, and each Flink that may turn out the better one."""
        castor, *peers = self.engines
        first = {peer: by_engine[peer.name][0].cpu_s for peer in peers if by_engine[peer.name]}
        limit = CLEARLY_SLOWER * min(first.values(), default=0)
        return [castor, *(peer for peer in peers if first.get(peer, 0) <= limit)]

    def _slope(self, engine, pair):
        for _ in range(3):
            if self._marked(engine):
                runs = self._marked_run(engine, pair)
            else:
                runs = [self._run(engine, events, pair) for events in self.counts]
            slope = Slope.between(self.events, *runs)
            if slope.steady():
                return slope
            self.progress.say(f"{self.label} {engine.name}: 2N ran no longer than N; once more")
        raise SystemExit(f"{self.label} on {engine.name}: too few events for a slope; set EVENTS=")

    def _marked(self, engine):
        return engine.marks and self.source.marks

    def _marked_run(self, engine, pair):
        hashes = self._clean_hashes(engine, self.marked_events)
        run, marked = engine.run_marked(self.prepared[engine.name, self.marked_events], self.counts)
        self._ended(engine, self.marked_events, pair, run, hashes)
        return marked

    def _run(self, engine, events, pair):
        """A run; the median one by wall time, if it is so short that it is repeated."""
        runs = []
        while len(runs) < MOST_REPEATS and sum(run.wall_s for run in runs) < MANY_SECONDS:
            runs.append(self._one_run(engine, events, pair))
        middle = median_low(run.wall_s for run in runs)
        return next(run for run in runs if run.wall_s == middle)

    def _one_run(self, engine, events, pair):
        hashes = self._clean_hashes(engine, events)
        run = engine.run(self.prepared[engine.name, events])
        self._ended(engine, events, pair, run, hashes)
        return run

    def _clean_hashes(self, engine, events):
        hashes = self._path(engine, events) + ".hashes"
        shutil.rmtree(hashes, ignore_errors=True)
        return hashes

    def _ended(self, engine, events, pair, run, hashes):
        self.progress.ran(self.label, pair, engine.name, events, run)
        if self.query.compared:
            self._compare(engine, events, results.read(hashes, self.query.sum_columns))

    def _compare(self, engine, events, found):
        first, expected = self.expected.setdefault(events, (engine.name, found))
        if found != expected:
            raise Mismatch(
                f"{self.label}, {events} events: {first} gives {expected}, {engine.name} {found}"
            )

    def _path(self, engine, events):
        name = self.label.replace(" ", "-")
        return os.path.join(self.settings.folder, f"{name}-{events}-{engine.name}.sql")
