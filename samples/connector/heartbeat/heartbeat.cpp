#include "heartbeat.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "format/api/column_builder.h"
#include "format/api/option_reader.h"

namespace samples::heartbeat {
namespace {

using castor::Batch;
using castor::Result;
using castor::Status;
using castor::TimestampMs;
using castor::connector::Discovery;
using castor::connector::PollResult;
using castor::connector::PollState;
using castor::connector::Split;

struct Options {
  std::string table;
  int64_t interval_ms = 1'000;
  int64_t count = INT64_MAX;
  bool bounded = false;
  castor::LogicalType row;
};

// The planner has checked keys and types already; what only this connector knows is checked here.
Result<Options> Parse(const castor::connector::SourceArguments& arguments) {
  Options options;
  options.table = arguments.table.identifier;
  castor::format::OptionReader reader("", arguments.table.options);
  options.interval_ms = reader.DurationMs("interval", 1'000);
  if (options.interval_ms <= 0) reader.Refuse("interval", "must be greater than 0");
  options.bounded = reader.Find("count").has_value();
  options.count = reader.Int("count", INT64_MAX);
  if (options.count < 0) reader.Refuse("count", "must not be negative");
  CASTOR_RETURN_NOT_OK(reader.first_error());

  options.row = arguments.table.PhysicalRow();
  const auto& fields = options.row.fields();
  if (fields.size() != 2 || fields[0].type.kind() != castor::TypeKind::kBigInt ||
      fields[1].type.kind() != castor::TypeKind::kTimestampLtz || fields[1].type.precision() != 3) {
    return Status::InvalidArgument(
        "a 'heartbeat' table has the columns (n BIGINT, at "
        "TIMESTAMP_LTZ(3)), not " +
        options.row.ToString());
  }
  return options;
}

// The only split; its state is how many rows are out.
Split SplitAt(int64_t rows) { return {"heartbeat", std::to_string(rows)}; }

class Reader final : public castor::connector::SourceReader {
 public:
  explicit Reader(std::shared_ptr<const Options> options) : options_(std::move(options)) {}

  Status Open(const castor::connector::ReaderContext& context) override {
    clock_ = context.clock;
    batch_rows_ = context.batch_rows;
    return Status::OK();
  }

  Status AddSplits(std::vector<Split> splits) override {
    for (const Split& split : splits) {
      const std::string& state = split.state;
      const auto read = std::from_chars(state.data(), state.data() + state.size(), rows_);
      if (read.ec != std::errc()) {
        return Status::Corruption("table " + options_->table + ": '" + state + "' is no position");
      }
      active_ = true;
      next_at_ = clock_->NowMs();
    }
    return Status::OK();
  }

  // Never waits: says when to ask again.
  Result<PollResult> Poll() override {
    PollResult result;
    if (!active_) {
      result.state = PollState::kFinished;
      return result;
    }
    const TimestampMs now = clock_->NowMs();
    if (now < next_at_ && rows_ < options_->count) {
      result.retry_at_ms = next_at_;
      return result;
    }
    result.state = PollState::kBatch;
    result.split_id = "heartbeat";
    const int64_t due = (now - next_at_) / options_->interval_ms + 1;
    result.batch = Rows(std::min({due, options_->count - rows_, int64_t{batch_rows_}}));
    result.split_finished = rows_ == options_->count;
    active_ = !result.split_finished;
    return result;
  }

  // What a restored reader needs to go on behind the last row.
  Result<std::vector<Split>> SnapshotSplits() override {
    return active_ ? std::vector<Split>{SplitAt(rows_)} : std::vector<Split>();
  }

 private:
  Batch Rows(int64_t count) {
    const auto size = static_cast<int32_t>(count);
    castor::format::ColumnBuilder n(options_->row.fields()[0].type);
    castor::format::ColumnBuilder at(options_->row.fields()[1].type);
    n.Reserve(std::max(size, 1));
    at.Reserve(std::max(size, 1));
    for (int32_t row = 0; row < size; ++row) {
      n.Set(row, ++rows_);
      at.Set(row, next_at_);
      next_at_ += options_->interval_ms;
    }
    return Batch(size, {n.Finish(size), at.Finish(size)});
  }

  const std::shared_ptr<const Options> options_;
  const castor::Clock* clock_ = nullptr;
  int32_t batch_rows_ = 1024;
  bool active_ = false;
  int64_t rows_ = 0;
  TimestampMs next_at_ = 0;
};

class Enumerator final : public castor::connector::SplitEnumerator {
 public:
  explicit Enumerator(bool discovered) : discovered_(discovered) {}

  Result<Discovery> Discover() override {
    Discovery discovery;
    discovery.finished = true;
    if (!std::exchange(discovered_, true)) discovery.splits.push_back(SplitAt(0));
    return discovery;
  }
  std::string Snapshot() const override { return discovered_ ? "discovered" : "new"; }

 private:
  bool discovered_;
};

class Source final : public castor::connector::Source {
 public:
  explicit Source(Options options)
      : options_(std::make_shared<const Options>(std::move(options))) {}

  bool bounded() const override { return options_->bounded; }
  Result<std::unique_ptr<castor::connector::SplitEnumerator>> MakeEnumerator(
      int32_t, std::string_view restored) override {
    return std::unique_ptr<castor::connector::SplitEnumerator>(
        std::make_unique<Enumerator>(restored == "discovered"));
  }
  Result<std::unique_ptr<castor::connector::SourceReader>> MakeReader() override {
    return std::unique_ptr<castor::connector::SourceReader>(std::make_unique<Reader>(options_));
  }

 private:
  const std::shared_ptr<const Options> options_;
};

Result<std::unique_ptr<castor::connector::Source>> MakeSource(
    const castor::connector::SourceArguments& arguments) {
  CASTOR_ASSIGN_OR_RETURN(Options options, Parse(arguments));
  return std::unique_ptr<castor::connector::Source>(std::make_unique<Source>(std::move(options)));
}

}  // namespace

void RegisterHeartbeat(castor::connector::ConnectorRegistry* registry,
                       const castor::format::FormatRegistry*,
                       const castor::io::FileSystemRegistry*) {
  castor::connector::ConnectorFactory factory;
  factory.make_source = MakeSource;
  registry->Register("heartbeat", std::move(factory));
}

}  // namespace samples::heartbeat
