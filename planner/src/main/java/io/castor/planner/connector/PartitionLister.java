package io.castor.planner.connector;

import io.castor.planner.PlanException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.table.utils.PartitionPathUtils;

/**
 * Lists the partitions of a directory ({@code key=value} folders) for partition push-down, as
 * Flink's file system source does while planning. A plan made so depends on the disk: the lister
 * tells through {@code used}.
 */
final class PartitionLister {

  private final Path directory;
  private final int depth;
  private final String defaultName;
  private final Runnable used;

  PartitionLister(Path directory, int depth, String defaultName, Runnable used) {
    this.directory = directory;
    this.depth = depth;
    this.defaultName = defaultName;
    this.used = used;
  }

  List<Map<String, String>> list() {
    used.run();
    List<Map<String, String>> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try {
        descend(directory, new LinkedHashMap<>(), found);
      } catch (IOException | UncheckedIOException e) {
        throw new PlanException(
            "The partitions in " + directory + " cannot be listed: " + e.getMessage(),
            "Check that the directory can be read.",
            e);
      }
    }
    return found;
  }

  private void descend(Path folder, Map<String, String> path, List<Map<String, String>> found)
      throws IOException {
    if (path.size() == depth) {
      found.add(new LinkedHashMap<>(path));
      return;
    }
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        String name = child.getFileName().toString();
        int equals = name.indexOf('=');
        boolean hidden = name.startsWith("_") || name.startsWith(".");
        if (equals > 0 && !hidden && Files.isDirectory(child)) {
          String key = PartitionPathUtils.unescapePathName(name.substring(0, equals));
          String value = PartitionPathUtils.unescapePathName(name.substring(equals + 1));
          path.put(key, value.equals(defaultName) ? null : value);
          descend(child, path, found);
          path.remove(key);
        }
      }
    }
  }
}
