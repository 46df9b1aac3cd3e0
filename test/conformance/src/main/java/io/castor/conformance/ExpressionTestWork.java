package io.castor.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.expressions.Expression;

/** One test class of the older kind: expressions and their values as texts. */
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
    for (boolean sql : new boolean[] {true, false}) {
      List<ExpressionItem> items =
          collected.results().stream().filter(i -> i.isSql() == sql).toList();
      String prefix = sql ? method : method + "/api";
      Batch batch = new Batch(runner, items, functions, expressions.fields());
      for (int i = 0; i < items.size(); i++) {
        results.add(result(prefix, i, items.get(i).text(), batch.judge(items.get(i))));
      }
      List<? extends Map.Entry<?, Expected>> errors =
          sql ? collected.errors() : collected.apiErrors();
      for (int i = 0; i < errors.size(); i++) {
        String text = errors.get(i).getKey().toString();
        Run run =
            uses(text, functions)
                ? Run.skipped("Java user functions")
                : runner.fail(failing(errors.get(i).getKey()), errors.get(i).getValue());
        results.add(result(prefix, items.size() + i, text, run));
      }
    }
  }

  private static Function<TableEnvironment, Table> failing(Object expression) {
    return expression instanceof Expression api
        ? environment -> environment.from(Feed.TABLE).select(api)
        : ExpressionItem.sqlQuery(List.of((String) expression));
  }

  /** Expressions of one kind: columns of one query first, which is fast. */
  private static final class Batch {

    private final QueryRun runner;
    private final List<ExpressionItem> values;
    private final List<String> fields;
    private final List<Object> together;

    Batch(
        QueryRun runner, List<ExpressionItem> items, List<String> functions, List<String> fields) {
      this.runner = runner;
      this.fields = fields;
      this.values = items.stream().filter(e -> !uses(e.text(), functions)).toList();
      this.together = values.size() > 1 ? runner.row(ExpressionItem.query(values, fields)) : null;
    }

    /** What differs is run again by itself, so that no neighbour is to blame. */
    Run judge(ExpressionItem item) {
      int at = values.indexOf(item);
      if (at < 0) {
        return Run.skipped("Java user functions");
      }
      if (together != null && text(together.get(at)).equals(item.expected())) {
        return Run.passed("unfolded");
      }
      List<Object> row = new ArrayList<>();
      row.add(item.expected().equals("NULL") ? null : item.expected());
      return runner.value(ExpressionItem.query(List.of(item), fields), row, List.of());
    }
  }

  private static boolean uses(String expression, List<String> functions) {
    return functions.stream().anyMatch(f -> expression.contains(f + "("));
  }

  private static String text(Object value) {
    return value == null ? "NULL" : value.toString();
  }

  private Result result(String method, int index, String expression, Run run) {
    String title = method + " " + expression;
    return new Result(
        name() + "/" + method + "/" + index, Section.SCALAR, name(), method, title, List.of(run));
  }
}
