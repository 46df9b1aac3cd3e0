package io.castor.oracle.rowtext;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DistinctType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.apache.flink.types.RowKind;
import org.apache.flink.types.bitmap.Bitmap;

/** Reads row text (specified in {@code spec/row-text.md}) into Flink's internal data structures. */
public final class RowTextReader {

  private static final int NANO_DIGITS = 9;

  private final Scanner scanner;
  private final RowType type;

  public RowTextReader(String text, RowType type) {
    this.scanner = new Scanner(text);
    this.type = type;
  }

  public boolean hasNext() {
    return !scanner.atEnd();
  }

  /** Takes {@code @name} if it comes next. */
  boolean takeMark(String name) {
    return scanner.takePrefix("@" + name);
  }

  String markValue() {
    return scanner.bare();
  }

  RowTextException error(String message) {
    return scanner.error(message);
  }

  public RowData next() {
    RowKind kind = kind();
    scanner.expect('[');
    GenericRowData row = new GenericRowData(kind, type.getFieldCount());
    for (int i = 0; i < type.getFieldCount(); i++) {
      if (i > 0) {
        scanner.expect(',');
      }
      try {
        row.setField(i, column(type.getTypeAt(i), kind));
      } catch (RowTextException e) {
        throw new RowTextException(e.getMessage() + " in column " + type.getFieldNames().get(i));
      }
    }
    scanner.expect(']');
    return row;
  }

  private RowKind kind() {
    for (RowKind kind : RowKind.values()) {
      if (scanner.takePrefix(kind.shortString())) {
        return kind;
      }
    }
    return RowKind.INSERT;
  }

  /**
   * A delete may know no more than its key. Nobody looks into values: inside one NULL is read
   * whatever its type says.
   */
  private Object column(LogicalType type, RowKind kind) {
    Object value = value(type);
    if (value == null && !type.isNullable() && kind != RowKind.DELETE) {
      throw scanner.error("NULL for type " + type.asSummaryString());
    }
    return value;
  }

  private Object value(LogicalType type) {
    if (scanner.takeWord("NULL")) {
      return null;
    }
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> StringData.fromString(scanner.quoted());
      case BINARY, VARBINARY -> bytes();
      case BITMAP -> Bitmap.fromBytes(bytes());
      case VARIANT -> VariantBytes.read(bytes());
      case RAW -> RawValueData.fromBytes(bytes());
      case ROW, STRUCTURED_TYPE -> row(type.getChildren());
      case DISTINCT_TYPE -> value(((DistinctType) type).getSourceType());
      case ARRAY -> array(type.getChildren().get(0));
      case MAP -> map(type.getChildren().get(0), type.getChildren().get(1));
      case MULTISET -> map(type.getChildren().get(0), new IntType(false));
      default -> parsed(scanner.bare(), type);
    };
  }

  private Object parsed(String text, LogicalType type) {
    try {
      return scalar(text, type);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
      throw scanner.error("'" + text + "' is no " + type.asSummaryString());
    }
  }

  private Object scalar(String text, LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> bool(text);
      case TINYINT -> Byte.parseByte(text);
      case SMALLINT -> Short.parseShort(text);
      case INTEGER, INTERVAL_YEAR_MONTH -> Integer.parseInt(text);
      case BIGINT, INTERVAL_DAY_TIME -> Long.parseLong(text);
      case FLOAT -> Float.parseFloat(plainNumber(text));
      case DOUBLE -> Double.parseDouble(plainNumber(text));
      case DECIMAL -> decimal(text, (DecimalType) type);
      case DATE -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
      case TIME_WITHOUT_TIME_ZONE -> (int) (time(text, type).toNanoOfDay() / 1_000_000);
      case TIMESTAMP_WITHOUT_TIME_ZONE -> TimestampData.fromLocalDateTime(timestamp(text, type));
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> TimestampData.fromInstant(instant(text, type));
      default -> throw scanner.error("type " + type.asSummaryString() + " has no text form");
    };
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }

  /** Java's parser also takes suffixes and hexadecimal numbers. */
  private static String plainNumber(String text) {
    if (text.matches("NaN|-?Infinity|-?[0-9.]+([eE][+-]?[0-9]+)?")) {
      return text;
    }
    throw new NumberFormatException(text);
  }

  private static DecimalData decimal(String text, DecimalType type) {
    if (!text.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw new NumberFormatException(text);
    }
    BigDecimal exact = new BigDecimal(text).setScale(type.getScale(), RoundingMode.UNNECESSARY);
    DecimalData decimal = DecimalData.fromBigDecimal(exact, type.getPrecision(), type.getScale());
    if (decimal == null) {
      throw new NumberFormatException(text);
    }
    return decimal;
  }

  private static LocalTime time(String text, LogicalType type) {
    LocalTime time = LocalTime.parse(text);
    checkFraction(text, type);
    return time;
  }

  private static LocalDateTime timestamp(String text, LogicalType type) {
    checkFraction(text, type);
    if (text.indexOf(' ') < 0 || text.indexOf('T') >= 0) {
      throw new IllegalArgumentException(text);
    }
    return LocalDateTime.parse(text.replace(' ', 'T'));
  }

  private static Instant instant(String text, LogicalType type) {
    if (!text.endsWith("Z")) {
      throw new IllegalArgumentException(text);
    }
    return timestamp(text.substring(0, text.length() - 1), type).toInstant(ZoneOffset.UTC);
  }

  private static void checkFraction(String text, LogicalType type) {
    int point = text.indexOf('.');
    int digits = point < 0 ? 0 : text.length() - point - 1;
    if (digits > Math.min(NANO_DIGITS, LogicalTypeChecks.getPrecision(type))) {
      throw new IllegalArgumentException(text);
    }
  }

  private byte[] bytes() {
    if (!scanner.takePrefix("x")) {
      throw scanner.error("expected x\"...\"");
    }
    try {
      return HexFormat.of().parseHex(scanner.quoted());
    } catch (IllegalArgumentException e) {
      throw scanner.error("bad hexadecimal digits");
    }
  }

  private GenericRowData row(List<LogicalType> types) {
    scanner.expect('(');
    GenericRowData row = new GenericRowData(types.size());
    for (int i = 0; i < types.size(); i++) {
      if (i > 0) {
        scanner.expect(',');
      }
      row.setField(i, value(types.get(i)));
    }
    scanner.expect(')');
    return row;
  }

  private GenericArrayData array(LogicalType element) {
    scanner.expect('[');
    List<Object> elements = new ArrayList<>();
    if (!scanner.take(']')) {
      do {
        elements.add(value(element));
      } while (scanner.take(','));
      scanner.expect(']');
    }
    return new GenericArrayData(elements.toArray());
  }

  private GenericMapData map(LogicalType keyType, LogicalType valueType) {
    scanner.expect('{');
    Map<Object, Object> entries = new LinkedHashMap<>();
    if (!scanner.take('}')) {
      do {
        Object key = key(keyType);
        scanner.expect(':');
        entries.put(key, value(valueType));
      } while (scanner.take(','));
      scanner.expect('}');
    }
    return new GenericMapData(entries);
  }

  private Object key(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR, BINARY, VARBINARY, BITMAP, VARIANT, ROW, ARRAY, MAP, MULTISET ->
          value(type);
      default -> scanner.takeWord("NULL") ? null : parsed(scanner.bareKey(), type);
    };
  }
}
