package io.castor.planner.compile;

import io.castor.planner.connector.SpecModule;
import io.castor.planner.connector.SpecRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.CatalogManager;
import org.apache.flink.table.planner.delegation.PlannerBase;

/**
 * Flink's table environment for one request: catalog, configuration and planner. Nothing of it
 * outlives the request. Not thread-safe.
 */
final class Session {

  private final SpecRegistry registry;
  private final TableEnvironmentImpl environment;
  private final Map<String, String> initial;
  private final Configuration written = new Configuration();
  private boolean dependsOnFiles;

  Session(SpecRegistry registry, Request request) {
    this.registry = registry;
    initial = request.settings();
    initial.forEach(written::setString);
    environment =
        TableEnvironmentImpl.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(new Configuration(written))
                .build());
    environment.loadModule(
        "castor",
        new SpecModule(registry, request.workingDirectory(), () -> dependsOnFiles = true));
  }

  SpecRegistry registry() {
    return registry;
  }

  TableEnvironmentImpl environment() {
    return environment;
  }

  PlannerBase planner() {
    return (PlannerBase) environment.getPlanner();
  }

  CatalogManager catalogs() {
    return environment.getCatalogManager();
  }

  /** Columns of all tables and views of the current database, for suggestions. */
  List<String> columnNames() {
    return Arrays.stream(environment.listTables())
        .map(environment::from)
        .flatMap(table -> table.getResolvedSchema().getColumnNames().stream())
        .distinct()
        .toList();
  }

  /** True when planning looked at files, so that the same script may have another plan later. */
  boolean dependsOnFiles() {
    return dependsOnFiles;
  }

  void set(String key, String value) {
    written.setString(key, value);
    environment.getConfig().set(key, value);
  }

  /** Takes an option back to what the request gave, or to its default. */
  void reset(String key) {
    if (initial.containsKey(key)) {
      set(key, initial.get(key));
    } else {
      written.removeKey(key);
      environment.getConfig().getConfiguration().removeKey(key);
    }
  }

  void resetAll() {
    written.keySet().stream().toList().forEach(this::reset);
  }

  /** Options that the user gave, by script or request. */
  Configuration written() {
    return written;
  }
}
