package io.castor.flink.state;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;

/**
 * The key of an access as Gemini has it: what Flink's composite key is behind the key group, with
 * the user key at its end. The key is serialized once, a namespace for each access. Not
 * thread-safe.
 */
final class CompositeKey<K> {
  private final TypeSerializer<K> keySerializer;
  private final boolean variableKey;
  private final DataOutputSerializer bytes = new DataOutputSerializer(64);
  private int keyGroup;
  private int afterKey;
  private int afterNamespace;

  CompositeKey(TypeSerializer<K> keySerializer) {
    this.keySerializer = keySerializer;
    variableKey = CompositeKeySerializationUtils.isSerializerTypeVariableSized(keySerializer);
  }

  void setKey(K key, int group) {
    keyGroup = group;
    bytes.clear();
    try {
      keySerializer.serialize(key, bytes);
    } catch (IOException failure) {
      throw new GeminiException("a key cannot be serialized", failure);
    }
    afterKey = bytes.length();
  }

  <N> CompositeKey<K> withNamespace(N namespace, TypeSerializer<N> serializer) {
    try {
      bytes.setPosition(afterKey);
      boolean ambiguous = isAmbiguous(serializer);
      if (ambiguous) {
        CompositeKeySerializationUtils.writeVariableIntBytes(afterKey, bytes);
      }
      CompositeKeySerializationUtils.writeNameSpace(namespace, serializer, bytes, ambiguous);
    } catch (IOException failure) {
      throw new GeminiException("a namespace cannot be serialized", failure);
    }
    afterNamespace = bytes.length();
    return this;
  }

  /** After {@link #withNamespace}. */
  <U> CompositeKey<K> withUserKey(U userKey, TypeSerializer<U> serializer) throws IOException {
    bytes.setPosition(afterNamespace);
    serializer.serialize(userKey, bytes);
    return this;
  }

  /** In place of key, namespace and user key: what they have been serialized to. */
  CompositeKey<K> set(int group, byte[] serialized, int offset, int keyBytes, int userKeyBytes)
      throws IOException {
    keyGroup = group;
    bytes.clear();
    bytes.write(serialized, offset, keyBytes + userKeyBytes);
    afterKey = keyBytes;
    afterNamespace = keyBytes;
    return this;
  }

  boolean isAmbiguous(TypeSerializer<?> namespaceSerializer) {
    return variableKey
        && CompositeKeySerializationUtils.isSerializerTypeVariableSized(namespaceSerializer);
  }

  /** Reads a key; then the input is at the namespace. */
  K readKey(DataInputDeserializer from, TypeSerializer<?> namespaceSerializer) throws IOException {
    return CompositeKeySerializationUtils.readKey(
        keySerializer, from, isAmbiguous(namespaceSerializer));
  }

  <N> N readNamespace(DataInputDeserializer from, TypeSerializer<N> serializer) throws IOException {
    return CompositeKeySerializationUtils.readNamespace(serializer, from, isAmbiguous(serializer));
  }

  int keyGroup() {
    return keyGroup;
  }

  DataOutputSerializer bytes() {
    return bytes;
  }

  /** Key and namespace. */
  byte[] copyOfKey() {
    return Arrays.copyOf(bytes.getSharedBuffer(), afterNamespace);
  }

  /** Of key and namespace. */
  int keyLength() {
    return afterNamespace;
  }

  int userKeyLength() {
    return bytes.length() - afterNamespace;
  }
}
