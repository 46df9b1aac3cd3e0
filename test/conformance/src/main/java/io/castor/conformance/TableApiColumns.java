package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.TypeLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.operations.ProjectQueryOperation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.planner.expressions.RexNodeExpression;
import org.apache.flink.table.types.DataType;

/**
 * Expressions that a test states in the Table API and keeps only as the planner's: a query that
 * reads them as texts.
 */
final class TableApiColumns {

  private TableApiColumns() {}

  /**
   * @param names of the columns of the test's own table, which {@link Feed#TABLE} may not all have
   */
  static Table select(TableEnvironment environment, List<RexNode> nodes, List<String> names) {
    QueryOperation read = environment.from(Feed.TABLE).getQueryOperation();
    RexShuttle moved = moved(names, read.getResolvedSchema().getColumnNames());
    List<ResolvedExpression> columns = new ArrayList<>();
    List<String> columnNames = new ArrayList<>();
    for (RexNode node : nodes) {
      columnNames.add("c" + columns.size());
      columns.add(text(node.accept(moved)));
    }
    ResolvedSchema schema =
        ResolvedSchema.physical(
            columnNames, columns.stream().map(ResolvedExpression::getOutputDataType).toList());
    return ((TableEnvironmentImpl) environment)
        .createTable(new ProjectQueryOperation(columns, read, schema));
  }

  private static ResolvedExpression text(RexNode node) {
    DataType type = DataTypes.of(FlinkTypeFactory.toLogicalType(node.getType()));
    DataType text = DataTypes.STRING();
    return CallExpression.permanent(
        BuiltInFunctionDefinitions.CAST,
        List.of(
            new RexNodeExpression(node, type, node.toString(), null),
            new TypeLiteralExpression(text)),
        type.getLogicalType().isNullable() ? text : text.notNull());
  }

  private static RexShuttle moved(List<String> from, List<String> to) {
    return new RexShuttle() {
      @Override
      public RexNode visitInputRef(RexInputRef field) {
        int at = to.indexOf(from.get(field.getIndex()));
        if (at < 0) {
          throw new Unsupported("no connector can give field " + from.get(field.getIndex()));
        }
        return new RexInputRef(at, field.getType());
      }
    };
  }
}
