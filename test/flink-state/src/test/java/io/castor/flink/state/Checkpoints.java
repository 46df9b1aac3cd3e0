package io.castor.flink.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Complete checkpoints of the one job that has its in a folder. */
final class Checkpoints {
  private Checkpoints() {}

  /** The last one, when there is one with at least this number. */
  static Path await(Path folder, int number) throws IOException, InterruptedException {
    while (true) {
      Optional<Path> last = Files.isDirectory(folder) ? lastIn(folder) : Optional.empty();
      if (last.isPresent() && numberOf(last.get()) >= number) {
        return last.get();
      }
      Thread.sleep(20);
    }
  }

  private static Optional<Path> lastIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.find(folder, 3, (path, type) -> path.endsWith("_metadata"))) {
      return files.map(Path::getParent).max(Comparator.comparingInt(Checkpoints::numberOf));
    } catch (UncheckedIOException vanished) {
      return Optional.empty();
    }
  }

  private static int numberOf(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().replace("chk-", ""));
  }
}
