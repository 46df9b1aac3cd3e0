package io.castor.conformance;

import io.castor.planner.compile.StepCompiler;
import io.castor.planner.connector.SpecRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs Flink's own tests on Castor.
 *
 * <pre>
 *   --worker FILE     castor-worker
 *   --out FOLDER      for report.json and report.txt
 *   --passing FILE    the list of tests that pass
 *   --filter TEXT     only tests whose names have it; several with commas between them
 *   --listed          only tests on the list; exit code 1 if one of them does not pass
 *   --update          add to the list what passed and, without a filter, write the page
 *   --page FILE       the page of compatibility
 *   --without-flink   do not ask Flink where a result differs from what the test expects
 *   --threads N       (default 2)
 *   --set KEY=VALUE   an option of every job; may be repeated
 * </pre>
 */
public final class Main {

  private final Map<String, String> values = new HashMap<>();
  private final List<String> settings = new ArrayList<>();
  private boolean listed;
  private boolean update;
  private boolean askFlink = true;

  public static void main(String[] args) throws Exception {
    Main main = new Main();
    main.parse(args);
    System.exit(main.run());
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--listed" -> listed = true;
        case "--update" -> update = true;
        case "--without-flink" -> askFlink = false;
        case "--set" -> settings.add(args[++i]);
        case "--worker", "--out", "--passing", "--page", "--filter", "--threads" ->
            values.put(args[i], args[++i]);
        default -> throw new IllegalArgumentException("unknown argument " + args[i]);
      }
    }
  }

  private int run() throws Exception {
    PassingList passing = PassingList.read(Path.of(values.get("--passing")));
    List<Work> works = select(passing);
    List<Result> results = listed ? runListed(works, passing) : runAll(works);
    Report report = new Report(results);
    Path out = Path.of(values.get("--out"));
    report.writeJson(out.resolve("report.json"));
    Files.writeString(
        out.resolve("report.txt"), report.table() + "\n" + report.failures() + report.agreements());
    if (listed) {
      return reportLost(passing, results);
    }
    System.out.print(report.table());
    if (update) {
      passing.grow(results);
      if (!values.containsKey("--filter")) {
        new Compatibility(results, passing.sha256()).write(Path.of(values.get("--page")));
      }
    }
    return 0;
  }

  private List<Work> select(PassingList passing) {
    List<Work> works = new ArrayList<>(TablePrograms.all());
    works.addAll(ScalarSets.all());
    works.addAll(ExpressionTestWork.all());
    works.addAll(AggregateSets.all());
    works.removeIf(w -> !chosen(w.name()));
    if (listed) {
      works.removeIf(w -> !passing.containsBelow(w.name()));
    }
    return works;
  }

  private boolean chosen(String name) {
    String filter = values.getOrDefault("--filter", "");
    return Arrays.stream(filter.split(",", -1)).anyMatch(name::contains);
  }

  private List<Result> runAll(List<Work> works) throws Exception {
    Engine engine = new Engine(Path.of(values.get("--worker")).toAbsolutePath(), settings);
    StepCompiler planner = new StepCompiler(SpecRegistry.load(List.of()));
    ExecutorService pool =
        Executors.newFixedThreadPool(Integer.parseInt(values.getOrDefault("--threads", "2")));
    try (FlinkOracle flink = askFlink ? new FlinkOracle() : null) {
      Bench bench = new Bench(planner, engine, flink);
      List<Callable<List<Result>>> tasks = new ArrayList<>();
      works.forEach(work -> tasks.add(() -> run(work, bench)));
      List<Result> results = new ArrayList<>();
      for (Future<List<Result>> done : pool.invokeAll(tasks)) {
        results.addAll(done.get());
      }
      return results;
    } finally {
      pool.shutdown();
    }
  }

  /**
   * In some programs it decides which of two inputs comes first, in Flink as here: what does not
   * pass is run again.
   */
  private List<Result> runListed(List<Work> works, PassingList passing) throws Exception {
    List<Result> results = new ArrayList<>(runAll(works));
    for (int again = 0; again < 3; again++) {
      List<String> lost = passing.lost(results);
      List<Work> losers =
          works.stream().filter(w -> lost.stream().anyMatch(n -> n.startsWith(w.name()))).toList();
      if (losers.isEmpty()) {
        break;
      }
      List<Result> second = runAll(losers);
      results.removeIf(r -> lost.contains(r.id()));
      second.stream().filter(r -> lost.contains(r.id())).forEach(results::add);
    }
    return results;
  }

  /** One broken test must not hide the others. */
  private static List<Result> run(Work work, Bench bench) {
    try {
      return work.run(bench);
    } catch (RuntimeException | StackOverflowError e) {
      Run run = new Run("-", State.FAILED, "the harness broke: " + Causes.message(e));
      return List.of(
          new Result(work.name(), work.section(), work.name(), work.name(), "", List.of(run)));
    }
  }

  private int reportLost(PassingList passing, List<Result> results) {
    List<String> lost = passing.lost(results).stream().filter(this::chosen).toList();
    for (String name : lost) {
      System.out.println("no longer passes: " + name);
      results.stream()
          .filter(r -> r.id().equals(name))
          .forEach(r -> System.out.println("    " + r.detail()));
    }
    System.out.println((passing.size() - lost.size()) + " passed, " + lost.size() + " failed");
    return lost.isEmpty() ? 0 : 1;
  }
}
