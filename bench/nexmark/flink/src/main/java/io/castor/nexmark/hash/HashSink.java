package io.castor.nexmark.hash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;

/** Hashes the materialised rows of each subtask; {@code spec/row-hash.md}. */
final class HashSink implements Sink<RowData>, SupportsWriterState<RowData, HashTotals> {
  private static final long serialVersionUID = 1L;

  private final RowHash rowHash;
  private final String directory;
  private final List<String> sumColumns;
  private final int[] sumFields;
  private final LogicalTypeRoot[] sumTypes;

  /**
   * @param directory where each subtask puts its part, or null for standard output
   */
  HashSink(RowType type, String directory, List<String> sumColumns) {
    this.rowHash = new RowHash(type);
    this.directory = directory;
    this.sumColumns = sumColumns;
    this.sumFields = sumColumns.stream().mapToInt(type::getFieldIndex).toArray();
    this.sumTypes = new LogicalTypeRoot[sumFields.length];
    for (int i = 0; i < sumFields.length; i++) {
      sumTypes[i] = type.getTypeAt(sumFields[i]).getTypeRoot();
    }
  }

  @Override
  public Writer createWriter(WriterInitContext context) {
    return new Writer(context.getTaskInfo().getIndexOfThisSubtask());
  }

  @Override
  public Writer restoreWriter(WriterInitContext context, Collection<HashTotals> parts) {
    Writer writer = createWriter(context);
    parts.forEach(writer.totals::add);
    return writer;
  }

  @Override
  public SimpleVersionedSerializer<HashTotals> getWriterStateSerializer() {
    return new HashTotals.Serializer();
  }

  final class Writer implements StatefulSinkWriter<RowData, HashTotals> {
    private final int subtask;
    private final HashTotals totals = new HashTotals(sumFields.length);
    private boolean reported;

    private Writer(int subtask) {
      this.subtask = subtask;
    }

    @Override
    public void write(RowData row, Context context) {
      long sign =
          switch (row.getRowKind()) {
            case INSERT, UPDATE_AFTER -> 1;
            case UPDATE_BEFORE, DELETE -> -1;
          };
      totals.hash += sign * rowHash.hash(row);
      totals.rows[row.getRowKind().ordinal()]++;
      for (int i = 0; i < sumFields.length; i++) {
        totals.sums[i] += sign * integer(row, i);
      }
    }

    private long integer(RowData row, int sum) {
      int field = sumFields[sum];
      if (row.isNullAt(field)) {
        return 0;
      }
      return switch (sumTypes[sum]) {
        case TINYINT -> row.getByte(field);
        case SMALLINT -> row.getShort(field);
        case INTEGER -> row.getInt(field);
        default -> row.getLong(field);
      };
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
      if (endOfInput && !reported) {
        report(totals.toJson(sumColumns));
        reported = true;
      }
    }

    private void report(String json) throws IOException {
      if (directory == null) {
        System.out.println(json);
        return;
      }
      Path part = Path.of(directory, "part-" + subtask + ".json");
      Path draft = Path.of(directory, ".part-" + subtask + ".json");
      Files.createDirectories(part.getParent());
      Files.writeString(draft, json + "\n");
      Files.move(draft, part, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<HashTotals> snapshotState(long checkpoint) {
      HashTotals copy = new HashTotals(sumFields.length);
      copy.add(totals);
      return List.of(copy);
    }

    @Override
    public void close() {}
  }
}
