package io.castor.flink.state;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;

/**
 * Which files of an instance checkpoints hold already, by their names. Those of the last one that
 * is complete may be pointed to. Thread-safe.
 */
final class SharedFiles {
  private final SortedMap<Long, Map<String, StreamStateHandle>> uploaded = new TreeMap<>();
  private long lastCompleted = -1;

  /** Those of a checkpoint that has been restored are there, too. */
  synchronized void restored(long checkpointId, Map<String, StreamStateHandle> files) {
    uploaded.put(checkpointId, files);
    lastCompleted = checkpointId;
  }

  /** Without those that a later checkpoint has uploaded again, which may take their place. */
  synchronized Map<String, StreamStateHandle> ofLastCompleted() {
    Map<String, StreamStateHandle> files =
        new HashMap<>(uploaded.getOrDefault(lastCompleted, Map.of()));
    uploaded
        .tailMap(lastCompleted + 1)
        .values()
        .forEach(
            later ->
                later.forEach(
                    (name, handle) -> {
                      if (!(handle instanceof PlaceholderStreamStateHandle)) {
                        files.remove(name);
                      }
                    }));
    return files;
  }

  synchronized void uploaded(long checkpointId, Map<String, StreamStateHandle> files) {
    uploaded.put(checkpointId, files);
  }

  synchronized void completed(long checkpointId) {
    if (checkpointId > lastCompleted && uploaded.containsKey(checkpointId)) {
      lastCompleted = checkpointId;
      uploaded.headMap(checkpointId).clear();
    }
  }

  synchronized void aborted(long checkpointId) {
    uploaded.remove(checkpointId);
  }
}
