package io.castor.conformance;

import io.castor.oracle.rowtext.RowTextException;
import io.castor.oracle.rowtext.RowTextWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.AbstractDataType;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/**
 * The table a function test reads. Its rows come from a connector, so that the planner computes
 * nothing itself.
 */
final class Feed {

  /** Its name in the catalog. */
  static final String TABLE = "t";

  private Feed() {}

  /** One row with the fields of a test of scalar functions. */
  static Step ofFields(Object[] data, AbstractDataType<?>[] types) {
    TableEnvironmentImpl environment =
        TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
    List<DataType> resolved =
        types == null
            ? environment.fromValues(Row.of(data)).getResolvedSchema().getColumnDataTypes()
            : Arrays.stream(types)
                .map(environment.getCatalogManager().getDataTypeFactory()::createDataType)
                .toList();
    List<DataTypes.Field> fields = new ArrayList<>();
    Object[] values = new Object[data.length];
    for (int i = 0; i < data.length; i++) {
      fields.add(DataTypes.FIELD("f" + i, resolved.get(i)));
      values[i] = Literals.as(data[i], resolved.get(i));
    }
    DataType row = DataTypes.ROW(fields.toArray(DataTypes.Field[]::new)).notNull();
    return ofRows(List.of(Row.of(values)), row);
  }

  static Step ofRows(List<Row> rows, DataType type) {
    return table(RowTexts.print(rows, type), type, kinds(rows));
  }

  /** One row; its columns that have no text form are left out. */
  static Step ofRow(RowData row, RowType type) {
    List<RowType.RowField> fields = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    RowTextWriter writer = new RowTextWriter(type);
    for (int i = 0; i < type.getFieldCount(); i++) {
      try {
        texts.add(writer.printField(row, i));
        fields.add(type.getFields().get(i));
      } catch (RowTextException e) {
        continue; // what reads it cannot be planned, which says so
      }
    }
    DataType kept = TypeConversions.fromLogicalToDataType(new RowType(false, fields));
    return table("[" + String.join(", ", texts) + "]", kept, "I");
  }

  private static Step table(String rows, DataType type, String kinds) {
    TableDescriptor table =
        TableDescriptor.forConnector("values")
            .schema(Schema.newBuilder().fromRowDataType(type).build())
            .option("rows", rows)
            .option("changelog-mode", kinds)
            .build();
    return new Step.Define(environment -> environment.createTable(TABLE, table));
  }

  /** As {@code BuiltInAggregateFunctionTestBase.asSource}. */
  private static String kinds(List<Row> rows) {
    Set<RowKind> kinds = rows.stream().map(Row::getKind).collect(Collectors.toSet());
    return Set.of(RowKind.INSERT).containsAll(kinds) ? "I" : "I,UB,UA,D";
  }
}
