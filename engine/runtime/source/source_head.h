// The head of a chain that starts with a table: polls the connector's reader, makes watermarks,
// sends bad rows away, asks for splits, and ends when there are none left.
//
// AddSplits, NoMoreSplits, Inject, Resume and Finish are thread-safe; everything else is the
// subtask's.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "connector/api/source.h"
#include "runtime/source/dead_letters.h"
#include "runtime/source/split_assignment.h"
#include "runtime/task/head.h"
#include "runtime/task/injections.h"
#include "runtime/watermark/source_watermarks.h"

namespace castor::runtime {

struct SourceHeadParts {
  std::string uid;
  std::string description;
  std::unique_ptr<connector::SourceReader> reader;
  connector::ReaderContext context;  // its waker wakes the subtask
  WatermarkSettings watermarks;
  std::unique_ptr<DeadLetters> dead_letters;  // or null
  // Told while it waits for memory, which others may have to give back. May be empty.
  std::function<void()> short_of_memory;
};

class SourceHead final : public Head, public SplitReceiver {
 public:
  explicit SourceHead(SourceHeadParts parts);

  void Connect(SplitRequester* requester) { requester_ = requester; }

  Status Open() override;
  Result<InputGate::Event> Next() override;
  TimestampMs wake_at() const override { return wake_at_; }
  void Inject(const Barrier& barrier) override { Tell(barrier); }
  void Resume() override { Tell(Injections::Resume{}); }
  void Finish() override { Tell(Injections::Finish{}); }
  void Abort(int64_t checkpoint) override { aborted_ = checkpoint; }
  void OnBlockedFor(int64_t ms) override { watermarks_.OnBlockedFor(ms); }
  Status OnBarrier(const Barrier& barrier, SubtaskCut* cut) override;
  Status Close() override;

  void AddSplits(std::vector<connector::Split> splits) override {
    Tell(Injections::Splits{std::move(splits)});
  }
  void NoMoreSplits() override { Tell(Injections::NoMoreSplits{}); }

 private:
  void Tell(Injections::Item item);
  // What was injected; a barrier interrupts, since it passes before anything behind it.
  Result<std::optional<Barrier>> TakeInjections();
  Status Take(Injections::Splits splits);
  // Memory is short: nothing may be read yet; asked again at `wake_at_`.
  bool MustWaitForMemory(TimestampMs now);
  Status Poll(TimestampMs now);
  Status TakeBatch(connector::PollResult polled);
  void OnReaderFinished();
  void End();
  Status Describe(const Status& status) const { return status.WithContext(parts_.description); }

  SourceHeadParts parts_;
  SourceWatermarks watermarks_;
  SplitRequester* requester_ = nullptr;
  Injections injections_;
  Metric* const records_out_;
  Metric* const bad_records_;
  Metric* const output_watermark_;

  std::deque<Output::Element> ready_;
  TimestampMs wake_at_ = kMaxWatermark;
  TimestampMs slow_until_ = kMinTimestamp;  // while memory is short: when the next poll may be
  TimestampMs asks_after_ = kMinTimestamp;  // others for memory
  int64_t aborted_ = -1;
  bool has_splits_ = false;  // that are not known to be read to their ends
  bool requested_ = false;
  bool no_more_splits_ = false;
  bool stopped_ = false;
  bool ended_ = false;
  bool end_told_ = false;
};

}  // namespace castor::runtime
