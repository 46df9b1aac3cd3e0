package io.castor.oracle.rowtext;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DistinctType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RawType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.apache.flink.types.bitmap.Bitmap;
import org.apache.flink.types.variant.BinaryVariant;

/** Prints rows as row text (specified in {@code spec/row-text.md}). */
public final class RowTextWriter implements Serializable {

  private final RowType type;

  public RowTextWriter(RowType type) {
    this.type = type;
  }

  /** The row with its kind, without a line end. */
  public String print(RowData row) {
    StringBuilder out = new StringBuilder(row.getRowKind().shortString());
    return out.append(fields(row, type.getChildren(), "[", "]")).toString();
  }

  /** One column of a row, as it stands in the printed row. */
  public String printField(RowData row, int index) {
    return value(
        RowData.createFieldGetter(type.getTypeAt(index), index).getFieldOrNull(row),
        type.getTypeAt(index));
  }

  private static String fields(RowData row, List<LogicalType> types, String open, String close) {
    StringJoiner out = new StringJoiner(", ", open, close);
    for (int i = 0; i < types.size(); i++) {
      LogicalType field = types.get(i);
      out.add(value(RowData.createFieldGetter(field, i).getFieldOrNull(row), field));
    }
    return out.toString();
  }

  private static String value(Object value, LogicalType type) {
    if (value == null) {
      return "NULL";
    }
    return switch (type.getTypeRoot()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME ->
          value.toString();
      case FLOAT -> ShortestDecimal.print((float) value);
      case DOUBLE -> ShortestDecimal.print((double) value);
      case DECIMAL -> decimal((DecimalData) value, (DecimalType) type);
      case CHAR, VARCHAR -> quoted(value.toString());
      case BINARY, VARBINARY -> hex((byte[]) value);
      case BITMAP -> hex(((Bitmap) value).toBytes());
      case VARIANT -> hex(VariantBytes.of((BinaryVariant) value));
      case RAW -> hex(raw((RawValueData<?>) value, (RawType<?>) type));
      case DATE -> LocalDate.ofEpochDay((int) value).toString();
      case TIME_WITHOUT_TIME_ZONE ->
          time(
              LocalTime.ofNanoOfDay((int) value * 1_000_000L),
              LogicalTypeChecks.getPrecision(type));
      case TIMESTAMP_WITHOUT_TIME_ZONE -> timestamp((TimestampData) value, type);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> timestamp((TimestampData) value, type) + "Z";
      case ROW, STRUCTURED_TYPE -> fields((RowData) value, type.getChildren(), "(", ")");
      case DISTINCT_TYPE -> value(value, ((DistinctType) type).getSourceType());
      case ARRAY -> array((ArrayData) value, type.getChildren().get(0));
      case MAP -> map((MapData) value, type.getChildren().get(0), type.getChildren().get(1));
      case MULTISET -> map((MapData) value, type.getChildren().get(0), new IntType(false));
      default -> throw new RowTextException("type " + type.asSummaryString() + " has no text form");
    };
  }

  @SuppressWarnings("unchecked")
  private static <T> byte[] raw(RawValueData<?> value, RawType<T> type) {
    return ((RawValueData<T>) value).toBytes(type.getTypeSerializer());
  }

  private static String hex(byte[] bytes) {
    return "x\"" + HexFormat.of().formatHex(bytes) + "\"";
  }

  private static String decimal(DecimalData value, DecimalType type) {
    return value.toBigDecimal().setScale(type.getScale()).toPlainString();
  }

  /** TimestampData holds local time as if it were UTC, and instants in UTC: one form fits both. */
  private static String timestamp(TimestampData value, LogicalType type) {
    LocalDateTime local = value.toLocalDateTime();
    return local.toLocalDate()
        + " "
        + time(local.toLocalTime(), LogicalTypeChecks.getPrecision(type));
  }

  private static String time(LocalTime time, int precision) {
    String base = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    return precision == 0
        ? base
        : base + "." + "%09d".formatted(time.getNano()).substring(0, precision);
  }

  private static String array(ArrayData array, LogicalType element) {
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(element);
    StringJoiner out = new StringJoiner(", ", "[", "]");
    for (int i = 0; i < array.size(); i++) {
      out.add(value(getter.getElementOrNull(array, i), element));
    }
    return out.toString();
  }

  private static String map(MapData map, LogicalType keyType, LogicalType valueType) {
    ArrayData.ElementGetter keys = ArrayData.createElementGetter(keyType);
    ArrayData.ElementGetter values = ArrayData.createElementGetter(valueType);
    TreeMap<byte[], String> sorted = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < map.size(); i++) {
      String key = value(keys.getElementOrNull(map.keyArray(), i), keyType);
      String value = value(values.getElementOrNull(map.valueArray(), i), valueType);
      sorted.put(key.getBytes(StandardCharsets.UTF_8), key + ": " + value);
    }
    return "{" + String.join(", ", sorted.values()) + "}";
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
    return out.append('"').toString();
  }
}
