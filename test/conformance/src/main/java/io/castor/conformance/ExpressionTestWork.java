package io.castor.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;

/** One test class of the older kind: SQL expressions and their values as texts. */
record ExpressionTestWork(Object test) implements Work {

  private static final String FOLDER = "org/apache/flink/table/planner/expressions/";
  private static final String BASE =
      "org.apache.flink.table.planner.expressions.utils.ExpressionTestBase";

  static List<Work> all() {
    List<Work> found = new ArrayList<>();
    TestJar.instances(FOLDER, TestJar.require(BASE))
        .forEach(test -> found.add(new ExpressionTestWork(test)));
    return found;
  }

  @Override
  public String name() {
    return test.getClass().getSimpleName();
  }

  @Override
  public Section section() {
    return Section.SCALAR;
  }

  @Override
  public List<Result> run(Bench bench) {
    List<Result> results = new ArrayList<>();
    ExpressionTest expressions = new ExpressionTest(test);
    for (Method method : expressions.methods()) {
      try {
        run(bench, expressions, method.getName(), expressions.collect(method), results);
      } catch (ReflectiveOperationException | RuntimeException e) {
        Run run = new Run("-", State.FAILED, "cannot be enumerated: " + Causes.message(e));
        results.add(result(method.getName(), 0, method.getName(), run));
      }
    }
    return results;
  }

  private void run(
      Bench bench,
      ExpressionTest expressions,
      String method,
      ExpressionTest.Collected collected,
      List<Result> results) {
    QueryRun runner = new QueryRun(bench, name(), collected.options(), expressions.feed());
    List<String> functions = expressions.functions();
    List<Map.Entry<String, String>> values =
        collected.results().stream().filter(e -> !uses(e.getKey(), functions)).toList();
    List<Object> together =
        values.size() > 1
            ? runner.row(query(values.stream().map(Map.Entry::getKey).toList()))
            : null;
    int index = 0;
    for (Map.Entry<String, String> item : collected.results()) {
      int at = values.indexOf(item);
      Run run =
          at < 0
              ? Run.skipped("Java user functions")
              : together != null && text(together.get(at)).equals(item.getValue())
                  ? Run.passed("unfolded")
                  : value(runner, item);
      results.add(result(method, index++, item.getKey(), run));
    }
    for (Map.Entry<String, Expected> item : collected.errors()) {
      Run run =
          uses(item.getKey(), functions)
              ? Run.skipped("Java user functions")
              : runner.fail(query(List.of(item.getKey())), item.getValue());
      results.add(result(method, index++, item.getKey(), run));
    }
  }

  private static boolean uses(String expression, List<String> functions) {
    return functions.stream().anyMatch(f -> expression.contains(f + "("));
  }

  private static Run value(QueryRun runner, Map.Entry<String, String> item) {
    Object expected = item.getValue().equals("NULL") ? null : item.getValue();
    List<Object> row = new ArrayList<>();
    row.add(expected);
    return runner.value(query(List.of(item.getKey())), row, List.of());
  }

  private static String text(Object value) {
    return value == null ? "NULL" : value.toString();
  }

  /** Values are compared as texts, which is what the test does. */
  private static Function<TableEnvironment, Table> query(List<String> expressions) {
    String columns =
        expressions.stream()
            .map(e -> "CAST(" + e + " AS VARCHAR(2147483647))")
            .collect(Collectors.joining(", "));
    return environment -> environment.sqlQuery("SELECT " + columns + " FROM " + Feed.TABLE);
  }

  private Result result(String method, int index, String expression, Run run) {
    String title = method + " " + expression;
    return new Result(
        name() + "/" + method + "/" + index, Section.SCALAR, name(), method, title, List.of(run));
  }
}
