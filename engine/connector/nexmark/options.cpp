#include "connector/nexmark/options.h"

#include <algorithm>
#include <string_view>

#include "base/configuration.h"

namespace castor::connector::nexmark {
namespace {

constexpr int64_t kMaxEpoch = 1'000'000;
constexpr int64_t kMaxAverageSize = 1 << 20;
constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();

Status CheckRange(std::string_view what, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return Status::OK();
  return Status::InvalidArgument("nexmark: " + std::string(what) + " is " + std::to_string(value) +
                                 ", but must be in " + std::to_string(least) + " .. " +
                                 std::to_string(most));
}

// Reads integers and sizes into fields, checking their range.
class Reader {
 public:
  explicit Reader(const std::map<std::string, std::string>& options) : options_(options) {}

  Status Int(const std::string& key, int64_t least, int64_t most, int64_t* field) const {
    CASTOR_ASSIGN_OR_RETURN(*field, options_.GetInt(key, *field));
    return CheckRange(key, *field, least, most);
  }
  Status Size(const std::string& key, int64_t* field) const {
    CASTOR_ASSIGN_OR_RETURN(*field, options_.GetMemorySize(key, *field));
    return CheckRange(key, *field, 0, kMaxAverageSize);
  }
  const Configuration& options() const { return options_; }

 private:
  Configuration options_;
};

Status ReadRate(const Reader& reader, Options* options) {
  CASTOR_RETURN_NOT_OK(reader.Int("first-event.rate", 1, kMaxInt, &options->rate));
  int64_t next = options->rate;
  CASTOR_RETURN_NOT_OK(reader.Int("next-event.rate", 1, kMaxInt, &next));
  if (next != options->rate) {
    return Status::InvalidArgument("nexmark: next-event.rate must equal first-event.rate");
  }
  CASTOR_ASSIGN_OR_RETURN(const bool limited, reader.options().GetBool("rate.limited", false));
  CASTOR_ASSIGN_OR_RETURN(const bool full_speed, reader.options().GetBool("max-emit-speed", true));
  options->paced = limited || !full_speed;
  return Status::OK();
}

Status ReadEnd(const Reader& reader, Options* options) {
  int64_t count = 0;
  CASTOR_RETURN_NOT_OK(reader.Int("events.num", 0, Options::kEndless, &count));
  int64_t stop_at = -1;
  CASTOR_RETURN_NOT_OK(reader.Int("stop-at", -1, Options::kEndless, &stop_at));
  options->last_event = count == 0 ? Options::kEndless : count;
  if (stop_at >= 0) options->last_event = std::min(options->last_event, stop_at);
  CASTOR_ASSIGN_OR_RETURN(options->keep_alive, reader.options().GetBool("keep-alive", false));
  CASTOR_ASSIGN_OR_RETURN(options->linger_ms, reader.options().GetDurationMs("linger", 0));
  return Status::OK();
}

Status ReadShape(const Reader& reader, Options* options) {
  CASTOR_RETURN_NOT_OK(reader.Int("person.proportion", 0, kMaxEpoch, &options->persons));
  CASTOR_RETURN_NOT_OK(reader.Int("auction.proportion", 0, kMaxEpoch, &options->auctions));
  CASTOR_RETURN_NOT_OK(reader.Int("bid.proportion", 0, kMaxEpoch, &options->bids));
  CASTOR_RETURN_NOT_OK(reader.Size("person.avg-size", &options->person_size));
  CASTOR_RETURN_NOT_OK(reader.Size("auction.avg-size", &options->auction_size));
  CASTOR_RETURN_NOT_OK(reader.Size("bid.avg-size", &options->bid_size));
  CASTOR_RETURN_NOT_OK(reader.Int("bid.hot-ratio.auctions", 1, kMaxInt, &options->hot_auctions));
  CASTOR_RETURN_NOT_OK(reader.Int("bid.hot-ratio.bidders", 1, kMaxInt, &options->hot_bidders));
  CASTOR_RETURN_NOT_OK(reader.Int("auction.hot-ratio.sellers", 1, kMaxInt, &options->hot_sellers));
  return CheckRange("the sum of person.proportion, auction.proportion and bid.proportion",
                    options->epoch_size(), 1, kMaxEpoch);
}

}  // namespace

Result<Options> Options::Parse(const std::map<std::string, std::string>& table_options) {
  const Reader reader(table_options);
  Options options;
  CASTOR_RETURN_NOT_OK(ReadRate(reader, &options));
  CASTOR_RETURN_NOT_OK(ReadEnd(reader, &options));
  CASTOR_RETURN_NOT_OK(ReadShape(reader, &options));
  CASTOR_ASSIGN_OR_RETURN(const int64_t seed, reader.options().GetInt("seed", 0));
  options.seed = static_cast<uint64_t>(seed);
  CASTOR_ASSIGN_OR_RETURN(options.base_time,
                          reader.options().GetInt("base-time", options.base_time));
  if (options.auctions > 0) {
    const int64_t horizon_ms = options.events_per_horizon() * 1000 / options.rate + 1;
    CASTOR_RETURN_NOT_OK(
        CheckRange("the auction horizon (auctions in flight over first-event.rate), in "
                   "milliseconds,",
                   horizon_ms, 0, kMaxInt));
  }
  return options;
}

}  // namespace castor::connector::nexmark
