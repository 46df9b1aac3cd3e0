package io.castor.nexmark.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Every {@code stride}-th epoch of the stream, read up to an event; {@code spec/nexmark.md},
 * section 3.
 *
 * @param first the first epoch, which also names the split
 * @param epoch the epoch of the next event
 * @param offset the next event's place in its epoch
 */
record NexmarkSplit(long first, long stride, long epoch, long offset) implements SourceSplit {
  static final SimpleVersionedSerializer<NexmarkSplit> SERIALIZER = new Serializer();
  static final SimpleVersionedSerializer<List<NexmarkSplit>> LIST_SERIALIZER = new ListSerializer();

  @Override
  public String splitId() {
    return first + "/" + stride;
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeLong(first);
    out.writeLong(stride);
    out.writeLong(epoch);
    out.writeLong(offset);
  }

  private static NexmarkSplit read(DataInputStream in) throws IOException {
    return new NexmarkSplit(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  private static final class Serializer implements SimpleVersionedSerializer<NexmarkSplit> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(NexmarkSplit split) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      split.write(new DataOutputStream(bytes));
      return bytes.toByteArray();
    }

    @Override
    public NexmarkSplit deserialize(int version, byte[] bytes) throws IOException {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
  }

  private static final class ListSerializer
      implements SimpleVersionedSerializer<List<NexmarkSplit>> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(List<NexmarkSplit> splits) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(splits.size());
      for (NexmarkSplit split : splits) {
        split.write(out);
      }
      return bytes.toByteArray();
    }

    @Override
    public List<NexmarkSplit> deserialize(int version, byte[] bytes) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      int count = in.readInt();
      List<NexmarkSplit> splits = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        splits.add(read(in));
      }
      return splits;
    }
  }
}
