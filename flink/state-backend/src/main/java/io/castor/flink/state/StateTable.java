package io.castor.flink.state;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;

/**
 * A state that is registered, and its table in Gemini.
 *
 * @param <N> the namespace
 * @param <V> what the serializer of the state serializes
 */
final class StateTable<N, V> {
  private final int number;
  private final RegisteredKeyValueStateBackendMetaInfo<N, V> metaInfo;

  /** Adds the table unless it is there. */
  StateTable(NativeStore store, RegisteredKeyValueStateBackendMetaInfo<N, V> metaInfo) {
    this(store.addTable(metaInfo.getName(), kindOf(metaInfo)), metaInfo);
  }

  private StateTable(int number, RegisteredKeyValueStateBackendMetaInfo<N, V> metaInfo) {
    this.number = number;
    this.metaInfo = metaInfo;
  }

  StateTable<N, V> with(RegisteredKeyValueStateBackendMetaInfo<N, V> changed) {
    return new StateTable<>(number, changed);
  }

  private static int kindOf(RegisteredKeyValueStateBackendMetaInfo<?, ?> metaInfo) {
    StateDescriptor.Type type = metaInfo.getStateType();
    switch (type) {
      case VALUE:
      case REDUCING:
      case AGGREGATING:
        return NativeStore.VALUE;
      case LIST:
        return NativeStore.LIST;
      case MAP:
        return NativeStore.MAP;
      default:
        throw new GeminiException(
            "state '"
                + metaInfo.getName()
                + "' is of type "
                + type
                + ", which Gemini does not keep");
    }
  }

  String name() {
    return metaInfo.getName();
  }

  int number() {
    return number;
  }

  StateDescriptor.Type type() {
    return metaInfo.getStateType();
  }

  RegisteredKeyValueStateBackendMetaInfo<N, V> metaInfo() {
    return metaInfo;
  }
}
