package io.castor.conformance;

import io.castor.conformance.ProgramSteps.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.test.program.SinkTestStep;
import org.apache.flink.table.test.program.SourceTestStep;
import org.apache.flink.table.test.program.TableTestProgram;
import org.apache.flink.table.test.program.TestStep;
import org.apache.flink.types.Row;

/** Runs one table test program in one way and compares. For one use. */
final class ProgramRunner {

  private final ProgramWork work;
  private final TableTestProgram program;
  private final Bench bench;
  private final ProgramSteps steps;
  private final Path folder;

  /** Rows of a sink before the savepoint. */
  private final Map<String, Integer> shown = new HashMap<>();

  ProgramRunner(ProgramWork work, Bench bench) throws IOException {
    this.work = work;
    this.program = work.program();
    this.bench = bench;
    this.steps = new ProgramSteps(program, work.defaults());
    // Short: the path of a socket may have no more than 107 characters.
    this.folder = Files.createTempDirectory("castor-conformance");
  }

  /** All rows in one run; the changelog must be Flink's. */
  Run rowForRow() throws IOException {
    return closing(() -> fromStart(Map.of(), false));
  }

  /** All rows in one run with updates folded; what is left must be the same. */
  Run folded() throws IOException {
    return closing(() -> fromStart(Bench.FOLDING, true));
  }

  private Run fromStart(Map<String, String> options, boolean folded) throws IOException {
    Input input = everything();
    List<Step> script = script(input, options);
    JsonNode bundle = compile(script);
    if (Bundles.hasWindowsOfProcessingTime(bundle)) {
      return Run.skipped("only the savepoint keeps the rows apart that the clock cuts");
    }
    if (folded && Bundles.readsWatermarks(bundle)) {
      return Run.skipped("mini-batches are cut by watermarks of the clock, which are read here");
    }
    Run run =
        input.bounded()
            ? bench.engine().run(bundle, folder).run()
            : new StoppedRun(bench.engine(), folder)
                .stop(
                    bundle,
                    rowsScanned(bundle, input),
                    () -> difference(SinkTestStep::getExpectedAsStrings, folded) == null);
    if (run.state() != State.PASSED) {
      return run;
    }
    Run compared = compare(script, input, folded);
    return compared.state() == State.PASSED || !Bundles.hasOpenSteps(bundle)
        ? compared
        : remains(compared);
  }

  /** What is left of the changelog counts where its steps are not given. */
  private Run remains(Run compared) {
    return difference(SinkTestStep::getExpectedAsStrings, true) == null
        ? new Run("", State.PASSED, Run.SAME_REMAINS)
        : compared;
  }

  /** The rows before, a savepoint, the rows after. */
  Run restore() throws IOException {
    return closing(
        () -> {
          Input before = new Input(true, false, false);
          JsonNode first = compile(script(before, Map.of()));
          StoppedRun jobs = new StoppedRun(bench.engine(), folder);
          BooleanSupplier fired = () -> missingBefore() == null;
          boolean waits = Bundles.hasWindowsOfProcessingTime(first);
          if (waits) {
            StoppedRun.awaitBeginOfWindows();
          }
          Run stopped = jobs.stop(first, rowsScanned(first, before), waits ? fired : null);
          if (stopped.state() != State.PASSED) {
            return stopped;
          }
          String missing = missingBefore();
          program.getSetupSinkTestSteps().forEach(s -> shown.put(s.name, rows(s).size()));
          boolean ends = work.end() == ProgramWork.End.FINITE;
          JsonNode second = compile(script(new Input(true, true, ends), Map.of()));
          Run restored =
              ends
                  ? jobs.finish(second)
                  : jobs.stop(
                      second,
                      rowsScanned(second, new Input(false, true, false)),
                      () -> differenceAfter() == null);
          if (restored.state() != State.PASSED) {
            return new Run("", restored.state(), "restored: " + restored.detail());
          }
          String difference = differenceAfter();
          if (missing == null && difference == null) {
            return Run.passed("");
          }
          Run all = compare(script(everything(), Map.of()), everything(), false);
          if (all.state() != State.PASSED && Bundles.hasOpenSteps(second)) {
            all = remains(all);
          }
          return all.state() == State.PASSED
              ? all
              : new Run("", State.FAILED, missing == null ? difference : missing);
        });
  }

  /** One step of the program must be refused, or its job must break. */
  Run fail(TestStep step, Expected expected) throws IOException {
    return closing(
        () -> {
          JsonNode bundle;
          try {
            bundle = compile(steps.writeOnly(step, everything(), folder.resolve("out")));
          } catch (Unsupported e) {
            throw e;
          } catch (RuntimeException | AssertionError e) {
            return Causes.matches(e, expected.type(), expected.message())
                ? Run.passed("")
                : Causes.notPlanned("", e);
          }
          Engine.End ended = bench.engine().run(bundle, folder);
          return ErrorTest.judge(ended, expected);
        });
  }

  private interface Attempt {
    Run make() throws IOException;
  }

  private Run closing(Attempt attempt) throws IOException {
    try {
      return attempt.make();
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** The rows of a run from the start. */
  private Input everything() {
    boolean restores =
        work.end() == ProgramWork.End.FINITE || work.end() == ProgramWork.End.INFINITE;
    return new Input(true, restores, work.end() != ProgramWork.End.INFINITE);
  }

  private List<Step> script(Input input, Map<String, String> extra) {
    return steps.write(input, extra, folder.resolve("out"));
  }

  private JsonNode compile(List<Step> script) {
    return bench.planner().compile(program.id, Map.of(), script);
  }

  private long rowsScanned(JsonNode bundle, Input input) {
    Map<String, Integer> rows = new HashMap<>();
    for (SourceTestStep source : program.getSetupSourceTestSteps()) {
      int count = input.before() ? source.dataBeforeRestore.size() : 0;
      rows.put(source.name, count + (input.after() ? source.dataAfterRestore.size() : 0));
    }
    return Bundles.scannedTables(bundle).stream().mapToLong(t -> rows.getOrDefault(t, 0)).sum();
  }

  /** Compares with what the program expects and, where that differs, with Flink's own answer. */
  private Run compare(List<Step> script, Input input, boolean folded) throws IOException {
    String difference = difference(SinkTestStep::getExpectedAsStrings, folded);
    if (difference == null) {
      return Run.passed("");
    }
    if (bench.flink() == null || !input.bounded()) {
      return new Run("", State.FAILED, difference);
    }
    Map<String, List<String>> answer;
    try {
      answer = bench.flink().answer(script);
    } catch (IllegalStateException e) {
      return new Run("", State.FAILED, difference + "; Flink: " + Causes.message(e));
    }
    for (SinkTestStep sink : program.getSetupSinkTestSteps()) {
      List<Row> actual = rows(sink);
      List<Row> flink =
          RowTexts.read(answer.getOrDefault(sink.name, List.of()), steps.typeOf(sink));
      String other = Changelog.difference(view(sink, actual, folded), view(sink, flink, folded));
      if (other != null) {
        return new Run("", State.FAILED, difference + "; from Flink: " + other);
      }
    }
    return new Run("", State.PASSED, Run.AS_FLINK);
  }

  /**
   * What a test lists from before its savepoint must be there. It need not list everything: Flink's
   * tests stop the job as soon as they have seen it.
   */
  private String missingBefore() {
    for (SinkTestStep sink : program.getSetupSinkTestSteps()) {
      List<String> missing = new ArrayList<>(sink.getExpectedBeforeRestoreAsStrings());
      rows(sink).forEach(row -> missing.remove(row.toString()));
      if (sink.shouldTestChangelogData() && !missing.isEmpty()) {
        return "before the savepoint: no " + missing.get(0);
      }
    }
    return null;
  }

  private String differenceAfter() {
    for (SinkTestStep sink : program.getSetupSinkTestSteps()) {
      List<Row> rows = rows(sink);
      String difference =
          sink.shouldTestChangelogData()
              ? Changelog.difference(
                  rows.stream().skip(shown.get(sink.name)).map(Row::toString).toList(),
                  sink.getExpectedAfterRestoreAsStrings())
              : difference(sink, sink.getExpectedAsStrings(), false);
      if (difference != null) {
        return "after the restore: " + difference;
      }
    }
    return null;
  }

  private interface Expectation {
    List<String> of(SinkTestStep sink);
  }

  private String difference(Expectation expectation, boolean folded) {
    for (SinkTestStep sink : program.getSetupSinkTestSteps()) {
      String difference = difference(sink, expectation.of(sink), folded);
      if (difference != null) {
        return program.getSetupSinkTestSteps().size() == 1
            ? difference
            : sink.name + ": " + difference;
      }
    }
    return null;
  }

  private String difference(SinkTestStep sink, List<String> expected, boolean folded) {
    List<Row> rows = rows(sink);
    if (!folded && sink.shouldTestChangelogData()) {
      return Changelog.difference(rows.stream().map(Row::toString).toList(), expected);
    }
    List<String> left =
        Changelog.materialize(rows, steps.keyOf(sink)).stream().map(Row::toString).toList();
    if (!sink.shouldTestChangelogData()) {
      return Changelog.difference(left, expected);
    }
    return Changelog.difference(left, RowStrings.materialize(expected, sink, steps));
  }

  private List<?> view(SinkTestStep sink, List<Row> rows, boolean folded) {
    return folded || !sink.shouldTestChangelogData()
        ? Changelog.materialize(rows, steps.keyOf(sink))
        : rows.stream().map(Row::toString).toList();
  }

  private List<Row> rows(SinkTestStep sink) {
    List<String> lines = Engine.rowsOf(folder.resolve("out").resolve(sink.name));
    return RowTexts.read(lines, steps.typeOf(sink));
  }
}
