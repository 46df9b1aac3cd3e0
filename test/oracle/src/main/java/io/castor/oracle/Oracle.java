package io.castor.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Answers scripts by real Flink.
 *
 * <pre>
 *   --script FILE                prints the results
 *   --batch FOLDER [--out DIR]   for each x.sql writes x.result, or x.error (default: beside it)
 *   --set KEY=VALUE              any number; parallelism.default is 1 unless set
 *   --changelog | --materialized form of the results, see spec/row-text.md (default: changelog)
 *   --timeout SECONDS            per script (default 60)
 * </pre>
 *
 * Exit codes: 0 all scripts ran, 1 one failed, 2 wrong use.
 */
public final class Oracle {

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> options = new HashMap<>();
  private boolean materialized;

  public static void main(String[] args) throws Exception {
    Oracle oracle = new Oracle();
    try {
      oracle.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("oracle: " + e.getMessage());
      System.exit(2);
    }
    System.exit(oracle.run());
  }

  private void parse(String[] args) {
    options.put("parallelism.default", "1");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--changelog" -> materialized = false;
        case "--materialized" -> materialized = true;
        case "--set" -> addOption(valueOf(args, ++i));
        case "--script", "--batch", "--out", "--timeout" -> values.put(args[i], valueOf(args, ++i));
        default -> throw new IllegalArgumentException("unknown argument " + args[i]);
      }
    }
    if (values.containsKey("--script") == values.containsKey("--batch")) {
      throw new IllegalArgumentException("give either --script FILE or --batch FOLDER");
    }
  }

  private static String valueOf(String[] args, int i) {
    if (i == args.length) {
      throw new IllegalArgumentException(args[i - 1] + " needs a value");
    }
    return args[i];
  }

  private void addOption(String option) {
    String[] parts = option.split("=", 2);
    if (parts.length != 2) {
      throw new IllegalArgumentException("--set needs KEY=VALUE, not " + option);
    }
    options.put(parts[0], parts[1]);
  }

  private int run() throws Exception {
    try (Cluster cluster = Cluster.start()) {
      Map<String, String> all = new HashMap<>(options);
      all.putAll(cluster.options());
      return values.containsKey("--script")
          ? runOne(Path.of(values.get("--script")), all)
          : runBatch(Path.of(values.get("--batch")), all);
    }
  }

  private int runOne(Path script, Map<String, String> all) throws IOException {
    try {
      System.out.print(answer(script, all));
      return 0;
    } catch (Exception e) {
      System.err.println(rootMessage(e));
      return 1;
    }
  }

  private int runBatch(Path folder, Map<String, String> all) throws IOException {
    Path out = Path.of(values.getOrDefault("--out", folder.toString()));
    Files.createDirectories(out);
    int exit = 0;
    for (Path script : scripts(folder)) {
      String stem = script.getFileName().toString().replaceFirst("\\.sql$", "");
      Path result = out.resolve(stem + ".result");
      Path error = out.resolve(stem + ".error");
      Files.deleteIfExists(result);
      Files.deleteIfExists(error);
      try {
        // Half of a surrogate pair becomes a question mark, as where Flink makes bytes of text.
        Files.write(result, answer(script, all).getBytes(StandardCharsets.UTF_8));
      } catch (Exception e) {
        Files.writeString(error, rootMessage(e) + "\n");
        exit = 1;
      }
    }
    return exit;
  }

  private static List<Path> scripts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".sql")).sorted().toList();
    }
  }

  private String answer(Path script, Map<String, String> all) throws Exception {
    long timeout = Long.parseLong(values.getOrDefault("--timeout", "60"));
    Map<ResultTable, List<String>> results =
        new ScriptRunner(all, timeout).run(Files.readString(script));
    StringBuilder text = new StringBuilder();
    results.forEach(
        (table, changelog) -> {
          text.append("=== ").append(table.name()).append('\n');
          List<String> rows = materialized ? table.materialize(changelog) : changelog;
          rows.forEach(row -> text.append(row).append('\n'));
        });
    return text.toString();
  }

  /** The chain of messages, outermost first, without repetition. */
  private static String rootMessage(Throwable thrown) {
    List<String> messages = new ArrayList<>();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      String text = "" + t.getMessage();
      if (messages.stream().noneMatch(m -> m.contains(text))) {
        messages.add(t.getClass().getSimpleName() + ": " + text);
      }
    }
    return String.join("\n", messages);
  }
}
