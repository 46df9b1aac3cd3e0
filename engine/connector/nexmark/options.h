// The options of a Nexmark table (spec/nexmark.md, section 2), read and checked.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "base/clock.h"
#include "base/status.h"

namespace castor::connector::nexmark {

struct Options {
  static constexpr int64_t kEndless = std::numeric_limits<int64_t>::max();

  uint64_t seed = 0;
  TimestampMs base_time = 1436918400000;
  int64_t rate = 10000;  // events per second of event time
  int64_t last_event = kEndless;
  bool keep_alive = false;
  bool paced = false;  // emit in real time
  int64_t linger_ms = 0;
  int64_t persons = 1;  // events per epoch
  int64_t auctions = 3;
  int64_t bids = 46;
  int64_t person_size = 200;  // aimed average bytes
  int64_t auction_size = 500;
  int64_t bid_size = 100;
  int64_t hot_auctions = 2;
  int64_t hot_bidders = 4;
  int64_t hot_sellers = 4;

  int64_t epoch_size() const { return persons + auctions + bids; }
  TimestampMs TimeOf(int64_t n) const { return base_time + n * 1000 / rate; }
  // Events until as many auctions have opened as are in flight at a time; needs auctions > 0.
  int64_t events_per_horizon() const { return kAuctionsInFlight * epoch_size() / auctions; }

  static constexpr int64_t kAuctionsInFlight = 100;

  // Errors name the option, its value and the range.
  static Result<Options> Parse(const std::map<std::string, std::string>& table_options);
};

}  // namespace castor::connector::nexmark
