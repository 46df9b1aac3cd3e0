package io.castor.flink.state;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import javax.annotation.Nullable;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.ListDelimitedSerializer;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.apache.flink.runtime.state.StateSnapshotTransformer.CollectionStateSnapshotTransformer;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;

/** Transformers of single values, applied to what Gemini has serialized of a state. */
final class SnapshotTransforms {
  private SnapshotTransforms() {}

  /** A factory for the state of one for its values or elements. */
  static <V, E> StateSnapshotTransformFactory<V> of(
      StateDescriptor.Type type,
      StateSnapshotTransformFactory<E> elements,
      TypeSerializer<V> serializer) {
    return new StateSnapshotTransformFactory<>() {
      @Override
      public Optional<StateSnapshotTransformer<V>> createForDeserializedState() {
        throw new UnsupportedOperationException("Gemini keeps serialized state only");
      }

      @Override
      @SuppressWarnings("unchecked")
      public Optional<StateSnapshotTransformer<byte[]>> createForSerializedState() {
        switch (type) {
          case LIST:
            TypeSerializer<E> element =
                (TypeSerializer<E>) ((ListSerializer<?>) serializer).getElementSerializer();
            return elements
                .createForDeserializedState()
                .map(transformer -> new OfList<>(transformer, element.duplicate()));
          case MAP:
            return elements.createForSerializedState().map(OfMapValue::new);
          default:
            return elements.createForSerializedState();
        }
      }
    };
  }

  private static final class OfMapValue implements StateSnapshotTransformer<byte[]> {
    private final StateSnapshotTransformer<byte[]> transformer;

    OfMapValue(StateSnapshotTransformer<byte[]> transformer) {
      this.transformer = transformer;
    }

    @Override
    @Nullable
    public byte[] filterOrTransform(@Nullable byte[] value) {
      if (value == null || value[0] != 0) {
        return value;
      }
      byte[] bare = Arrays.copyOfRange(value, 1, value.length);
      byte[] transformed = transformer.filterOrTransform(bare);
      if (transformed == null || transformed == bare) {
        return transformed == null ? null : value;
      }
      byte[] result = new byte[transformed.length + 1];
      System.arraycopy(transformed, 0, result, 1, transformed.length);
      return result;
    }
  }

  private static final class OfList<E> implements StateSnapshotTransformer<byte[]> {
    private final StateSnapshotTransformer<E> transformer;
    private final TypeSerializer<E> serializer;
    private final boolean stopsAtFirst;
    private final DataInputDeserializer in = new DataInputDeserializer();
    private final DataOutputSerializer out = new DataOutputSerializer(128);

    OfList(StateSnapshotTransformer<E> transformer, TypeSerializer<E> serializer) {
      this.transformer = transformer;
      this.serializer = serializer;
      stopsAtFirst =
          transformer instanceof CollectionStateSnapshotTransformer
              && ((CollectionStateSnapshotTransformer<?>) transformer).getFilterStrategy()
                  == CollectionStateSnapshotTransformer.TransformStrategy.STOP_ON_FIRST_INCLUDED;
    }

    @Override
    @Nullable
    public byte[] filterOrTransform(@Nullable byte[] value) {
      if (value == null) {
        return null;
      }
      try {
        in.setBuffer(value);
        out.clear();
        while (in.available() > 0) {
          int begin = in.getPosition();
          E element =
              transformer.filterOrTransform(
                  ListDelimitedSerializer.deserializeNextElement(in, serializer));
          if (element == null) {
            continue;
          }
          if (stopsAtFirst) {
            return Arrays.copyOfRange(value, begin, value.length);
          }
          if (out.length() > 0) {
            out.write(GeminiListState.DELIMITER);
          }
          serializer.serialize(element, out);
        }
        return out.length() == 0 ? null : out.getCopyOfBuffer();
      } catch (IOException failure) {
        throw new GeminiException("a list cannot be transformed", failure);
      }
    }
  }
}
