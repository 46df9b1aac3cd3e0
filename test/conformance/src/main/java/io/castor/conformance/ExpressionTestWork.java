package io.castor.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
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
    Feed.Partial feed = expressions.feed();
    QueryRun runner = new QueryRun(bench, name(), collected.options(), feed.step());
    List<String> functions = expressions.functions();
    for (boolean sql : new boolean[] {true, false}) {
      List<ExpressionItem> items =
          collected.results().stream().filter(i -> i.reads() == sql).toList();
      String prefix = sql ? method : method + "/api";
      Batch batch = new Batch(runner, items, functions, expressions.fields(), feed.missing());
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
    private final List<String> functions;
    private final List<String> fields;
    private final List<String> missing;
    private final Map<ExpressionItem, String> together = new HashMap<>();

    /**
     * @param missing fields that no connector can give
     */
    Batch(
        QueryRun runner,
        List<ExpressionItem> items,
        List<String> functions,
        List<String> fields,
        List<String> missing) {
      this.runner = runner;
      this.functions = functions;
      this.fields = fields;
      this.missing = missing;
      List<ExpressionItem> values =
          items.stream()
              .filter(e -> !uses(e.text(), functions) && missingIn(e.text()) == null)
              .toList();
      runTogether(values.stream().filter(ExpressionItem::isSql).toList());
      runTogether(values.stream().filter(e -> !e.isSql()).toList());
    }

    private void runTogether(List<ExpressionItem> items) {
      List<Object> row = items.size() > 1 ? runner.row(ExpressionItem.query(items, fields)) : null;
      for (int i = 0; row != null && i < items.size(); i++) {
        together.put(items.get(i), text(row.get(i)));
      }
    }

    private String missingIn(String expression) {
      return missing.stream()
          .filter(f -> Pattern.compile("\\b" + f + "\\b").matcher(expression).find())
          .findFirst()
          .orElse(null);
    }

    /** What differs is run again by itself, so that no neighbour is to blame. */
    Run judge(ExpressionItem item) {
      if (uses(item.text(), functions)) {
        return Run.skipped("Java user functions");
      }
      if (missingIn(item.text()) != null) {
        String reason = "no connector can give field " + missingIn(item.text());
        return new Run("unfolded", State.UNSUPPORTED, reason);
      }
      if (item.expected().equals(together.get(item))) {
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
