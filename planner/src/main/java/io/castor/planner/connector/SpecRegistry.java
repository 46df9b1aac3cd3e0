package io.castor.planner.connector;

import io.castor.planner.Json;
import io.castor.planner.PlanException;
import io.castor.planner.Suggestions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * All connectors and formats there are: the option files packed into the jar, and those of folders
 * named at start, which is how a connector from outside comes in. Immutable once filled.
 */
public final class SpecRegistry {

  private static final String PACKED = "castor/options/";

  private final Map<String, ConnectorSpec> connectors = new TreeMap<>();
  private final Map<String, FormatSpec> formats = new TreeMap<>();
  private List<OptionSpec> commonOptions = List.of();

  public static SpecRegistry load(List<Path> extraFolders) throws IOException {
    SpecRegistry registry = new SpecRegistry();
    registry.readPacked();
    for (Path folder : extraFolders) {
      registry.readFolder(folder);
    }
    return registry;
  }

  /** The files beside this class: entries of the jar, or a folder when run from a build tree. */
  private void readPacked() throws IOException {
    Path home =
        Path.of(
            URI.create(
                SpecRegistry.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    if (Files.isDirectory(home)) {
      readFolder(home.resolve(PACKED));
      return;
    }
    try (JarFile jar = new JarFile(home.toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().startsWith(PACKED) && entry.getName().endsWith(".json")) {
          add(Json.parse(jar.getInputStream(entry)));
        }
      }
    }
  }

  private void readFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        try (InputStream stream = Files.newInputStream(file)) {
          add(Json.parse(stream));
        } catch (RuntimeException e) {
          throw new UncheckedIOException(
              new IOException("Bad option file " + file + ": " + e.getMessage(), e));
        }
      }
    }
  }

  private void add(JsonNode file) {
    if (file.has("connector")) {
      ConnectorSpec spec = SpecReader.connector(file);
      connectors.put(spec.name(), spec);
    } else if (file.has("format")) {
      FormatSpec spec = SpecReader.format(file);
      formats.put(spec.name(), spec);
    } else if (!file.has("fileSystem") && !file.has("stateBackend")) { // those are the worker's
      commonOptions = SpecReader.options(file);
    }
  }

  /** Whether INSERT OVERWRITE into a table of this connector means something in a stream. */
  public boolean overwrites(String connector) {
    ConnectorSpec spec = connectors.get(connector);
    return spec != null && spec.sink() != null && spec.sink().overwrite();
  }

  List<OptionSpec> commonOptions() {
    return commonOptions;
  }

  ConnectorSpec connector(String name) {
    ConnectorSpec spec = connectors.get(name);
    if (spec == null) {
      List<String> known =
          connectors.values().stream().filter(c -> !c.internal()).map(ConnectorSpec::name).toList();
      throw new PlanException(
          "Unknown connector '" + name + "'.",
          "Known connectors: " + String.join(", ", known) + "." + orNear(name, known));
    }
    return spec;
  }

  FormatSpec format(ConnectorSpec connector, String name) {
    FormatSpec spec = formats.get(name);
    if (spec == null || !connector.formats().contains(name)) {
      throw new PlanException(
          (spec == null
                  ? "Unknown format '"
                  : "Connector '" + connector.name() + "' has no format '")
              + name
              + "'.",
          "Formats of '"
              + connector.name()
              + "': "
              + String.join(", ", connector.formats())
              + "."
              + orNear(name, connector.formats()));
    }
    return spec;
  }

  private static String orNear(String name, List<String> known) {
    List<String> near = Suggestions.nearest(name, known);
    return near.isEmpty() ? "" : " Did you mean '" + near.get(0) + "'?";
  }
}
