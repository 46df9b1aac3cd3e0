#include "operator/interval_join/expiry.h"

#include <algorithm>
#include <numeric>

namespace castor::interval_join {

using state::Readiness;

Result<Progress> Expiry::Run(size_t page_rows, Output& out) {
  while (true) {
    if (!open_) {
      if (due_ == nullptr) {
        CASTOR_ASSIGN_OR_RETURN(const Readiness taken, timers_->Take(until_, page_rows));
        if (taken == Readiness::kPending) return Progress::kPending;
        due_ = &timers_->due();
      }
      if (due_->empty()) break;
      CASTOR_ASSIGN_OR_RETURN(const Readiness opened, OpenPage());
      if (opened == Readiness::kPending) return Progress::kPending;
    }
    while (timer_ < due_->size()) {
      if (out.Full()) return Progress::kOutputFull;
      CASTOR_ASSIGN_OR_RETURN(const Readiness looked, LookAtRows(page_rows));
      if (results_.size() >= page_rows) Flush(out);
      if (looked == Readiness::kPending) return Progress::kPending;
    }
    Flush(out);  // the results point into the state
    CASTOR_ASSIGN_OR_RETURN(const Readiness closed, ClosePage());
    if (closed == Readiness::kPending) return Progress::kPending;
  }
  due_ = nullptr;
  return Progress::kDone;
}

Result<Readiness> Expiry::OpenPage() {
  key_rows_.resize(due_->size());
  std::iota(key_rows_.begin(), key_rows_.end(), 0);
  for (int side = 0; side < 2; ++side) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness located,
                            sides_[side].rows.Locate(timers_->keys(), key_rows_, &handles_[side]));
    if (located == Readiness::kPending) return located;
  }
  next_times_.assign(due_->size(), kMaxWatermark);
  timer_ = 0;
  cursor_ = 0;
  open_ = true;
  return Readiness::kReady;
}

Result<Readiness> Expiry::LookAtRows(size_t page_rows) {
  const auto [key_row, number] = (*due_)[timer_];
  Side& side = sides_[number];
  side.expired = bounds_->Expired(number, now_);
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          side.rows.Walk(handles_[number][timer_], state::AccessMode::kRead,
                                         &cursor_, page_rows, &found_));
  for (const CachedRow& row : found_) {
    if (row.time > side.expired) {
      next_times_[timer_] = std::min(next_times_[timer_], bounds_->CleanupTime(number, row.time));
      continue;
    }
    if (side.pads && *row.matched == 0) {
      number == 0 ? results_.Add(row.bytes, nullptr) : results_.Add(nullptr, row.bytes);
    }
    side.rows.Mark(key_row, row.name);
  }
  if (readiness == Readiness::kReady && cursor_ == state::KeyEntries::kEndOfEntries) {
    ++timer_;
    cursor_ = 0;
  }
  return readiness;
}

Result<Readiness> Expiry::ClosePage() {
  CASTOR_ASSIGN_OR_RETURN(const Readiness finished, timers_->Finish(next_times_));
  if (finished == Readiness::kPending) return finished;
  for (int side = 0; side < 2; ++side) sides_[side].rows.RemoveMarked(timers_->keys());
  open_ = false;
  due_ = nullptr;
  return finished;
}

void Expiry::Flush(Output& out) {
  if (!results_.empty()) out.Emit(results_.Take(sides_[0].rows.codec(), sides_[1].rows.codec()));
}

}  // namespace castor::interval_join
