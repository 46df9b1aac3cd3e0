package io.castor.oracle.values;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The one split of a values source.
 *
 * @param position how many items were emitted
 */
record ValuesSplit(int position) implements SourceSplit {

  @Override
  public String splitId() {
    return "values";
  }

  static final class Serializer implements SimpleVersionedSerializer<ValuesSplit> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(ValuesSplit split) {
      return ByteBuffer.allocate(Integer.BYTES).putInt(split.position()).array();
    }

    @Override
    public ValuesSplit deserialize(int version, byte[] bytes) throws IOException {
      return new ValuesSplit(ByteBuffer.wrap(bytes).getInt());
    }
  }
}
