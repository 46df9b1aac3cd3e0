package io.castor.flink.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.util.IOUtils;

/** The keys and namespaces that states had at a moment, each once, in the order of Gemini. */
final class StateKeys implements Iterator<byte[]>, AutoCloseable {
  private final List<TableScan> scans = new ArrayList<>(); // each at an entry
  private final Consumer<StateKeys> closed;
  private byte[] next;

  /** {@code closed} is told when it is closed, which it is at its end too. */
  StateKeys(NativeStore store, List<String> states, Consumer<StateKeys> closed) {
    this.closed = closed;
    try (NativeCut cut = store.startCut()) {
      cut.await(true);
      for (String state : states) {
        TableScan scan = cut.scan(state);
        if (scan.next()) {
          scans.add(scan);
        }
      }
      advance();
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  private void advance() {
    TableScan first = null;
    for (TableScan scan : scans) {
      if (first == null || scan.compareKey(first) < 0) {
        first = scan;
      }
    }
    if (first == null) {
      next = null;
      close();
      return;
    }
    byte[] key = first.copyOfKey();
    scans.removeIf(scan -> !passes(scan, key));
    next = key;
  }

  /** Past the entries of the key. False: there are no more. */
  private static boolean passes(TableScan scan, byte[] key) {
    while (scan.hasKey(key)) {
      if (!scan.next()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public byte[] next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    byte[] key = next;
    advance();
    return key;
  }

  @Override
  public void close() {
    scans.forEach(IOUtils::closeQuietly);
    scans.clear();
    closed.accept(this);
  }

  private Stream<byte[]> stream() {
    Iterable<byte[]> all = () -> this;
    return StreamSupport.stream(all.spliterator(), false).onClose(this::close);
  }

  /** The keys that have something in the namespace. */
  <K, N> Stream<K> inNamespace(CompositeKey<K> layout, N namespace, TypeSerializer<N> serializer) {
    DataOutputSerializer out = new DataOutputSerializer(16);
    try {
      CompositeKeySerializationUtils.writeNameSpace(
          namespace, serializer, out, layout.isAmbiguous(serializer));
    } catch (IOException failure) {
      throw new GeminiException("a namespace cannot be serialized", failure);
    }
    byte[] wanted = out.getCopyOfBuffer();
    DataInputDeserializer in = new DataInputDeserializer();
    return stream()
        .flatMap(
            bytes -> {
              try {
                in.setBuffer(bytes);
                K key = layout.readKey(in, serializer);
                boolean found =
                    Arrays.equals(bytes, in.getPosition(), bytes.length, wanted, 0, wanted.length);
                return found ? Stream.of(key) : Stream.empty();
              } catch (IOException failure) {
                throw new GeminiException("a key cannot be deserialized", failure);
              }
            });
  }

  <K, N> Stream<Tuple2<K, N>> withNamespaces(CompositeKey<K> layout, TypeSerializer<N> serializer) {
    DataInputDeserializer in = new DataInputDeserializer();
    return stream()
        .map(
            bytes -> {
              try {
                in.setBuffer(bytes);
                K key = layout.readKey(in, serializer);
                return Tuple2.of(key, layout.readNamespace(in, serializer));
              } catch (IOException failure) {
                throw new GeminiException("a key cannot be deserialized", failure);
              }
            });
  }
}
