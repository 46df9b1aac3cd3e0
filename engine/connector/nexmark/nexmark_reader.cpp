#include "connector/nexmark/nexmark_reader.h"

#include <algorithm>
#include <utility>

namespace castor::connector::nexmark {

NexmarkReader::NexmarkReader(const Options& options, std::shared_ptr<const FixedTexts> texts,
                             LogicalType produced_type)
    : options_(options), generator_(options, std::move(texts), std::move(produced_type)) {}

Status NexmarkReader::Open(const ReaderContext& context) {
  context_ = context;
  return Status::OK();
}

Status NexmarkReader::AddSplits(std::vector<Split> splits) {
  for (const Split& split : splits) {
    CASTOR_ASSIGN_OR_RETURN(const SplitCursor cursor, SplitCursor::FromSplit(split));
    if (cursor.offset >= options_.epoch_size()) {
      return Status::Incompatible("nexmark: split '" + split.id +
                                  "' was written with other proportions of events");
    }
    (Next(cursor) < options_.last_event ? cursors_ : ended_).push_back(cursor);
  }
  std::make_heap(cursors_.begin(), cursors_.end(),
                 [this](const auto& a, const auto& b) { return IsAhead(a, b); });
  return Status::OK();
}

Result<PollResult> NexmarkReader::Poll() {
  if (cursors_.empty()) return NothingLeft();
  const int64_t limit = EventLimit();
  PollResult result;
  const int64_t next = Next(cursors_.front());
  if (next >= limit) {
    result.retry_at_ms = options_.TimeOf(next) + clock_lead_ms_;
    return result;
  }
  TakeRuns(limit);
  result.state = PollState::kBatch;
  result.batch = generator_.Generate(runs_);
  return result;
}

int64_t NexmarkReader::EventLimit() {
  if (!options_.paced) return options_.last_event;
  const TimestampMs now = context_.clock->NowMs();
  if (!started_) {
    started_ = true;
    clock_lead_ms_ = std::max<int64_t>(now - options_.TimeOf(Next(cursors_.front())), 0);
  }
  // Due are the events with TimeOf(n) <= now - lead.
  const int64_t elapsed_ms = now - clock_lead_ms_ - options_.base_time + 1;
  const auto due = static_cast<int64_t>((int128_t{elapsed_ms} * options_.rate + 999) / 1000);
  return std::min(due, options_.last_event);
}

void NexmarkReader::TakeRuns(int64_t limit) {
  const auto is_ahead = [this](const auto& a, const auto& b) { return IsAhead(a, b); };
  runs_.clear();
  int64_t room = context_.batch_rows;
  while (room > 0 && !cursors_.empty() && Next(cursors_.front()) < limit) {
    std::pop_heap(cursors_.begin(), cursors_.end(), is_ahead);
    SplitCursor& cursor = cursors_.back();
    const int64_t left = options_.epoch_size() - cursor.offset;
    // A part of an epoch is taken only where none fits whole, so that batches look alike.
    const bool fits = left <= room || runs_.empty();
    const int64_t count = std::min({left, room, limit - Next(cursor)});
    if (fits) {
      runs_.push_back({cursor.epoch, cursor.offset, cursor.offset + count});
      cursor.offset += count;
      room -= count;
      if (cursor.offset == options_.epoch_size()) {
        cursor.offset = 0;
        cursor.epoch += cursor.stride;
      }
    }
    if (Next(cursor) >= options_.last_event) {
      ended_.push_back(cursor);
      cursors_.pop_back();
    } else {
      std::push_heap(cursors_.begin(), cursors_.end(), is_ahead);
    }
    if (!fits) break;
  }
}

PollResult NexmarkReader::NothingLeft() {
  PollResult result;
  if (options_.keep_alive) return result;
  const TimestampMs now = context_.clock->NowMs();
  end_at_ms_ = std::min(end_at_ms_, now + options_.linger_ms);
  result.state = now >= end_at_ms_ ? PollState::kFinished : PollState::kPending;
  result.retry_at_ms = end_at_ms_;
  return result;
}

Result<std::vector<Split>> NexmarkReader::SnapshotSplits() {
  std::vector<Split> splits;
  for (const SplitCursor& cursor : cursors_) splits.push_back(cursor.ToSplit());
  for (const SplitCursor& cursor : ended_) splits.push_back(cursor.ToSplit());
  return splits;
}

}  // namespace castor::connector::nexmark
