package io.castor.flink.state;

import java.util.Collection;
import org.apache.flink.api.common.state.v2.State;
import org.apache.flink.runtime.asyncprocessing.AbstractStateIterator;
import org.apache.flink.runtime.asyncprocessing.StateRequestHandler;
import org.apache.flink.runtime.asyncprocessing.StateRequestType;

/** Of all elements, which have been read. */
final class CompleteIterator<T> extends AbstractStateIterator<T> {
  CompleteIterator(
      State state, StateRequestType type, StateRequestHandler handler, Collection<T> elements) {
    super(state, type, handler, elements);
  }

  @Override
  public boolean hasNextLoading() {
    return false;
  }

  @Override
  protected Object nextPayloadForContinuousLoading() {
    throw new UnsupportedOperationException("all elements have been read");
  }
}
