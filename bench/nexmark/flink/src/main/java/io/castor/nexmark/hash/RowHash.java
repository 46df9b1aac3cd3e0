package io.castor.nexmark.hash;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** h(row) of {@code spec/row-hash.md}. Immutable. */
final class RowHash implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long M = 0x9FB21C651E98DF25L;
  private static final long N = 0xD6E8FEB86659FD93L;
  private static final long NULL = 0x7C7E31AB9B0F62D5L;

  /** Takes one column's value, which is not NULL, into the hash. */
  private interface Column extends Serializable {
    long step(long a, RowData row, int field);
  }

  private final Column[] columns;

  RowHash(RowType type) {
    List<RowType.RowField> fields = type.getFields();
    columns = new Column[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(fields.get(i).getName(), fields.get(i).getType());
    }
  }

  long hash(RowData row) {
    long a = columns.length;
    for (int i = 0; i < columns.length; i++) {
      a = row.isNullAt(i) ? step(a, NULL) : columns[i].step(a, row, i);
    }
    return mix(a);
  }

  private static long step(long a, long word) {
    long x = (a ^ word) * M;
    return x ^ (x >>> 32);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static Column column(String name, LogicalType type) {
    switch (type.getTypeRoot()) {
      case BOOLEAN:
        return (a, row, i) -> step(a, row.getBoolean(i) ? 1 : 0);
      case TINYINT:
        return (a, row, i) -> step(a, row.getByte(i));
      case SMALLINT:
        return (a, row, i) -> step(a, row.getShort(i));
      case INTEGER:
      case DATE:
      case TIME_WITHOUT_TIME_ZONE:
      case INTERVAL_YEAR_MONTH:
        return (a, row, i) -> step(a, row.getInt(i));
      case BIGINT:
      case INTERVAL_DAY_TIME:
        return (a, row, i) -> step(a, row.getLong(i));
      case FLOAT:
        return (a, row, i) -> step(a, Float.floatToIntBits(row.getFloat(i)) & 0xFFFFFFFFL);
      case DOUBLE:
        return (a, row, i) -> step(a, Double.doubleToLongBits(row.getDouble(i)));
      case DECIMAL:
        return decimal((DecimalType) type);
      case TIMESTAMP_WITHOUT_TIME_ZONE:
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return timestamp(LogicalTypeChecks.getPrecision(type));
      case CHAR:
      case VARCHAR:
        return (a, row, i) -> step(a, bytes((BinaryStringData) row.getString(i)));
      case BINARY:
      case VARBINARY:
        return (a, row, i) -> step(a, bytes(row.getBinary(i)));
      case ROW:
        RowHash nested = new RowHash((RowType) type);
        int arity = nested.columns.length;
        return (a, row, i) -> step(a, nested.hash(row.getRow(i, arity)));
      default:
        throw new ValidationException(
            "hash: column " + name + " has type " + type.asSummaryString() + ", which has no hash");
    }
  }

  private static Column decimal(DecimalType type) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    return (a, row, i) -> {
      DecimalData value = row.getDecimal(i, precision, scale);
      if (value.isCompact()) {
        long unscaled = value.toUnscaledLong();
        return step(step(a, unscaled), unscaled >> 63);
      }
      BigInteger unscaled = value.toBigDecimal().unscaledValue();
      long low = unscaled.longValue();
      long high = unscaled.bitLength() < 64 ? low >> 63 : unscaled.shiftRight(64).longValue();
      return step(step(a, low), high);
    };
  }

  private static Column timestamp(int precision) {
    if (precision <= 3) {
      return (a, row, i) -> step(a, row.getTimestamp(i, precision).getMillisecond());
    }
    return (a, row, i) -> {
      TimestampData value = row.getTimestamp(i, precision);
      return step(step(a, value.getMillisecond()), value.getNanoOfMillisecond());
    };
  }

  private static long bytes(byte[] value) {
    return bytes(MemorySegmentFactory.wrap(value), 0, value.length);
  }

  private static long bytes(BinaryStringData text) {
    text.ensureMaterialized();
    MemorySegment[] segments = text.getSegments();
    if (segments.length != 1) {
      return bytes(text.toBytes());
    }
    return bytes(segments[0], text.getOffset(), text.getSizeInBytes());
  }

  static long bytes(MemorySegment segment, int at, int length) {
    long p = length * M;
    long q = length ^ N;
    int end = at + length;
    for (; at + 16 <= end; at += 16) {
      p = (p ^ segment.getLongLittleEndian(at)) * M;
      p ^= p >>> 32;
      q = (q ^ segment.getLongLittleEndian(at + 8)) * N;
      q ^= q >>> 32;
    }
    if (at < end) {
      p = (p ^ tail(segment, at, end)) * M;
      p ^= p >>> 32;
      q = (q ^ tail(segment, at + 8, end)) * N;
      q ^= q >>> 32;
    }
    return mix(p + Long.rotateLeft(q, 29));
  }

  /** Up to eight bytes, padded with zeros. */
  private static long tail(MemorySegment segment, int at, int end) {
    int left = end - at;
    if (left <= 0) {
      return 0;
    }
    if (left >= 8) {
      return segment.getLongLittleEndian(at);
    }
    if (at + 8 <= segment.size()) {
      return segment.getLongLittleEndian(at) & (1L << (8 * left)) - 1;
    }
    long word = 0;
    for (int i = left - 1; i >= 0; i--) {
      word = word << 8 | segment.get(at + i) & 0xFF;
    }
    return word;
  }
}
