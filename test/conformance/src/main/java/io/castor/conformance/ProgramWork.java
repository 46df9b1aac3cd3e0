package io.castor.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.test.program.TableTestProgram;

/**
 * One table test program: run row for row on all its rows, folded, and, for restore tests, as Flink
 * runs it: the rows before, a savepoint, the rows after.
 */
record ProgramWork(
    String suite, String group, End end, Map<String, String> defaults, TableTestProgram program)
    implements Work {

  /** How a test ends: what {@code RestoreTestBase} calls the source after a restore. */
  enum End {
    FINITE,
    INFINITE,
    NO_RESTORE,
    SEMANTIC
  }

  @Override
  public String name() {
    return suite + "/" + program.id;
  }

  @Override
  public Section section() {
    return Section.PROGRAMS;
  }

  @Override
  public List<Result> run(Bench bench) {
    List<String> functions =
        program.getSetupFunctionTestSteps().stream().map(f -> f.function.getSimpleName()).toList();
    List<Run> runs =
        functions.isEmpty()
            ? runs(bench)
            : List.of(Run.skipped("Java user functions: " + String.join(", ", functions)));
    return List.of(
        new Result(name(), Section.PROGRAMS, group, program.id, program.description, runs));
  }

  private List<Run> runs(Bench bench) {
    List<Run> runs = new ArrayList<>();
    Expected.failures(program)
        .forEach(
            (step, error) ->
                runs.add(
                    guarded("failing", () -> new ProgramRunner(this, bench).fail(step, error))));
    if (!runs.isEmpty()) {
      return runs;
    }
    runs.add(guarded("row-for-row", () -> new ProgramRunner(this, bench).rowForRow()));
    runs.add(guarded("folded", () -> new ProgramRunner(this, bench).folded()));
    if (end == End.FINITE || end == End.INFINITE) {
      runs.add(guarded("restore", () -> new ProgramRunner(this, bench).restore()));
    }
    return runs;
  }

  private interface Attempt {
    Run make() throws IOException;
  }

  private static Run guarded(String name, Attempt attempt) {
    try {
      Run run = attempt.make();
      return new Run(name, run.state(), run.detail());
    } catch (Unsupported e) {
      return new Run(name, State.UNSUPPORTED, e.getMessage());
    } catch (IOException | RuntimeException | AssertionError e) {
      return Causes.notPlanned(name, e);
    }
  }
}
