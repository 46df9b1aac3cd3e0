// Reads splits of the Nexmark stream: merges them by event number, keeps the pace if asked to,
// ends. Owned by one subtask.
#pragma once

#include <memory>
#include <vector>

#include "connector/api/source.h"
#include "connector/nexmark/event_generator.h"
#include "connector/nexmark/split_cursor.h"

namespace castor::connector::nexmark {

class NexmarkReader final : public SourceReader {
 public:
  NexmarkReader(const Options& options, std::shared_ptr<const FixedTexts> texts,
                LogicalType produced_type);

  Status Open(const ReaderContext& context) override;
  Status AddSplits(std::vector<Split> splits) override;
  Result<PollResult> Poll() override;
  Result<std::vector<Split>> SnapshotSplits() override;

 private:
  // Number of the next event of a split.
  int64_t Next(const SplitCursor& cursor) const {
    return cursor.epoch * options_.epoch_size() + cursor.offset;
  }
  // Orders `cursors_` as a heap with the split that is furthest behind on top.
  bool IsAhead(const SplitCursor& a, const SplitCursor& b) const { return Next(a) > Next(b); }

  // The first event that must wait: the end of the stream, or what is not due yet.
  int64_t EventLimit();
  void TakeRuns(int64_t limit);
  PollResult NothingLeft();

  const Options options_;
  EventGenerator generator_;
  ReaderContext context_;
  std::vector<SplitCursor> cursors_;  // heap of the unfinished splits
  // Splits read to their ends stay in the snapshot: a restored reader may have to stay idle, or to
  // go on because `events.num` was raised.
  std::vector<SplitCursor> ended_;
  std::vector<EpochRun> runs_;  // of the batch being made
  bool started_ = false;
  // Wall clock less event time, fixed at the first poll; 0 where events lie in the future.
  int64_t clock_lead_ms_ = 0;
  TimestampMs end_at_ms_ = kMaxWatermark;
};

}  // namespace castor::connector::nexmark
