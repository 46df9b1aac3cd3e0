package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.AbstractDataType;

/**
 * A {@code TestSetSpec} of Flink's: expressions over one row of fields. Those with a result run as
 * columns of one query first, which is fast; where that fails each runs by itself.
 */
record ScalarSetWork(String suite, int index, Object spec, Map<String, String> configuration)
    implements Work {

  private static final Step NO_TABLE = new Step.Define(environment -> {});

  @Override
  public String name() {
    return suite + "/" + index;
  }

  @Override
  public Section section() {
    return Section.SCALAR;
  }

  @Override
  public List<Result> run(Bench bench) {
    List<ScalarItem> items = new ArrayList<>();
    for (Object item : Fields.<List<Object>>get(spec, "testItems")) {
      items.add(new ScalarItem(items.size(), item));
    }
    List<Result> results = new ArrayList<>();
    JavaCalls calls = new JavaCalls(functions().keySet());
    items.replaceAll(item -> usesJava(item) ? withColumns(item, calls, results) : item);
    items.removeIf(Objects::isNull);
    Step feed;
    try {
      feed = feed(calls);
    } catch (RuntimeException e) {
      Run run =
          e instanceof Unsupported
              ? new Run("unfolded", State.UNSUPPORTED, e.getMessage())
              : new Run("unfolded", State.FAILED, "feeding the fields: " + Causes.message(e));
      items.forEach(item -> results.add(result(item, run)));
      return results;
    }
    QueryRun runner = new QueryRun(bench, name(), configuration, feed);
    List<ScalarItem> values = items.stream().filter(i -> i.error() == null).toList();
    for (boolean sql : new boolean[] {true, false}) {
      runTogether(runner, values.stream().filter(i -> i.isSql() == sql).toList(), sql, results);
    }
    items.stream()
        .filter(i -> i.error() != null)
        .forEach(i -> results.add(result(i, runner.fail(query(i), i.error()))));
    return results;
  }

  /** Functions written in Java, by name. */
  private Map<String, Class<? extends UserDefinedFunction>> functions() {
    List<Class<? extends UserDefinedFunction>> functions = Fields.get(spec, "functions");
    return functions.stream().collect(Collectors.toMap(Class::getSimpleName, f -> f));
  }

  private boolean usesJava(ScalarItem item) {
    return functions().keySet().stream().anyMatch(item.title::contains);
  }

  /** The item over columns that hold what Java gives; null: it needs Java, which is its result. */
  private ScalarItem withColumns(ScalarItem item, JavaCalls calls, List<Result> results) {
    ScalarItem without = table() == null ? null : item.without(calls);
    if (without == null) {
      List<String> used = functions().keySet().stream().filter(item.title::contains).toList();
      String reason = "Java user functions: " + String.join(", ", used);
      results.add(result(item, Run.skipped(reason)));
    }
    return without;
  }

  private Step feed(JavaCalls calls) {
    Object[] data = Fields.get(spec, "fieldData");
    AbstractDataType<?>[] types = Fields.get(spec, "fieldDataTypes");
    if (data == null) {
      return NO_TABLE;
    }
    return Feed.ofFields(
        calls.columns().isEmpty()
            ? FieldRow.compute(data, types, configuration)
            : FieldRow.compute(data, types, configuration, calls, functions()));
  }

  private String table() {
    return Fields.get(spec, "fieldData") == null ? null : Feed.TABLE;
  }

  private Function<TableEnvironment, Table> query(ScalarItem item) {
    return environment -> item.query(environment, table());
  }

  private void runTogether(
      QueryRun runner, List<ScalarItem> items, boolean sql, List<Result> results) {
    if (items.size() > 1 && table() != null) {
      List<Object> together = runner.row(sql ? sqlColumns(items) : apiColumns(items));
      int columns = items.stream().mapToInt(i -> i.results().size()).sum();
      if (together != null && together.size() == columns) {
        judgeTogether(runner, items, together, results);
        return;
      }
    }
    items.forEach(i -> results.add(result(i, value(runner, i))));
  }

  /** What differs is run again by itself, so that no neighbour is to blame. */
  private void judgeTogether(
      QueryRun runner, List<ScalarItem> items, List<Object> row, List<Result> results) {
    int from = 0;
    for (ScalarItem item : items) {
      int to = from + item.results().size();
      boolean equal =
          !item.results().isEmpty()
              && runner.typesMatch(from, item.types())
              && QueryRun.difference(row.subList(from, to), item.results()) == null;
      Run run = equal ? Run.passed("unfolded") : value(runner, item);
      results.add(result(item, run));
      from = to;
    }
  }

  private Run value(QueryRun runner, ScalarItem item) {
    return runner.value(query(item), item.results(), item.types());
  }

  private Function<TableEnvironment, Table> sqlColumns(List<ScalarItem> items) {
    return environment -> {
      Table input = environment.from(Feed.TABLE);
      String columns = items.stream().map(i -> i.sql(input)).collect(Collectors.joining(", "));
      return environment.sqlQuery("SELECT " + columns + " FROM " + Feed.TABLE);
    };
  }

  private Function<TableEnvironment, Table> apiColumns(List<ScalarItem> items) {
    return environment ->
        environment
            .from(Feed.TABLE)
            .select(
                items.stream()
                    .flatMap(i -> i.named("c" + i.index + "_").stream())
                    .toArray(Expression[]::new));
  }

  private Result result(ScalarItem item, Run run) {
    String title = spec + " " + item.title;
    return new Result(
        name() + "/" + item.index,
        Section.SCALAR,
        family(),
        ScalarSets.function(spec),
        title,
        List.of(run));
  }

  private String family() {
    return ScalarSets.family(suite);
  }
}
