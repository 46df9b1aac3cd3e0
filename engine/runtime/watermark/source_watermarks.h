// Watermarks of one source subtask: per split, merged, with idleness.
//
// Flink's ProgressiveTimestampsAndWatermarks: a generator per split feeds a
// WatermarkOutputMultiplexer; a split without rows for longer than the idle timeout does not hold
// back; periodic emission by `pipeline.auto-watermark-interval`, or on every row ("on-event"),
// where the watermarks become marks inside the batch. Not thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "operator/api/output.h"
#include "operator/api/watermark_generator.h"
#include "operator/host/combined_watermark.h"

namespace castor::runtime {

struct WatermarkSettings {
  // Empty: no watermark was pushed into the scan.
  std::function<Result<std::unique_ptr<WatermarkGenerator>>()> make_generator;
  bool on_event = false;
  int64_t interval_ms = 200;
  int64_t idle_timeout_ms = 0;  // 0: never idle
};

class SourceWatermarks {
 public:
  SourceWatermarks(WatermarkSettings settings, const Clock& clock);

  bool enabled() const { return static_cast<bool>(settings_.make_generator); }

  Status AddSplit(const std::string& id);
  void RemoveSplit(const std::string& id);
  // Looks at the rows of a split. On-event watermarks are added to the batch as marks; what must
  // stand before the batch is appended to `before`. Without a generator the batch has the marks of
  // the source itself (SOURCE_WATERMARK()), and keeps those that raise the watermark.
  Status OnBatch(const std::string& split, Batch* batch, std::deque<Output::Element>* before);

  TimestampMs next_emit() const { return next_emit_; }
  void EmitPeriodic(TimestampMs now, std::deque<Output::Element>* out);
  // Back-pressure is not idleness.
  void OnBlockedFor(int64_t ms) { blocked_ms_ += ms; }

  // The combined watermark, for alignment and metrics.
  TimestampMs watermark() const { return emitted_; }
  bool idle() const { return idle_; }

 private:
  // Flink's IdlenessTimer: looked at with every periodic emission.
  class IdlenessTimer {
   public:
    void OnActivity() { active_ = true; }
    bool Check(TimestampMs now, int64_t timeout_ms);

   private:
    bool active_ = false;
    TimestampMs since_ = kMaxWatermark;
  };
  struct SplitState {
    int part = 0;
    std::unique_ptr<WatermarkGenerator> generator;
    TimestampMs current = kMinTimestamp;
    IdlenessTimer timer;
    bool idle = false;
  };

  void TakeMarks(Batch* batch);
  void EmitSplits(TimestampMs now, std::deque<Output::Element>* out);
  void EmitMain(TimestampMs now, std::deque<Output::Element>* out);
  void Emit(TimestampMs watermark, std::deque<Output::Element>* out);
  void MarkActive(std::deque<Output::Element>* out);
  void MarkIdleIfBoth(std::deque<Output::Element>* out);

  const WatermarkSettings settings_;
  std::map<std::string, SplitState> splits_;
  host::CombinedWatermark combined_;
  std::vector<TimestampMs> row_watermarks_;
  TimestampMs next_emit_ = kMaxWatermark;
  int64_t blocked_ms_ = 0;
  TimestampMs emitted_ = kMinTimestamp;
  bool idle_ = false;
  // Flink has an output for rows without a split beside the splits'; both must be idle.
  bool splits_idle_ = true;
  bool main_idle_ = true;
  bool main_timed_out_ = false;
  IdlenessTimer main_timer_;
};

}  // namespace castor::runtime
