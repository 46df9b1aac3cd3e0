package io.castor.flink.state;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.annotation.Nullable;

/**
 * Flink as it is distributed ({@code scripts/setup.sh tests}), with one jar more in its library.
 */
final class Distribution {
  private final Path library;
  private final Path gemini;

  /** The jar of Gemini is put into the folder. */
  Distribution(Path folder) throws IOException {
    Path root = Path.of(System.getProperty("flink.distribution"));
    if (!Files.isDirectory(root)) {
      throw new IOException("there is no " + root + "; scripts/setup.sh tests fetches it");
    }
    library = root.resolve("lib");
    gemini = jarWith(GeminiStateBackend.class, folder.resolve("gemini.jar"));
  }

  String classPath() {
    return library + "/*:" + gemini;
  }

  /** The jar that a class came from, or one made of the folder of classes that it lies in. */
  static Path jarWith(Class<?> type, Path made) throws IOException {
    Path classes;
    try {
      classes = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException failure) {
      throw new IOException(failure);
    }
    if (Files.isRegularFile(classes)) {
      return classes;
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made));
        Stream<Path> all = Files.walk(classes)) {
      for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        out.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
    return made;
  }

  /**
   * What {@code bin/flink} does, with the cluster that a folder describes and with more jars, if
   * any, on its class path. What it says.
   *
   * @throws IOException with that, if it ends otherwise than well
   */
  String run(Path configuration, @Nullable Path optional, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        java("512m", optional == null ? classPath() : classPath() + ":" + optional);
    command.add("org.apache.flink.client.cli.CliFrontend");
    command.addAll(arguments);
    Path said = Files.createTempFile(configuration, "command-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("FLINK_CONF_DIR", configuration.toString());
    if (optional != null) {
      builder.environment().put("FLINK_OPT_DIR", optional.getParent().toString());
    }
    Process process = builder.start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(Files.readString(said));
      }
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(said);
  }

  /** A command that lacks the program and its arguments, with what Flink's scripts add. */
  static List<String> java(String heap, String classPath) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    for (String opened : List.of("lang", "util", "util.concurrent", "time", "net", "io", "nio")) {
      command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath));
    return command;
  }
}
