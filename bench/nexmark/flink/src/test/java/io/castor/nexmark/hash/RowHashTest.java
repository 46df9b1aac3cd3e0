package io.castor.nexmark.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.FloatType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

class RowHashTest {
  private static final Path GOLDEN = Path.of("../../../test/golden/row_hash.txt");

  private static final LogicalType[] TYPES = {
    new BooleanType(),
    new IntType(),
    new BigIntType(),
    new FloatType(),
    new DoubleType(),
    new DecimalType(10, 2),
    new DecimalType(38, 3),
    new TimestampType(3),
    new TimestampType(6),
    new VarCharType(VarCharType.MAX_LENGTH),
    RowType.of(new IntType(), new VarCharType(5))
  };

  /**
   * Rows whose hashes stand in the golden file, in this order; the C++ sink's test has the same.
   */
  private static List<GenericRowData> rows() {
    List<GenericRowData> rows = new ArrayList<>();
    rows.add(new GenericRowData(TYPES.length));
    rows.add(
        GenericRowData.of(
            true,
            -1,
            Long.MIN_VALUE,
            -0.0f,
            Double.NaN,
            decimal("-12345678.90", 10, 2),
            decimal("-12345678901234567890123456789012345.678", 38, 3),
            TimestampData.fromEpochMillis(-1),
            TimestampData.fromEpochMillis(1436918400123L, 456_000),
            StringData.fromString("h\u00e9llo"),
            GenericRowData.of(7, null)));
    for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100}) {
      rows.add(
          GenericRowData.of(
              false,
              length,
              1L << length % 63,
              1.5f,
              -2.25,
              decimal("0.01", 10, 2),
              decimal("1.000", 38, 3),
              TimestampData.fromEpochMillis(0),
              TimestampData.fromEpochMillis(0),
              StringData.fromString("abcdefghijklmnopqrstuvwxyz".repeat(4).substring(0, length)),
              GenericRowData.of(length, StringData.fromString("x"))));
    }
    return rows;
  }

  private static DecimalData decimal(String value, int precision, int scale) {
    return DecimalData.fromBigDecimal(new BigDecimal(value), precision, scale);
  }

  @Test
  void goldenHashes() throws Exception {
    RowHash hash = new RowHash(RowType.of(TYPES));
    List<String> actual = new ArrayList<>();
    for (GenericRowData row : rows()) {
      actual.add(Long.toUnsignedString(hash.hash(row)));
    }
    assertEquals(Files.readAllLines(GOLDEN), actual);
  }

  @Test
  void textCountsWhereverItLies() {
    byte[] bytes = "0123456789abcdefgh-".getBytes();
    RowHash hash = new RowHash(RowType.of(new VarCharType(20)));
    for (int length = 0; length <= 17; length++) {
      BinaryStringData inside =
          BinaryStringData.fromAddress(
              new org.apache.flink.core.memory.MemorySegment[] {MemorySegmentFactory.wrap(bytes)},
              1,
              length);
      StringData own = StringData.fromBytes(bytes, 1, length);
      assertEquals(hash.hash(GenericRowData.of(inside)), hash.hash(GenericRowData.of(own)));
    }
  }

  @Test
  void orderOfColumnsCounts() {
    RowHash hash = new RowHash(RowType.of(new BigIntType(), new BigIntType()));
    assertNotEquals(hash.hash(GenericRowData.of(1L, 2L)), hash.hash(GenericRowData.of(2L, 1L)));
  }

  @Test
  void refusesCollections() {
    RowType type = RowType.of(new LogicalType[] {new ArrayType(new IntType())}, new String[] {"a"});
    String message = assertThrows(ValidationException.class, () -> new RowHash(type)).getMessage();
    assertEquals("hash: column a has type ARRAY<INT>, which has no hash", message);
  }
}
