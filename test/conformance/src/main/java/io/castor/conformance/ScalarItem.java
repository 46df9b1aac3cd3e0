package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.api.ApiExpression;
import org.apache.flink.table.api.Expressions;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.expressions.DefaultSqlFactory;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.operations.ProjectQueryOperation;
import org.apache.flink.table.types.AbstractDataType;

/** One item of a {@code TestSetSpec}: an expression with its result, or with its error. */
final class ScalarItem {

  final int index;
  final String title;
  private final Object item;
  private final String kind;

  /** SQL, an {@link Expression}, or a list of them. */
  private final Object expression;

  ScalarItem(int index, Object item) {
    this(index, item, Fields.get(item, "expression"));
  }

  private ScalarItem(int index, Object item, Object expression) {
    this.index = index;
    this.item = item;
    this.title = item.toString();
    this.kind = item.getClass().getSimpleName();
    this.expression = expression;
  }

  /** The same over columns in place of calls of Java; null: it needs Java. */
  ScalarItem without(JavaCalls calls) {
    Object replaced =
        expression instanceof String sql
            ? calls.replace(sql)
            : calls.replace(List.of(expressions()));
    return replaced == null ? null : new ScalarItem(index, item, replaced);
  }

  /** The error it expects, or null. */
  Expected error() {
    return kind.endsWith("ErrorTestItem")
        ? new Expected(
            Fields.get(item, "errorClass"),
            Fields.get(item, "errorMessage"),
            Fields.get(item, "expectedDuringValidation"))
        : null;
  }

  /** Values of its columns; empty: only their types count. */
  List<Object> results() {
    return Fields.get(item, "results");
  }

  List<AbstractDataType<?>> types() {
    return Fields.get(item, "dataTypes");
  }

  boolean isSql() {
    return !kind.equals("TableApiResultTestItem") && !kind.equals("TableApiErrorTestItem");
  }

  /** What stands between SELECT and FROM; not for items of the Table API. */
  String sql(Table input) {
    if (!kind.equals("TableApiSqlResultTestItem")) {
      return (String) expression;
    }
    ProjectQueryOperation projection =
        (ProjectQueryOperation) input.select(expressions()).getQueryOperation();
    return projection.getProjectList().stream()
        .map(e -> e.asSerializableString(DefaultSqlFactory.INSTANCE))
        .collect(Collectors.joining(", "));
  }

  /** Its query, as the test makes it. */
  Table query(TableEnvironment environment, String table) {
    Table input =
        table == null ? environment.fromValues(Expressions.row(0)) : environment.from(table);
    if (!isSql()) {
      return input.select(expressions());
    }
    String from = table == null ? "" : " FROM " + table;
    return environment.sqlQuery("SELECT " + sql(input) + from);
  }

  /** Its expressions with names that differ from all others. */
  List<Expression> named(String prefix) {
    List<Expression> named = new ArrayList<>();
    for (Expression expression : expressions()) {
      ApiExpression api =
          expression instanceof ApiExpression known ? known : new ApiExpression(expression);
      named.add(api.as(prefix + named.size()));
    }
    return named;
  }

  private Expression[] expressions() {
    return expression instanceof List<?> list
        ? list.toArray(Expression[]::new)
        : new Expression[] {(Expression) expression};
  }
}
