package io.castor.oracle.values;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** Projects rows to fields, also to fields of nested rows. */
final class FieldPicker {

  private final RowType type;
  private final int[][] paths;

  FieldPicker(RowType type, int[][] paths) {
    this.type = type;
    this.paths = paths;
  }

  RowData pick(RowData row) {
    GenericRowData picked = new GenericRowData(row.getRowKind(), paths.length);
    for (int i = 0; i < paths.length; i++) {
      picked.setField(i, follow(row, paths[i]));
    }
    return picked;
  }

  private Object follow(RowData row, int[] path) {
    Object value = row;
    LogicalType at = type;
    for (int index : path) {
      LogicalType field = ((RowType) at).getTypeAt(index);
      value =
          value == null
              ? null
              : RowData.createFieldGetter(field, index).getFieldOrNull((RowData) value);
      at = field;
    }
    return value;
  }
}
