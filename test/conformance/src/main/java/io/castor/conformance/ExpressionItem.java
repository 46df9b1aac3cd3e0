package io.castor.conformance;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;

/**
 * One expression of a test of the older kind with the text of its value.
 *
 * @param text SQL, or what the Table API calls it
 * @param node the planner's expression, if the text is no SQL or SQL of another meaning; or null
 * @param reads whether the text can be read as SQL
 */
record ExpressionItem(String text, RexNode node, boolean reads, String expected) {

  boolean isSql() {
    return node == null;
  }

  /**
   * A query of several, all of one kind. Values are compared as texts, which is what the test does.
   */
  static Function<TableEnvironment, Table> query(List<ExpressionItem> items, List<String> fields) {
    if (!items.get(0).isSql()) {
      List<RexNode> nodes = items.stream().map(ExpressionItem::node).toList();
      return environment -> TableApiColumns.select(environment, nodes, fields);
    }
    return sqlQuery(items.stream().map(ExpressionItem::text).toList());
  }

  /** The value as text, which not every SQL expression has: a row's {@code *} is several values. */
  static String asText(String expression) {
    return "CAST(" + expression + " AS VARCHAR(2147483647))";
  }

  static Function<TableEnvironment, Table> sqlQuery(List<String> expressions) {
    String columns =
        expressions.stream().map(ExpressionItem::asText).collect(Collectors.joining(", "));
    return environment -> environment.sqlQuery("SELECT " + columns + " FROM " + Feed.TABLE);
  }
}
