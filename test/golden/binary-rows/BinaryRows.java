import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.binary.BinarySegmentUtils;
import org.apache.flink.table.planner.plan.utils.KeySelectorUtil;
import org.apache.flink.table.runtime.keyselector.RowDataKeySelector;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;

/**
 * Prints rows with the bytes, hash and key group that Flink gives them as keys.
 *
 * <p>Values are separated by blanks. Whole numbers, dates and intervals are decimal; BOOLEAN is 0
 * or 1; FLOAT and DOUBLE are the hexadecimal bits; DECIMAL is the unscaled number; timestamps are
 * milli-, micro- or nanoseconds since the epoch, whatever holds the precision; strings and bytes
 * are hexadecimal after an x; rows are in parentheses, lists in brackets: elements, or key, value,
 * key ... of a map, element, count ... of a multiset.
 */
public class BinaryRows {

  private static final ClassLoader LOADER = BinaryRows.class.getClassLoader();

  public static void main(String[] args) throws Exception {
    if (args[0].equals("types")) {
      types();
    } else {
      rows();
    }
  }

  private static LogicalType type(String text) {
    return LogicalTypeParser.parse(text, LOADER);
  }

  // --- types ---

  private static void types() {
    String[] texts = {
      "BOOLEAN",
      "BOOLEAN NOT NULL",
      "TINYINT",
      "SMALLINT",
      "INT",
      "INTEGER NOT NULL",
      "BIGINT",
      "FLOAT",
      "DOUBLE",
      "DOUBLE PRECISION",
      "CHAR",
      "CHAR(5)",
      "VARCHAR",
      "VARCHAR(12) NOT NULL",
      "VARCHAR(2147483647)",
      "STRING",
      "BINARY",
      "BINARY(4)",
      "VARBINARY(9)",
      "BYTES",
      "VARBINARY(2147483647)",
      "DECIMAL",
      "DECIMAL(7)",
      "NUMERIC(38, 18)",
      "DEC(3, 3) NOT NULL",
      "DATE",
      "TIME",
      "TIME(3)",
      "TIME(9) WITHOUT TIME ZONE",
      "TIMESTAMP",
      "TIMESTAMP(0)",
      "TIMESTAMP(3) NOT NULL",
      "TIMESTAMP(9) WITHOUT TIME ZONE",
      "TIMESTAMP_LTZ",
      "TIMESTAMP_LTZ(3)",
      "TIMESTAMP(6) WITH LOCAL TIME ZONE NOT NULL",
      "INTERVAL YEAR",
      "INTERVAL YEAR(4)",
      "INTERVAL YEAR(3) TO MONTH",
      "INTERVAL MONTH",
      "INTERVAL DAY",
      "INTERVAL DAY(4)",
      "INTERVAL DAY TO HOUR",
      "INTERVAL DAY(1) TO MINUTE",
      "INTERVAL DAY(2) TO SECOND(3)",
      "INTERVAL DAY TO SECOND",
      "INTERVAL HOUR",
      "INTERVAL HOUR TO MINUTE",
      "INTERVAL HOUR TO SECOND(0)",
      "INTERVAL MINUTE",
      "INTERVAL MINUTE TO SECOND",
      "INTERVAL SECOND",
      "INTERVAL SECOND(3) NOT NULL",
      "ROW<>",
      "ROW<`a` INT NOT NULL, `b` STRING>",
      "ROW(a INT, b ROW<c BIGINT NOT NULL> NOT NULL)",
      "ROW<`odd ``name``` INT>",
      "ARRAY<INT NOT NULL> NOT NULL",
      "INT ARRAY",
      "INT NOT NULL MULTISET NOT NULL",
      "MAP<STRING, ARRAY<ROW<`x` DOUBLE>>>",
      "MULTISET<DATE>",
      "VARIANT",
      "BITMAP NOT NULL",
      "STRUCTURED<'org.example.User', `name` STRING, `age` INT NOT NULL> NOT NULL",
      "NULL"
    };
    for (String text : texts) {
      System.out.println(text + "\t" + type(text).asSummaryString());
    }
  }

  // --- rows ---

  private static void rows() throws Exception {
    String[] single = {
      "BOOLEAN",
      "TINYINT",
      "SMALLINT",
      "INT",
      "BIGINT",
      "FLOAT",
      "DOUBLE",
      "CHAR(3)",
      "STRING",
      "BINARY(9)",
      "BYTES",
      "DATE",
      "TIME(3)",
      "TIMESTAMP(0)",
      "TIMESTAMP(3)",
      "TIMESTAMP(6)",
      "TIMESTAMP(9)",
      "TIMESTAMP_LTZ(3)",
      "TIMESTAMP_LTZ(6)",
      "DECIMAL(5, 2)",
      "DECIMAL(18, 0)",
      "DECIMAL(19, 4)",
      "DECIMAL(38, 10)",
      "INTERVAL YEAR TO MONTH",
      "INTERVAL DAY TO SECOND(3)",
      "ROW<`a` INT, `b` STRING>",
      "ROW<`a` DECIMAL(38, 0), `b` TIMESTAMP(6), `c` DECIMAL(9, 0)>",
      "ARRAY<BOOLEAN>",
      "ARRAY<TINYINT>",
      "ARRAY<SMALLINT>",
      "ARRAY<INT NOT NULL>",
      "ARRAY<BIGINT>",
      "ARRAY<FLOAT>",
      "ARRAY<DOUBLE>",
      "ARRAY<STRING>",
      "ARRAY<BYTES>",
      "ARRAY<DATE>",
      "ARRAY<TIMESTAMP(3)>",
      "ARRAY<TIMESTAMP(6)>",
      "ARRAY<TIMESTAMP_LTZ(9)>",
      "ARRAY<DECIMAL(10, 2)>",
      "ARRAY<DECIMAL(30, 2)>",
      "ARRAY<INTERVAL DAY TO SECOND(3)>",
      "ARRAY<ROW<`a` INT, `b` STRING>>",
      "ARRAY<ARRAY<STRING>>",
      "MAP<INT, STRING>",
      "MAP<STRING, ARRAY<DECIMAL(20, 0)>>",
      "MULTISET<STRING>",
      "ROW<`a` MAP<STRING, INT>, `b` ARRAY<BIGINT>>"
    };
    for (String text : single) {
      print("ROW<`f0` " + text + ">", 10);
    }
    print("ROW<`f0` BIGINT, `f1` INT, `f2` BOOLEAN, `f3` TIMESTAMP(3)>", 12);
    print("ROW<`f0` STRING, `f1` BIGINT, `f2` STRING>", 16);
    print("ROW<`f0` ARRAY<STRING>, `f1` STRING, `f2` MAP<STRING, TIMESTAMP(9)>>", 16);
    print("ROW<`f0` DECIMAL(38, 2), `f1` STRING, `f2` TIMESTAMP(9), `f3` DECIMAL(20, 0)>", 16);
    print("ROW<`f0` TIMESTAMP(6), `f1` DECIMAL(38, 2), `f2` BIGINT>", 12);
    print(
        "ROW<`f0` STRING, `f1` ROW<`x` ROW<`y` STRING, `z` TIMESTAMP(9)>, `w` INT>, `f2` BYTES>",
        16);
    StringJoiner wide = new StringJoiner(", ", "ROW<", ">");
    for (int i = 0; i < 60; i++) {
      wide.add("`f" + i + "` " + (i % 2 == 0 ? "INT" : "STRING"));
    }
    print(wide.toString(), 3);
  }

  private static void print(String rowType, int count) throws Exception {
    RowType type = (RowType) type(rowType);
    int[] fields = new int[type.getFieldCount()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = i;
    }
    RowDataKeySelector selector =
        KeySelectorUtil.getRowDataSelector(LOADER, fields, InternalTypeInfo.of(type));
    Random random = new Random(rowType.hashCode());
    for (int i = 0; i < count; i++) {
      List<String> texts = new ArrayList<>();
      RowData row = randomRow(type, random, i, texts);
      BinaryRowData key = (BinaryRowData) selector.getKey(row);
      byte[] bytes =
          BinarySegmentUtils.copyToBytes(key.getSegments(), key.getOffset(), key.getSizeInBytes());
      System.out.println(
          String.join(
              "\t",
              rowType,
              String.join(" ", texts),
              HexFormat.of().formatHex(bytes),
              Integer.toString(key.hashCode()),
              Integer.toString(KeyGroupRangeAssignment.assignToKeyGroup(key, 128))));
    }
  }

  private static GenericRowData randomRow(
      RowType type, Random random, int variant, List<String> texts) {
    GenericRowData row = new GenericRowData(type.getFieldCount());
    for (int i = 0; i < type.getFieldCount(); i++) {
      // The first rows show each edge of a type with a single field; the others are mixed.
      int edge = type.getFieldCount() == 1 ? variant : random.nextInt(10);
      row.setField(i, value(type.getTypeAt(i), edge, random, texts));
    }
    return row;
  }

  private static Object value(LogicalType type, int edge, Random random, List<String> texts) {
    if (edge == 0) {
      texts.add("null");
      return null;
    }
    switch (type.getTypeRoot()) {
      case BOOLEAN:
        texts.add(edge % 2 == 0 ? "0" : "1");
        return edge % 2 != 0;
      case TINYINT:
        return shown((byte) whole(edge, Byte.MIN_VALUE, Byte.MAX_VALUE, random), texts);
      case SMALLINT:
        return shown((short) whole(edge, Short.MIN_VALUE, Short.MAX_VALUE, random), texts);
      case INTEGER:
      case DATE:
      case INTERVAL_YEAR_MONTH:
        return shown((int) whole(edge, Integer.MIN_VALUE, Integer.MAX_VALUE, random), texts);
      case TIME_WITHOUT_TIME_ZONE:
        return shown((int) whole(edge, 0, 86_399_999, random), texts);
      case BIGINT:
      case INTERVAL_DAY_TIME:
        return shown(whole(edge, Long.MIN_VALUE, Long.MAX_VALUE, random), texts);
      case FLOAT:
        float f = edge == 1 ? -0.0f : edge == 2 ? Float.NaN : random.nextFloat() * 1e10f;
        texts.add(Integer.toHexString(Float.floatToRawIntBits(f)));
        return f;
      case DOUBLE:
        double d = edge == 1 ? -0.0 : edge == 2 ? Double.NaN : random.nextDouble() * -1e100;
        texts.add(Long.toHexString(Double.doubleToRawLongBits(d)));
        return d;
      case DECIMAL:
        return decimal((DecimalType) type, edge, random, texts);
      case TIMESTAMP_WITHOUT_TIME_ZONE:
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return timestamp(LogicalTypeChecks.getPrecision(type), edge, random, texts);
      case CHAR:
      case VARCHAR:
        return StringData.fromBytes(bytes(edge, random, true, texts));
      case BINARY:
      case VARBINARY:
        return bytes(edge, random, false, texts);
      case ROW:
        List<String> inner = new ArrayList<>();
        GenericRowData row = randomRow((RowType) type, random, edge, inner);
        texts.add("( " + String.join(" ", inner) + " )");
        return row;
      case ARRAY:
        return array(((ArrayType) type).getElementType(), edge, random, texts);
      case MAP:
        MapType map = (MapType) type;
        return map(map.getKeyType(), map.getValueType(), edge, random, texts);
      case MULTISET:
        LogicalType element = ((MultisetType) type).getElementType();
        return map(element, new IntType(false), edge, random, texts);
      default:
        throw new IllegalArgumentException(type.toString());
    }
  }

  private static GenericArrayData array(
      LogicalType element, int edge, Random random, List<String> texts) {
    int[] sizes = {0, 0, 1, 2, 3, 5, 31, 32, 33, 4};
    Object[] values = new Object[sizes[edge]];
    List<String> inner = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      values[i] = value(element, innerEdge(element, random), random, inner);
    }
    texts.add("[ " + String.join(" ", inner) + " ]");
    return new GenericArrayData(values);
  }

  private static GenericMapData map(
      LogicalType key, LogicalType value, int edge, Random random, List<String> texts) {
    Map<Object, Object> entries = new LinkedHashMap<>();
    List<String> inner = new ArrayList<>();
    for (int i = 0; i < edge - 1; i++) {
      List<String> entry = new ArrayList<>();
      Object k = value(key, 9, random, entry);
      Object v = value(value, innerEdge(value, random), random, entry);
      if (!entries.containsKey(k)) {
        entries.put(k, v);
        inner.addAll(entry);
      }
    }
    texts.add("[ " + String.join(" ", inner) + " ]");
    return new GenericMapData(entries);
  }

  private static int innerEdge(LogicalType type, Random random) {
    return type.isNullable() ? random.nextInt(10) : 1 + random.nextInt(9);
  }

  private static <T> T shown(T value, List<String> texts) {
    texts.add(value.toString());
    return value;
  }

  private static long whole(int edge, long low, long high, Random random) {
    switch (edge) {
      case 1:
        return low;
      case 2:
        return high;
      case 3:
        return 0;
      default:
        return low == 0 ? random.nextInt((int) high) : random.nextLong() >> (63 - bits(high));
    }
  }

  // How many bits below the sign `high` has.
  private static int bits(long high) {
    return 64 - Long.numberOfLeadingZeros(high);
  }

  private static DecimalData decimal(
      DecimalType type, int edge, Random random, List<String> texts) {
    BigInteger max = BigInteger.TEN.pow(type.getPrecision()).subtract(BigInteger.ONE);
    BigInteger unscaled;
    switch (edge) {
      case 1:
        unscaled = max;
        break;
      case 2:
        unscaled = max.negate();
        break;
      case 3:
        unscaled = BigInteger.ZERO;
        break;
      case 4:
        unscaled = BigInteger.valueOf(-128);
        break;
      case 5:
        unscaled = BigInteger.valueOf(128);
        break;
      default:
        unscaled = new BigInteger(random.nextInt(max.bitLength()), random);
        unscaled = random.nextBoolean() ? unscaled.negate() : unscaled;
    }
    texts.add(unscaled.toString());
    BigDecimal value = new BigDecimal(unscaled, type.getScale());
    return DecimalData.fromBigDecimal(value, type.getPrecision(), type.getScale());
  }

  private static TimestampData timestamp(
      int precision, int edge, Random random, List<String> texts) {
    long nanosPerTick = precision <= 3 ? 1_000_000 : precision <= 6 ? 1_000 : 1;
    long ticksPerMilli = 1_000_000 / nanosPerTick;
    long ticks = edge == 1 ? -1 : edge == 2 ? 0 : random.nextLong() >> 8;
    texts.add(Long.toString(ticks));
    int nanos = (int) (Math.floorMod(ticks, ticksPerMilli) * nanosPerTick);
    return TimestampData.fromEpochMillis(Math.floorDiv(ticks, ticksPerMilli), nanos);
  }

  private static byte[] bytes(int edge, Random random, boolean text, List<String> texts) {
    int[] lengths = {0, 0, 1, 6, 7, 8, 9, 12, 13, 40};
    byte[] bytes = new byte[lengths[edge]];
    random.nextBytes(bytes);
    if (text) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ('a' + Math.floorMod(bytes[i], 26));
      }
      if (edge == 6) {
        bytes = "größ€𝄞".getBytes(StandardCharsets.UTF_8);
      }
    }
    texts.add("x" + HexFormat.of().formatHex(bytes));
    return bytes;
  }
}
