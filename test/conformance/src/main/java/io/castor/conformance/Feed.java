package io.castor.conformance;

import io.castor.oracle.rowtext.RowTextException;
import io.castor.oracle.rowtext.RowTextWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.operations.ProjectQueryOperation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/**
 * The table a function test reads. Its rows come from a connector, so that the planner computes
 * nothing itself.
 */
final class Feed {

  /** Its name in the catalog: some expressions of the older tests say it. */
  static final String TABLE = "testTable";

  private Feed() {}

  /**
   * One row with the fields of a test of scalar functions. What no connector can give the query
   * computes, as it does in the test.
   */
  static Step ofFields(FieldRow row) {
    Given given = Given.of(row.row(), row.type());
    if (given.isAll()) {
      return table(TABLE, given.text(), given.type(), "I");
    }
    Step.Define source = table("given", given.text(), given.type(), "I");
    return new Step.Define(
        environment -> {
          source.action().accept(environment);
          QueryOperation read = environment.from("given").getQueryOperation();
          QueryOperation all =
              new ProjectQueryOperation(
                  given.computed(row.type(), row.expressions()), read, schema(row.type()));
          Table view = ((TableEnvironmentImpl) environment).createTable(all);
          environment.createTemporaryView(TABLE, view);
        });
  }

  private static ResolvedSchema schema(RowType type) {
    return ResolvedSchema.physical(
        type.getFieldNames(),
        type.getChildren().stream().map(TypeConversions::fromLogicalToDataType).toList());
  }

  static Step ofRows(List<Row> rows, DataType type) {
    return table(TABLE, RowTexts.print(rows, type), type, kinds(rows));
  }

  /** A table without the fields that no connector can give. */
  record Partial(Step step, List<String> missing) {}

  /** One row; what no connector can give is left out. */
  static Partial ofRow(RowData row, RowType type) {
    Given given = Given.of(row, type);
    List<String> missing = new ArrayList<>(type.getFieldNames());
    given.fields().forEach(f -> missing.remove(f.getName()));
    return new Partial(table(TABLE, given.text(), given.type(), "I"), missing);
  }

  private static Step.Define table(String name, String rows, DataType type, String kinds) {
    TableDescriptor table =
        TableDescriptor.forConnector("values")
            .schema(Schema.newBuilder().fromRowDataType(type).build())
            .option("rows", rows)
            .option("changelog-mode", kinds)
            .build();
    return new Step.Define(environment -> environment.createTable(name, table));
  }

  /** Columns of a row that have a text form, and their texts. */
  private record Given(List<RowType.RowField> fields, List<String> texts, boolean isAll) {

    static Given of(RowData row, RowType type) {
      List<RowType.RowField> fields = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      RowTextWriter writer = new RowTextWriter(type);
      for (int i = 0; i < type.getFieldCount(); i++) {
        LogicalType field = type.getTypeAt(i);
        Object value = RowData.createFieldGetter(field.copy(true), i).getFieldOrNull(row);
        try {
          if (value != null || field.isNullable()) {
            texts.add(writer.printField(row, i));
            fields.add(type.getFields().get(i));
          }
        } catch (RowTextException e) {
          continue;
        }
      }
      boolean all = fields.size() == type.getFieldCount();
      if (fields.isEmpty()) {
        fields.add(new RowType.RowField("nothing", new IntType()));
        texts.add("NULL");
      }
      return new Given(fields, texts, all);
    }

    /** All fields: given ones are read, the others computed. */
    List<ResolvedExpression> computed(RowType type, List<ResolvedExpression> expressions) {
      List<ResolvedExpression> all = new ArrayList<>();
      for (RowType.RowField field : type.getFields()) {
        int at = fields.indexOf(field);
        if (at < 0 && all.size() >= expressions.size()) {
          throw new Unsupported("no connector can give " + field.getType().asSummaryString());
        }
        all.add(
            at < 0
                ? expressions.get(all.size())
                : new FieldReferenceExpression(
                    field.getName(),
                    TypeConversions.fromLogicalToDataType(field.getType()),
                    0,
                    at));
      }
      return all;
    }

    DataType type() {
      return TypeConversions.fromLogicalToDataType(new RowType(false, fields));
    }

    String text() {
      return "[" + String.join(", ", texts) + "]";
    }
  }

  /** As {@code BuiltInAggregateFunctionTestBase.asSource}. */
  private static String kinds(List<Row> rows) {
    Set<RowKind> kinds = rows.stream().map(Row::getKind).collect(Collectors.toSet());
    return Set.of(RowKind.INSERT).containsAll(kinds) ? "I" : "I,UB,UA,D";
  }
}
