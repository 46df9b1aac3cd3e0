package io.castor.nexmark.hash;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.types.RowKind;

/** What the hash sink keeps: sums, which merge by adding. */
final class HashTotals {
  private static final RowKind[] KINDS = RowKind.values();

  long hash;
  final long[] rows = new long[KINDS.length];
  final long[] sums;

  HashTotals(int sumColumns) {
    sums = new long[sumColumns];
  }

  void add(HashTotals other) {
    hash += other.hash;
    for (int i = 0; i < rows.length; i++) {
      rows[i] += other.rows[i];
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.sums[i];
    }
  }

  String toJson(List<String> sumColumns) {
    StringBuilder json = new StringBuilder();
    json.append("{\"hash\":\"").append(Long.toUnsignedString(hash)).append('"');
    for (RowKind kind : KINDS) {
      json.append(",\"").append(kind.shortString()).append("\":").append(rows[kind.ordinal()]);
    }
    json.append(",\"sums\":{");
    for (int i = 0; i < sums.length; i++) {
      json.append(i == 0 ? "\"" : ",\"").append(sumColumns.get(i)).append("\":\"");
      json.append(sums[i]).append('"');
    }
    return json.append("}}").toString();
  }

  static final class Serializer implements SimpleVersionedSerializer<HashTotals> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(HashTotals totals) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(totals.sums.length);
      out.writeLong(totals.hash);
      for (long count : totals.rows) {
        out.writeLong(count);
      }
      for (long sum : totals.sums) {
        out.writeLong(sum);
      }
      return bytes.toByteArray();
    }

    @Override
    public HashTotals deserialize(int version, byte[] bytes) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      HashTotals totals = new HashTotals(in.readInt());
      totals.hash = in.readLong();
      for (int i = 0; i < totals.rows.length; i++) {
        totals.rows[i] = in.readLong();
      }
      for (int i = 0; i < totals.sums.length; i++) {
        totals.sums[i] = in.readLong();
      }
      return totals;
    }
  }
}
