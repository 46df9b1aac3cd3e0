package io.castor.conformance;

import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * Whether NULL stands where a type has none: some tests compute such values, no connector reads
 * them.
 */
final class Nulls {

  private Nulls() {}

  static boolean allowed(Object value, LogicalType type) {
    if (value == null) {
      return type.isNullable();
    }
    if (value instanceof ArrayData array) {
      return allowedIn(array, type.getChildren().get(0));
    }
    if (value instanceof MapData map && type.getChildren().size() == 2) {
      return allowedIn(map.keyArray(), type.getChildren().get(0))
          && allowedIn(map.valueArray(), type.getChildren().get(1));
    }
    return !(value instanceof RowData row) || allowedIn(row, type);
  }

  private static boolean allowedIn(ArrayData array, LogicalType element) {
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(element.copy(true));
    for (int i = 0; i < array.size(); i++) {
      if (!allowed(getter.getElementOrNull(array, i), element)) {
        return false;
      }
    }
    return true;
  }

  private static boolean allowedIn(RowData row, LogicalType type) {
    for (int i = 0; i < row.getArity(); i++) {
      LogicalType field = type.getChildren().get(i);
      if (!allowed(RowData.createFieldGetter(field.copy(true), i).getFieldOrNull(row), field)) {
        return false;
      }
    }
    return true;
  }
}
