#include "runtime/source/source_head.h"

#include <algorithm>
#include <utility>

#include "runtime/memory/memory_guard.h"
#include "runtime/source/split_codec.h"

namespace castor::runtime {

SourceHead::SourceHead(SourceHeadParts parts)
    : parts_(std::move(parts)),
      watermarks_(std::move(parts_.watermarks), *parts_.context.clock),
      records_out_(parts_.context.metrics->Counter("numRecordsOut")),
      bad_records_(parts_.context.metrics->Counter("numRecordsInErrors")),
      output_watermark_(parts_.context.metrics->Gauge("currentOutputWatermark")) {
  output_watermark_->Set(kMinTimestamp);
}

Status SourceHead::Open() {
  if (parts_.dead_letters != nullptr) {
    CASTOR_RETURN_NOT_OK(Describe(parts_.dead_letters->Open()));
  }
  return Describe(parts_.reader->Open(parts_.context));
}

void SourceHead::Tell(Injections::Item item) {
  injections_.Push(std::move(item));
  parts_.context.waker();
}

Result<InputGate::Event> SourceHead::Next() {
  CASTOR_ASSIGN_OR_RETURN(auto barrier, TakeInjections());
  while (!barrier.has_value()) {
    if (!ready_.empty()) {
      Output::Element element = std::move(ready_.front());
      ready_.pop_front();
      return InputGate::Event(InputGate::Received{0, std::move(element)});
    }
    if (ended_ && !std::exchange(end_told_, true)) {
      return InputGate::Event(InputGate::InputEnded{0});
    }
    wake_at_ = kMaxWatermark;
    if (ended_ || stopped_) return InputGate::Event(std::monostate{});
    const TimestampMs now = parts_.context.clock->NowMs();
    watermarks_.EmitPeriodic(now, &ready_);
    output_watermark_->Set(watermarks_.watermark());
    if (!ready_.empty()) continue;
    wake_at_ = watermarks_.next_emit();
    if (MustWaitForMemory(now)) return InputGate::Event(std::monostate{});
    CASTOR_RETURN_NOT_OK(Describe(Poll(now)));
    if (ready_.empty() && !ended_) return InputGate::Event(std::monostate{});
  }
  return InputGate::Event(*barrier);
}

bool SourceHead::MustWaitForMemory(TimestampMs now) {
  const MemoryGuard::Pace pace = MemoryGuard::SourcePace();
  if (pace == MemoryGuard::Pace::kFree) return false;
  if (pace == MemoryGuard::Pace::kSlow && now >= slow_until_) {
    slow_until_ = now + MemoryGuard::kPauseMs;
    return false;
  }
  wake_at_ = std::min(wake_at_, now + MemoryGuard::kPauseMs);
  // Not each time: those who are asked may be sources themselves, and ask in turn.
  if (now >= asks_after_ && parts_.short_of_memory) {
    asks_after_ = now + MemoryGuard::kPauseMs;
    parts_.short_of_memory();
  }
  return true;
}

Result<std::optional<Barrier>> SourceHead::TakeInjections() {
  // What is ready was there before anything injected now.
  while (ready_.empty()) {
    std::optional<Injections::Item> item = injections_.Pop();
    if (!item.has_value()) break;
    if (const auto* barrier = std::get_if<Barrier>(&*item)) {
      if (barrier->id <= aborted_) continue;
      stopped_ = barrier->stop;
      return std::optional<Barrier>(*barrier);
    }
    if (std::holds_alternative<Injections::Resume>(*item)) stopped_ = false;
    if (std::holds_alternative<Injections::Finish>(*item) && !ended_) End();
    if (auto* splits = std::get_if<Injections::Splits>(&*item)) {
      CASTOR_RETURN_NOT_OK(Describe(Take(std::move(*splits))));
    }
    if (std::holds_alternative<Injections::NoMoreSplits>(*item)) no_more_splits_ = true;
  }
  return std::optional<Barrier>();
}

Status SourceHead::Take(Injections::Splits splits) {
  for (const connector::Split& split : splits.splits) {
    CASTOR_RETURN_NOT_OK(watermarks_.AddSplit(split.id));
  }
  has_splits_ = true;
  requested_ = false;
  return parts_.reader->AddSplits(std::move(splits.splits));
}

// Afterwards there is something ready, or the end, or there is nothing to do until `wake_at_`.
Status SourceHead::Poll(TimestampMs now) {
  if (!has_splits_) {
    OnReaderFinished();
    return Status::OK();
  }
  while (ready_.empty() && !ended_) {
    CASTOR_ASSIGN_OR_RETURN(connector::PollResult polled, parts_.reader->Poll());
    const connector::PollState state = polled.state;
    const TimestampMs retry_at = polled.retry_at_ms;
    CASTOR_RETURN_NOT_OK(TakeBatch(std::move(polled)));
    if (state == connector::PollState::kPending) {
      wake_at_ = std::min(wake_at_, std::max(retry_at, now + 1));
      return Status::OK();
    }
    if (state == connector::PollState::kFinished) {
      has_splits_ = false;
      OnReaderFinished();
      return Status::OK();
    }
    // A batch of bad rows only leaves nothing ready; do not let such batches keep the thread.
    if (ready_.empty()) {
      wake_at_ = now;
      parts_.context.waker();
      return Status::OK();
    }
  }
  return Status::OK();
}

Status SourceHead::TakeBatch(connector::PollResult polled) {
  bad_records_->Add(static_cast<int64_t>(polled.bad_rows.size()) + polled.skipped_rows);
  if (!polled.bad_rows.empty()) {
    if (parts_.dead_letters == nullptr) {
      return Status::Internal("a source hands over bad rows, but the table has no place for them");
    }
    CASTOR_RETURN_NOT_OK(parts_.dead_letters->Write(polled.bad_rows));
  }
  CASTOR_RETURN_NOT_OK(watermarks_.OnBatch(polled.split_id, &polled.batch, &ready_));
  if (!polled.batch.marks.empty()) output_watermark_->Set(watermarks_.watermark());
  if (polled.batch.num_rows > 0) {
    records_out_->Add(polled.batch.num_rows);
    ready_.emplace_back(std::move(polled.batch));
  } else {
    for (const WatermarkMark& mark : polled.batch.marks) {
      ready_.emplace_back(Watermark{mark.watermark});
    }
  }
  if (polled.split_finished) watermarks_.RemoveSplit(polled.split_id);
  return Status::OK();
}

void SourceHead::OnReaderFinished() {
  if (no_more_splits_) return End();
  if (!std::exchange(requested_, true)) requester_->RequestSplits(parts_.context.subtask);
}

void SourceHead::End() {
  ended_ = true;
  if (parts_.dead_letters != nullptr) parts_.dead_letters->EndInput();
  if (watermarks_.idle()) ready_.emplace_back(WatermarkStatus{false});
  ready_.emplace_back(Watermark{kMaxWatermark});
  output_watermark_->Set(kMaxWatermark);
}

Status SourceHead::OnBarrier(const Barrier& barrier, SubtaskCut* cut) {
  if (parts_.dead_letters != nullptr) {
    CASTOR_RETURN_NOT_OK(Describe(parts_.dead_letters->OnBarrier(barrier, cut)));
  }
  if (barrier.kind == Barrier::Kind::kCommitOnly) return Status::OK();
  auto splits = parts_.reader->SnapshotSplits();
  if (!splits.ok()) return Describe(splits.status());
  if (!splits->empty()) cut->Of(parts_.uid).sections[section::kSplits] = EncodeSplits(*splits);
  return Status::OK();
}

Status SourceHead::Close() {
  return parts_.dead_letters != nullptr ? Describe(parts_.dead_letters->Close()) : Status::OK();
}

}  // namespace castor::runtime
