#include "runtime/watermark/source_watermarks.h"

#include <utility>

namespace castor::runtime {

SourceWatermarks::SourceWatermarks(WatermarkSettings settings, const Clock& clock)
    : settings_(std::move(settings)) {
  if (enabled() && settings_.interval_ms > 0) next_emit_ = clock.NowMs() + settings_.interval_ms;
}

bool SourceWatermarks::IdlenessTimer::Check(TimestampMs now, int64_t timeout_ms) {
  if (std::exchange(active_, false)) {
    since_ = kMaxWatermark;
    return false;
  }
  if (since_ == kMaxWatermark) {
    since_ = now;
    return false;
  }
  return now - since_ > timeout_ms;
}

Status SourceWatermarks::AddSplit(const std::string& id) {
  if (!enabled() || splits_.contains(id)) return Status::OK();
  SplitState split;
  CASTOR_ASSIGN_OR_RETURN(split.generator, settings_.make_generator());
  split.part = combined_.Add();
  splits_.emplace(id, std::move(split));
  return Status::OK();
}

void SourceWatermarks::RemoveSplit(const std::string& id) {
  const auto found = splits_.find(id);
  if (found == splits_.end()) return;
  combined_.Remove(found->second.part);
  splits_.erase(found);
}

Status SourceWatermarks::OnBatch(const std::string& split_id, Batch* batch,
                                 std::deque<Output::Element>* before) {
  if (!enabled()) {
    TakeMarks(batch);
    return Status::OK();
  }
  if (batch->num_rows == 0) return Status::OK();
  CASTOR_RETURN_NOT_OK(AddSplit(split_id));
  SplitState& split = splits_.at(split_id);
  CASTOR_RETURN_NOT_OK(split.generator->Evaluate(*batch, &row_watermarks_));
  split.timer.OnActivity();
  split.idle = false;
  if (!settings_.on_event) {
    // The generator's watermark is that of the last row that has one, be it lower than before.
    for (auto row = row_watermarks_.rbegin(); row != row_watermarks_.rend(); ++row) {
      if (*row == kMinTimestamp) continue;
      split.current = *row;
      break;
    }
    return Status::OK();
  }
  for (int32_t row = 0; row < batch->num_rows; ++row) {
    const TimestampMs watermark = row_watermarks_[static_cast<size_t>(row)];
    if (watermark == kMinTimestamp) continue;
    if (!combined_.Set(split.part, watermark) || watermark <= combined_.watermark()) continue;
    if (!combined_.Combine() || combined_.watermark() <= emitted_) continue;
    splits_idle_ = false;
    MarkActive(before);
    emitted_ = combined_.watermark();
    batch->marks.push_back({row + 1, emitted_});
  }
  return Status::OK();
}

void SourceWatermarks::TakeMarks(Batch* batch) {
  std::erase_if(batch->marks, [this](const WatermarkMark& mark) {
    if (mark.watermark <= emitted_) return true;
    emitted_ = mark.watermark;
    return false;
  });
}

void SourceWatermarks::EmitPeriodic(TimestampMs now, std::deque<Output::Element>* out) {
  if (now < next_emit_) return;
  next_emit_ = now + settings_.interval_ms;
  const TimestampMs unblocked_now = now - blocked_ms_;
  EmitSplits(unblocked_now, out);
  EmitMain(unblocked_now, out);
}

void SourceWatermarks::EmitSplits(TimestampMs now, std::deque<Output::Element>* out) {
  for (auto& [id, split] : splits_) {
    if (settings_.idle_timeout_ms > 0 && split.timer.Check(now, settings_.idle_timeout_ms)) {
      if (!std::exchange(split.idle, true)) combined_.SetIdle(split.part, true);
    } else if (!settings_.on_event) {
      combined_.Set(split.part, split.current);
    }
  }
  if (combined_.Combine()) {
    Emit(combined_.watermark(), out);
    splits_idle_ = false;
  } else if (combined_.idle()) {
    splits_idle_ = true;
    MarkIdleIfBoth(out);
  }
}

void SourceWatermarks::EmitMain(TimestampMs now, std::deque<Output::Element>* out) {
  if (settings_.idle_timeout_ms > 0 && main_timer_.Check(now, settings_.idle_timeout_ms)) {
    if (std::exchange(main_timed_out_, true)) return;
    main_idle_ = true;
    MarkIdleIfBoth(out);
  } else if (!settings_.on_event) {
    main_idle_ = false;
  }
}

void SourceWatermarks::Emit(TimestampMs watermark, std::deque<Output::Element>* out) {
  if (watermark <= emitted_) return;
  emitted_ = watermark;
  MarkActive(out);
  out->emplace_back(Watermark{watermark});
}

void SourceWatermarks::MarkActive(std::deque<Output::Element>* out) {
  if (std::exchange(idle_, false)) out->emplace_back(WatermarkStatus{false});
}

void SourceWatermarks::MarkIdleIfBoth(std::deque<Output::Element>* out) {
  if (!splits_idle_ || !main_idle_ || idle_) return;
  idle_ = true;
  out->emplace_back(WatermarkStatus{true});
}

}  // namespace castor::runtime
