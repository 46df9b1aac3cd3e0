package io.castor.flink.state;

import java.io.IOException;
import java.util.List;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyValueStateIterator;
import org.apache.flink.util.IOUtils;

/** All states by key group, and in a key group one after the other. */
final class SnapshotIterator implements KeyValueStateIterator {
  private final List<StateEntries> states;
  private final KeyGroupRange keyGroups;
  private int keyGroup;
  private int state;
  private boolean valid;
  private boolean newKeyGroup;
  private boolean newState;

  SnapshotIterator(List<StateEntries> states, KeyGroupRange keyGroups) throws IOException {
    this.states = states;
    this.keyGroups = keyGroups;
    keyGroup = keyGroups.getStartKeyGroup();
    next();
  }

  @Override
  public void next() throws IOException {
    newKeyGroup = false;
    newState = false;
    for (; keyGroup <= keyGroups.getEndKeyGroup(); ++keyGroup) {
      for (; state < states.size(); ++state) {
        if (states.get(state).next(keyGroup)) {
          valid = true;
          return;
        }
        newState = true;
      }
      state = 0;
      newKeyGroup = true;
      newState = true;
    }
    valid = false;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public int keyGroup() {
    return keyGroup;
  }

  @Override
  public byte[] key() {
    return states.get(state).key();
  }

  @Override
  public byte[] value() {
    return states.get(state).value();
  }

  @Override
  public int kvStateId() {
    return state;
  }

  @Override
  public boolean isNewKeyValueState() {
    return newState;
  }

  @Override
  public boolean isNewKeyGroup() {
    return newKeyGroup;
  }

  @Override
  public void close() {
    IOUtils.closeAllQuietly(states);
  }
}
