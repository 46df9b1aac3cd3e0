package io.castor.conformance;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.types.Row;

/**
 * Values as the tests write them, as values of a type: in Java a BIGINT field may be given as 1,
 * and an array as a list. Flink's {@code fromValues} casts them, which a connector does not.
 */
final class Literals {

  private Literals() {}

  static Object as(Object value, DataType type) {
    LogicalTypeRoot root = type.getLogicalType().getTypeRoot();
    if (value instanceof Number number) {
      return number(number, type, root);
    }
    if (value instanceof Row row && root == LogicalTypeRoot.ROW) {
      Row converted = new Row(row.getArity());
      for (int i = 0; i < row.getArity(); i++) {
        converted.setField(i, as(row.getField(i), type.getChildren().get(i)));
      }
      return converted;
    }
    if (value instanceof Map<?, ?> map && root == LogicalTypeRoot.MAP) {
      Map<Object, Object> converted = new LinkedHashMap<>();
      map.forEach(
          (k, v) ->
              converted.put(as(k, type.getChildren().get(0)), as(v, type.getChildren().get(1))));
      return converted;
    }
    if (root == LogicalTypeRoot.ARRAY && type.getConversionClass() == Object[].class) {
      return array(value, type.getChildren().get(0));
    }
    return value;
  }

  private static Object array(Object value, DataType element) {
    if (value instanceof List<?> list) {
      return list.stream().map(v -> as(v, element)).toArray();
    }
    return value instanceof Object[] array
        ? Arrays.stream(array).map(v -> as(v, element)).toArray()
        : value;
  }

  private static Object number(Number value, DataType type, LogicalTypeRoot root) {
    if (type.getConversionClass().isInstance(value)) {
      return value;
    }
    return switch (root) {
      case TINYINT -> value.byteValue();
      case SMALLINT -> value.shortValue();
      case INTEGER -> value.intValue();
      case BIGINT -> value.longValue();
      case FLOAT -> value.floatValue();
      case DOUBLE -> value.doubleValue();
      case DECIMAL -> new BigDecimal(value.toString());
      default -> value;
    };
  }
}
