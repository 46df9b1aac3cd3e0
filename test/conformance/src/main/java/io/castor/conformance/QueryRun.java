package io.castor.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.types.AbstractDataType;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.utils.DataTypeUtils;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.Row;

/** Runs queries over one fed table. Not thread-safe. */
final class QueryRun {

  private final Bench bench;
  private final String name;
  private final Map<String, String> configuration;
  private final Step feed;

  /** Of the last query. */
  private ResolvedSchema schema;

  private TableEnvironmentImpl environment;

  /**
   * @param feed makes the table; nothing, if queries read none
   */
  QueryRun(Bench bench, String name, Map<String, String> configuration, Step feed) {
    this.bench = bench;
    this.name = name;
    this.configuration = configuration;
    this.feed = feed;
  }

  /** The one row of a query; null: there is not exactly one, or something went wrong. */
  List<Object> row(Function<TableEnvironment, Table> query) {
    try {
      Engine.End ended = run(compile(query, Map.of()));
      return ended.exit() == 0 && ended.printed().size() == 1
          ? fields(rows(ended.printed()).get(0))
          : null;
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return null;
    }
  }

  /** Runs a query and compares its one row; with no values its types only. */
  Run value(
      Function<TableEnvironment, Table> query,
      List<Object> expected,
      List<AbstractDataType<?>> types) {
    return guarded(
        "unfolded",
        () -> {
          Engine.End ended = run(compile(query, Map.of()));
          if (ended.exit() != 0) {
            return ended.run();
          }
          if (!typesMatch(0, types)) {
            return new Run("", State.FAILED, "type " + schema.getColumnDataTypes());
          }
          if (ended.printed().size() != 1) {
            return new Run("", State.FAILED, "got " + ended.printed().size() + " rows");
          }
          if (expected.isEmpty()) {
            return Run.passed("");
          }
          String difference = difference(fields(rows(ended.printed()).get(0)), expected);
          return difference == null ? Run.passed("") : askFlink(query, Map.of(), ended, difference);
        });
  }

  /** Runs a query and compares what is left of its changelog. */
  Run rows(
      String run,
      Function<TableEnvironment, Table> query,
      Map<String, String> options,
      List<Row> expected) {
    return guarded(
        run,
        () -> {
          Engine.End ended = run(compile(query, options));
          if (ended.exit() != 0) {
            return ended.run();
          }
          String difference =
              Changelog.difference(
                  Changelog.materialize(rows(ended.printed()), List.of()), expected);
          return difference == null ? Run.passed("") : askFlink(query, options, ended, difference);
        });
  }

  /** The query must be refused, or its job must break. */
  Run fail(Function<TableEnvironment, Table> query, Expected expected) {
    return guarded(
        "failing",
        () -> {
          JsonNode bundle;
          try {
            bundle = compile(query, Map.of());
          } catch (Unsupported e) {
            throw e;
          } catch (RuntimeException | AssertionError e) {
            boolean same = Causes.matches(e, expected.type(), expected.message());
            return same ? Run.passed("") : Causes.notPlanned("", e);
          }
          Engine.End ended = run(bundle);
          // Flink refuses some while it generates code, behind the plan.
          Run run =
              expected.planning() && ended.exit() > 0
                  ? Run.passed("")
                  : ErrorTest.judge(ended, expected);
          return ended.exit() == 0 ? askFlink(query, Map.of(), ended, run.detail()) : run;
        });
  }

  /**
   * A test may expect what only its own way of feeding gives: then Flink on the same rows counts.
   */
  private Run askFlink(
      Function<TableEnvironment, Table> query,
      Map<String, String> options,
      Engine.End ended,
      String difference) {
    if (bench.flink() == null) {
      return new Run("", State.FAILED, difference);
    }
    List<String> lines;
    try {
      lines = bench.flink().answer(steps(query, options)).get(FlinkOracle.SELECTED);
    } catch (IllegalStateException e) {
      return new Run("", State.FAILED, difference + "; Flink: " + Causes.message(e));
    }
    String other =
        Changelog.difference(
            Changelog.materialize(rows(ended.printed()), List.of()),
            Changelog.materialize(rows(lines), List.of()));
    return other == null
        ? new Run("", State.PASSED, Run.AS_FLINK)
        : new Run("", State.FAILED, difference + "; from Flink: " + other);
  }

  /** Whether the columns from one on are of certain types. */
  boolean typesMatch(int from, List<AbstractDataType<?>> types) {
    for (int i = 0; i < types.size(); i++) {
      LogicalType expected =
          environment
              .getCatalogManager()
              .getDataTypeFactory()
              .createDataType(types.get(i))
              .getLogicalType();
      if (from + i >= schema.getColumnCount()
          || !schema.getColumnDataTypes().get(from + i).getLogicalType().equals(expected)) {
        return false;
      }
    }
    return true;
  }

  /** First difference; null: none. {@link Row#equals} looks into arrays and maps. */
  static String difference(List<Object> actual, List<Object> expected) {
    for (int i = 0; i < expected.size(); i++) {
      Row got = i < actual.size() ? Row.of(actual.get(i)) : null;
      if (!Row.of(expected.get(i)).equals(got)) {
        return "expected " + Row.of(expected.get(i)) + ", got " + got;
      }
    }
    return null;
  }

  private JsonNode compile(Function<TableEnvironment, Table> query, Map<String, String> options) {
    return bench.planner().compile(name, Map.of(), steps(query, options));
  }

  private List<Step> steps(Function<TableEnvironment, Table> query, Map<String, String> options) {
    List<Step> steps = new ArrayList<>();
    Bench.SETTINGS.forEach((key, value) -> steps.add(new Step.Setting(key, value)));
    configuration.forEach((key, value) -> steps.add(new Step.Setting(key, value)));
    options.forEach((key, value) -> steps.add(new Step.Setting(key, value)));
    steps.add(new Step.Define(Constants::keep));
    steps.add(feed);
    steps.add(new Step.Select(session -> remember(session, query.apply(session))));
    return steps;
  }

  private Table remember(TableEnvironment session, Table table) {
    environment = (TableEnvironmentImpl) session;
    schema = table.getResolvedSchema();
    return table;
  }

  private Engine.End run(JsonNode bundle) {
    try {
      Path folder = Files.createTempDirectory("castor-conformance");
      try {
        return bench.engine().run(bundle, folder);
      } finally {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * In the classes in which Flink collects them ({@code DynamicSinkUtils.deriveCollectDataType}).
   */
  private List<Row> rows(List<String> lines) {
    List<DataTypes.Field> fields = new ArrayList<>();
    for (DataType type : schema.getColumnDataTypes()) {
      DataType collected = TypeConversions.fromLogicalToDataType(type.getLogicalType());
      fields.add(DataTypes.FIELD("c" + fields.size(), collected));
    }
    DataType row = DataTypes.ROW(fields.toArray(DataTypes.Field[]::new)).notNull();
    return RowTexts.read(
        lines,
        DataTypeUtils.alignStructuredTypes(
            environment.getCatalogManager().getDataTypeFactory(), row));
  }

  private static List<Object> fields(Row row) {
    List<Object> fields = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      fields.add(row.getField(i));
    }
    return fields;
  }

  private interface Attempt {
    Run make();
  }

  private static Run guarded(String name, Attempt attempt) {
    try {
      Run run = attempt.make();
      return new Run(name, run.state(), run.detail());
    } catch (Unsupported e) {
      return new Run(name, State.UNSUPPORTED, e.getMessage());
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return Causes.notPlanned(name, e);
    }
  }
}
