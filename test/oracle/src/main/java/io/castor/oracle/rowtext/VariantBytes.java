package io.castor.oracle.rowtext;

import java.nio.ByteBuffer;
import org.apache.flink.types.variant.BinaryVariant;

/** A VARIANT as Flink's binary rows hold it: size of the metadata, metadata, value. */
final class VariantBytes {

  private VariantBytes() {}

  static byte[] of(BinaryVariant variant) {
    byte[] metadata = variant.getMetadata();
    byte[] value = variant.getValue();
    return ByteBuffer.allocate(Integer.BYTES + metadata.length + value.length)
        .putInt(metadata.length)
        .put(metadata)
        .put(value)
        .array();
  }

  static BinaryVariant read(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] metadata = new byte[buffer.getInt()];
    buffer.get(metadata);
    byte[] value = new byte[buffer.remaining()];
    buffer.get(value);
    return new BinaryVariant(value, metadata);
  }
}
