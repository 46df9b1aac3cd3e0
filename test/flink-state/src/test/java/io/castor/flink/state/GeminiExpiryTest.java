package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has expired and is not accessed any more. */
class GeminiExpiryTest {
  private static final int STATES = 3;
  private static final int EARLY = 1000;
  private static final int LATE = 10;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itGoesInTheBackgroundUnlessThatIsDisabled(boolean disabled) throws Exception {
    AtomicLong time = new AtomicLong(1000);
    StateTtlConfig.Builder ttl = StateTtlConfig.newBuilder(Duration.ofMillis(100));
    StateTtlConfig config = (disabled ? ttl.disableCleanupInBackground() : ttl).build();
    MockEnvironment environment = MockEnvironment.builder().build();
    GeminiKeyedStateBackend<Integer> backend =
        TestState.open(environment, TestState.ALL, List.of(), time::get);
    try {
      fill(backend, config, 0, EARLY);
      assertThat(backend.numKeyValueStateEntries()).isEqualTo(STATES * EARLY); // in runs by then
      time.set(1050);
      fill(backend, config, EARLY, EARLY + LATE);
      time.set(1100);
      int left = backend.numKeyValueStateEntries();
      for (int round = 0; round < (disabled ? 20 : 1000) && left > STATES * LATE; ++round) {
        left = backend.numKeyValueStateEntries();
      }
      assertThat(left).isEqualTo(STATES * (disabled ? EARLY + LATE : LATE));
    } finally {
      backend.dispose();
      environment.close();
    }
  }

  private static void fill(
      GeminiKeyedStateBackend<Integer> backend, StateTtlConfig config, int from, int to)
      throws Exception {
    ValueState<String> value =
        state(backend, new ValueStateDescriptor<>("value", String.class), config);
    MapState<Integer, String> map =
        state(backend, new MapStateDescriptor<>("map", Integer.class, String.class), config);
    ListState<String> list =
        state(backend, new ListStateDescriptor<>("list", String.class), config);
    for (int key = from; key < to; ++key) {
      backend.setCurrentKey(key);
      value.update("value");
      map.put(key, "entry");
      list.add("element");
    }
  }

  private static <S extends State> S state(
      GeminiKeyedStateBackend<Integer> backend,
      StateDescriptor<S, ?> descriptor,
      StateTtlConfig config)
      throws Exception {
    descriptor.enableTimeToLive(config);
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }
}
