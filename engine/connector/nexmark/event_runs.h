// Which events a batch holds, and what all events of a run have in common: the arithmetic of epochs
// (spec/nexmark.md, section 3).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "connector/nexmark/options.h"

namespace castor::connector::nexmark {

// Events at the offsets [from, to) of one epoch.
struct EpochRun {
  int64_t epoch;
  int64_t from;
  int64_t to;
};

// Consecutive events of one kind in one epoch.
struct KindRun {
  int64_t n;  // number of the first event
  int32_t count;
  int64_t last_person;   // lastPerson(n); grows by one per event in a run of persons
  int64_t last_auction;  // lastAuction(n); grows by one per event in a run of auctions
};

// The runs of a batch by kind (0 person, 1 auction, 2 bid), and how many events each kind has.
struct KindRuns {
  std::vector<KindRun> runs[3];
  int32_t counts[3] = {0, 0, 0};

  void Assign(const Options& options, std::span<const EpochRun> epochs);
};

// time(n), time(n + 1), ... without a division per event.
class TimeWalker {
 public:
  TimeWalker(const Options& options, int64_t n)
      : rate_(options.rate),
        step_(1000 / options.rate),
        step_rest_(1000 % options.rate),
        time_(options.base_time + n * 1000 / options.rate),
        rest_(n * 1000 % options.rate) {}

  TimestampMs Next() {
    const TimestampMs time = time_;
    rest_ += step_rest_;
    const bool carry = rest_ >= rate_;
    time_ += step_ + (carry ? 1 : 0);
    rest_ -= carry ? rate_ : 0;
    return time;
  }

 private:
  const int64_t rate_, step_, step_rest_;
  TimestampMs time_;
  int64_t rest_;
};

}  // namespace castor::connector::nexmark
