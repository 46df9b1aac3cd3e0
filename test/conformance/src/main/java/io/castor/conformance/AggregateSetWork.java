package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.operations.AggregateQueryOperation;
import org.apache.flink.table.operations.ProjectQueryOperation;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/** A {@code TestSpec} of Flink's: aggregations over the rows of one table. */
record AggregateSetWork(String suite, int index, Object spec) implements Work {

  @Override
  public String name() {
    return suite + "/" + index;
  }

  @Override
  public Section section() {
    return Section.AGGREGATE;
  }

  @Override
  public List<Result> run(Bench bench) {
    Configuration configuration = Fields.get(spec, "configuration");
    List<Object> items = Fields.get(spec, "testItems");
    List<Result> results = new ArrayList<>();
    Step feed;
    try {
      feed = feed();
    } catch (Unsupported e) {
      Run run = new Run("row-for-row", State.UNSUPPORTED, e.getMessage());
      items.forEach(item -> results.add(result(results.size(), item, List.of(run))));
      return results;
    }
    QueryRun runner = new QueryRun(bench, name(), configuration.toMap(), feed);
    for (Object item : items) {
      results.add(result(results.size(), item, runs(runner, item)));
    }
    return results;
  }

  /** Rows that no connector can emit stand only where planning is to fail: then there are none. */
  private Step feed() {
    DataType type = Fields.get(spec, "sourceRowType");
    try {
      return Feed.ofRows(Fields.get(spec, "sourceRows"), type);
    } catch (ClassCastException e) {
      return Feed.ofRows(List.of(), type);
    }
  }

  private static List<Run> runs(QueryRun runner, Object item) {
    Function<TableEnvironment, Table> query = environment -> query(environment, item);
    if (item.getClass().getSimpleName().endsWith("ErrorTestItem")) {
      Expected error =
          new Expected(
              Fields.get(item, "errorClass"),
              Fields.get(item, "errorMessage"),
              Fields.get(item, "expectedDuringValidation"));
      return List.of(runner.fail(query, error));
    }
    List<Row> expected = Fields.get(item, "expectedRows");
    return List.of(
        runner.rows("row-for-row", query, Map.of(), expected),
        runner.rows("folded", query, Bench.FOLDING, expected));
  }

  private static Table query(TableEnvironment environment, Object item) {
    Table source = environment.from(Feed.TABLE);
    return switch (item.getClass().getSimpleName()) {
      case "SqlTestItem", "SqlErrorTestItem" ->
          environment.sqlQuery(Fields.<Function<Table, String>>get(item, "spec").apply(source));
      case "TableApiSqlResultTestItem" ->
          environment.sqlQuery(sql(select(source, item), source, item));
      default -> select(source, item);
    };
  }

  private static Table select(Table source, Object item) {
    Expression[] select =
        Fields.<List<Expression>>get(item, "selectExpr").toArray(Expression[]::new);
    List<Expression> group = Fields.get(item, "groupByExpr");
    return group == null
        ? source.select(select)
        : source.groupBy(group.toArray(Expression[]::new)).select(select);
  }

  /** As {@code TableApiSqlResultTestItem.getResult}. */
  private static String sql(Table select, Table source, Object item) {
    ProjectQueryOperation project = (ProjectQueryOperation) select.getQueryOperation();
    AggregateQueryOperation aggregate =
        (AggregateQueryOperation) select.getQueryOperation().getChildren().get(0);
    Object list = Fields.call(item, "recreateSelectList", aggregate, project);
    String text = "SELECT " + Fields.call(item, "toSerializableExpr", list) + " FROM " + source;
    String group = "" + Fields.call(item, "toSerializableExpr", aggregate.getGroupingExpressions());
    return group.isEmpty() ? text : text + " GROUP BY " + group;
  }

  private Result result(int item, Object test, List<Run> runs) {
    String title = spec + " " + test.getClass().getSimpleName();
    return new Result(
        name() + "/" + item,
        Section.AGGREGATE,
        ScalarSets.family(suite),
        ScalarSets.function(spec),
        title,
        runs);
  }
}
