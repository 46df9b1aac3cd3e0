package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.TestLocalRecoveryConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a checkpoint that have been damaged end in an exception of Java, or do no harm. */
class GeminiCorruptStateTest {
  private static final int ROUNDS = 300;

  @TempDir private Path folder;

  @Test
  void damageIsToldByAnException() throws Exception {
    KeyedStateHandle checkpoint;
    try (TestState state = open(List.of())) {
      state.fill();
      checkpoint = state.checkpoint(1).getJobManagerOwnedSnapshot();
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
    assertThat(files).hasSizeGreaterThan(1);
    long handles = NativeStore.liveHandles(); // Flink's own tests leave some
    Random random = new Random(11);
    int told = 0;
    for (int round = 0; round < ROUNDS; ++round) {
      Path file = files.get(round % files.size());
      byte[] before = Files.readAllBytes(file);
      Files.write(file, damaged(before, random));
      try (TestState state = open(List.of(checkpoint))) {
        state.checkFilled(7);
      } catch (Exception damage) {
        ++told;
      }
      Files.write(file, before);
      assertThat(NativeStore.liveHandles()).isLessThanOrEqualTo(handles);
    }
    assertThat(told).isGreaterThan(ROUNDS / 2);
    try (TestState state = open(List.of(checkpoint))) {
      state.checkFilled(1);
    }
  }

  private TestState open(List<KeyedStateHandle> restored) throws Exception {
    return new TestState(folder, restored, TestLocalRecoveryConfig.disabled());
  }

  /** Some bits or bytes changed, or an end cut off. */
  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    int begin = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0:
        damaged[begin] ^= (byte) (1 << random.nextInt(8));
        return damaged;
      case 1:
        for (int i = begin; i < Math.min(bytes.length, begin + 64); ++i) {
          damaged[i] = (byte) ~damaged[i];
        }
        return damaged;
      default:
        return Arrays.copyOf(bytes, begin);
    }
  }
}
