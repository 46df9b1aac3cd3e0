package io.castor.oracle.values;

import io.castor.oracle.rowtext.Item;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.RowData;

/** Emits the items of the source in their order, if it is given the split. */
final class ValuesReader implements SourceReader<RowData, ValuesSplit> {

  private final ValuesSource source;
  private final List<Item> items;
  private final FieldPicker picker;

  private boolean hasSplit;
  private boolean noMoreSplits;
  private int position;
  private CompletableFuture<Void> available = new CompletableFuture<>();

  ValuesReader(ValuesSource source) {
    this.source = source;
    this.items = Item.read(source.text(), source.type());
    this.picker = new FieldPicker(source.type(), source.paths());
  }

  @Override
  public void start() {}

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> output) {
    if (!hasSplit) {
      return noMoreSplits ? finished(output) : pending(new CompletableFuture<>());
    }
    if (position == items.size() || limitReached()) {
      return source.bounded() ? InputStatus.END_OF_INPUT : pending(new CompletableFuture<>());
    }
    Item item = items.get(position++);
    if (item.pauseMillis() != null) {
      CompletableFuture<Void> later = new CompletableFuture<>();
      later.completeOnTimeout(null, item.pauseMillis(), TimeUnit.MILLISECONDS);
      return pending(later);
    }
    if (item.watermark() != null) {
      output.emitWatermark(new Watermark(item.watermark()));
    } else {
      output.collect(picker.pick(item.row()));
    }
    return InputStatus.MORE_AVAILABLE;
  }

  private InputStatus finished(ReaderOutput<RowData> output) {
    if (source.bounded()) {
      return InputStatus.END_OF_INPUT;
    }
    output.markIdle();
    return pending(new CompletableFuture<>());
  }

  private InputStatus pending(CompletableFuture<Void> until) {
    available = until;
    return InputStatus.NOTHING_AVAILABLE;
  }

  private boolean limitReached() {
    return items.stream().limit(position).filter(i -> i.row() != null).count() >= source.limit();
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<ValuesSplit> splits) {
    hasSplit = true;
    position = splits.get(0).position();
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    available.complete(null);
  }

  @Override
  public List<ValuesSplit> snapshotState(long checkpointId) {
    return hasSplit ? List.of(new ValuesSplit(position)) : List.of();
  }

  @Override
  public void close() {}
}
