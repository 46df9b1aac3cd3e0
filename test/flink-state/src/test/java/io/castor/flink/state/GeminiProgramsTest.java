package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.castor.nexmark.SqlScripts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.annotation.Nullable;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs as they come, run as {@code bin/flink} runs them in a cluster of processes of Flink as
 * it is distributed: what they give on Gemini is what they give on the heap.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // a process that ends by itself is not noticed
class GeminiProgramsTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("flink.examples"));
  private static final String PACKAGE = "org.apache.flink.streaming.examples.";
  private static final String PYTHON = "FLINK_STATE_PYTHON";
  private static final List<String> QUERIES =
      List.of("q3", "q4", "q5", "q7", "q8", "q9", "q11", "q16", "q17", "q18", "q19", "q20");
  // Their rows are replaced without being taken back.
  private static final Set<String> BY_ARRIVAL = Set.of("q9", "q18", "q19");
  private static final int EVENTS = 20_000;

  @TempDir private static Path folder;
  private static Distribution flink;
  private static StandaloneCluster cluster;
  private static Path own;
  private static int runs;

  @BeforeAll
  static void start() throws IOException {
    flink = new Distribution(folder);
    own = Distribution.jarWith(CepJob.class, folder.resolve("own.jar"));
    cluster =
        new StandaloneCluster(
            folder,
            2,
            flink.classPath(),
            Map.of(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri(),
                "execution.checkpointing.interval", "100 ms",
                "execution.checkpointing.incremental", "true"),
            StandaloneSessionClusterEntrypoint.class.getName());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** What {@code bin/flink run} says; {@code program}: its options, the jar and its arguments. */
  private static String run(String backend, List<String> program)
      throws IOException, InterruptedException {
    return run(backend, null, program);
  }

  private static String run(String backend, @Nullable Path optional, List<String> program)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("run", "-t", "remote", "-p", "2", "-Dstate.backend.type=" + backend));
    arguments.addAll(program);
    return flink.run(folder, optional, arguments);
  }

  /** One that has an option for where its results go. */
  private static List<String> resultOf(String backend, Path jar, String program, String... options)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output-" + runs++);
    List<String> command = new ArrayList<>(List.of("-c", program, jar.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("--output", output.toString()));
    run(backend, command);
    return linesIn(output);
  }

  /** Of files that are complete, in order. */
  private static List<String> linesIn(Path output) throws IOException {
    List<String> lines = new ArrayList<>();
    if (!Files.exists(output)) {
      return lines; // there was nothing to be written
    }
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.getFileName().toString().startsWith(".")) {
          lines.addAll(Files.readAllLines(file));
        }
      }
    }
    lines.sort(null);
    return lines;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wordcount.WordCount --execution-mode streaming",
        "dsv2.wordcount.WordCount --execution-mode streaming",
        "windowing.WindowWordCount --window 6 --slide 3",
        "windowing.SessionWindowing",
        "windowing.TopSpeedWindowing --input cars"
      })
  void examplesGiveWhatTheyGiveOnTheHeap(String example) throws Exception {
    Path cars = folder.resolve("cars");
    Files.write(cars, drives());
    String[] words = example.replace("--input cars", "--input " + cars).split(" ");
    String program = PACKAGE + words[0];
    String[] options = List.of(words).subList(1, words.length).toArray(String[]::new);
    List<String> expected = resultOf("hashmap", EXAMPLES, program, options);
    assertThat(expected).isNotEmpty();
    assertThat(resultOf("gemini", EXAMPLES, program, options)).isEqualTo(expected);
  }

  /** Of cars: which, how fast, how far, when. */
  private static List<String> drives() {
    List<String> drives = new ArrayList<>();
    double[] driven = new double[5];
    for (int i = 0; i < 2000; ++i) {
      int car = i * i % 7 % driven.length;
      int speed = 30 + i * 13 % 70;
      driven[car] += speed / 3.6;
      drives.add("(" + car + "," + speed + "," + driven[car] + "," + (1_000_000 + i * 200) + ")");
    }
    return drives;
  }

  /** Its machines make no wrong step; it would say so if their state were another. */
  @Test
  void machinesAreInTheStateTheyHaveBeenIn() throws Exception {
    Path output = folder.resolve("alerts");
    Path checkpoints = folder.resolve("checkpoints-of-machines");
    String said =
        run(
            "gemini",
            List.of(
                "-d",
                "-Dexecution.checkpointing.dir=" + checkpoints.toUri(),
                "-c",
                PACKAGE + "statemachine.StateMachineExample",
                EXAMPLES.toString(),
                "--rps",
                "20000",
                "--output",
                output.toString()));
    String job = said.replaceAll("(?s).*submitted with JobID ([0-9a-f]+).*", "$1");
    Checkpoints.await(checkpoints, 2);
    // Flink has no canonical savepoints of jobs like this one, with asynchronous state.
    Path savepoints = folder.resolve("savepoints");
    flink.run(
        folder,
        null,
        List.of("stop", "-t", "remote", "--type", "native", "-p", savepoints.toString(), job));
    assertThat(linesIn(output)).isEmpty();
  }

  @Test
  void patternsAreFound() throws Exception {
    List<String> expected = patternsOn("hashmap");
    assertThat(expected).anyMatch(line -> line.startsWith("alarm"));
    assertThat(expected).anyMatch(line -> line.startsWith("calmed"));
    assertThat(patternsOn("gemini")).isEqualTo(expected);
  }

  private static List<String> patternsOn(String backend) throws Exception {
    Path output = folder.resolve("patterns-" + backend);
    run(backend, List.of("-c", CepJob.class.getName(), own.toString(), output.toString()));
    return linesIn(output);
  }

  /** All in one command: planning starts slowly. */
  @Test
  void nexmarkGivesWhatItGivesOnTheHeap() throws Exception {
    Map<String, List<String>> expected = nexmarkOn("hashmap");
    assertThat(nexmarkOn("gemini")).isEqualTo(expected);
    assertThat(expected.values()).noneMatch(List::isEmpty);
  }

  private static Map<String, List<String>> nexmarkOn(String backend) throws Exception {
    Path nexmark = Path.of("../../bench/nexmark");
    Path nexmarkJar = Distribution.jarWith(SqlScripts.class, folder.resolve("nexmark.jar"));
    Path results = folder.resolve("nexmark-" + backend);
    List<String> command =
        new ArrayList<>(List.of("-c", SqlScripts.class.getName(), nexmarkJar.toString()));
    for (String query : QUERIES) {
      String script =
          Files.readString(nexmark.resolve("ddl.sql"))
              + Files.readString(nexmark.resolve("queries").resolve(query + ".sql"));
      Path file = folder.resolve(query + "-" + backend + ".sql");
      Files.writeString(
          file,
          script
              .replace(
                  "${SOURCE}",
                  "'connector' = 'nexmark', 'events.num' = '"
                      + EVENTS
                      + "',"
                      + " 'first-event.rate' = '1000', 'next-event.rate' = '1000'")
              .replace(
                  "${SINK}", "'connector' = 'hash', 'path' = '" + results.resolve(query) + "'"));
      command.add(file.toString());
    }
    run(backend, command);
    Map<String, List<String>> hashes = new TreeMap<>();
    for (String query : QUERIES) {
      hashes.put(
          query,
          linesIn(results.resolve(query)).stream()
              .map(line -> resultIn(query, line))
              .sorted()
              .toList());
    }
    return hashes;
  }

  /**
   * The hash of the rows, without how often they were updated, which goes by the order of their
   * arrival; how many rows there are where the hash goes by that, too.
   */
  private static String resultIn(String query, String line) {
    return BY_ARRIVAL.contains(query)
        ? line.replaceAll(".*(\"\\+I\":[0-9]+).*", "$1")
        : line.replaceAll(",.*", "");
  }

  /** Of an interpreter that has the package apache-flink. */
  @Test
  @EnabledIfEnvironmentVariable(named = PYTHON, matches = ".+")
  void pythonGivesWhatItGivesOnTheHeap() throws Exception {
    List<String> expected = pythonOn("hashmap");
    assertThat(expected).isNotEmpty();
    assertThat(pythonOn("gemini")).isEqualTo(expected);
  }

  private static List<String> pythonOn(String backend) throws Exception {
    Path output = folder.resolve("python-" + backend);
    String python = System.getenv(PYTHON);
    run(
        backend,
        jarOf(python),
        List.of(
            "-pyexec",
            python,
            "-pyclientexec",
            python,
            "-py",
            Path.of("src/test/python/tally_job.py").toAbsolutePath().toString(),
            output.toString()));
    return linesIn(output);
  }

  /** What a distribution has in its folder opt. */
  private static Path jarOf(String python) throws IOException {
    Process told =
        new ProcessBuilder(
                python,
                "-c",
                "import glob, pyflink; print(*glob.glob(pyflink.__path__[0] +"
                    + " '/opt/flink-python*'))")
            .start();
    return Path.of(
        new String(told.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }
}
