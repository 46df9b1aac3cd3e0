#include "connector/datagen/datagen_source.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "connector/datagen/column_generator.h"
#include "format/api/option_reader.h"

namespace castor::connector::datagen {
namespace {

// While rows are due at a rate, how long to wait for the next ones: short, as latency is counted.
constexpr int64_t kTickMs = 5;

struct DatagenOptions {
  double rows_per_second = 10'000;
  bool bounded = false;
  int64_t row_limit = INT64_MAX;  // of the whole source
  int32_t parallelism = 0;        // 0: that of the job
  std::vector<std::unique_ptr<ColumnGenerator>> columns;
};

// Every `step`-th row from `lane` on. `done` of them are out.
struct Lane {
  int64_t lane = 0;
  int64_t step = 1;
  int64_t done = 0;
  uint64_t seed = 0;

  std::string Id() const { return "lane-" + std::to_string(lane); }
  Split ToSplit() const {
    const nlohmann::json state = {{"lane", lane}, {"step", step}, {"done", done}, {"seed", seed}};
    return {Id(), state.dump()};
  }
  static Result<Lane> FromSplit(const Split& split) {
    const nlohmann::json state = nlohmann::json::parse(split.state, nullptr, false);
    const auto number = [&](const char* key) {
      return state.is_object() && state.contains(key) && state[key].is_number_integer();
    };
    if (!number("lane") || !number("step") || !number("done") || !number("seed")) {
      return Status::Corruption("position of datagen cannot be read: " + split.state);
    }
    return Lane{state["lane"].get<int64_t>(), state["step"].get<int64_t>(),
                state["done"].get<int64_t>(), state["seed"].get<uint64_t>()};
  }
};

class DatagenReader final : public SourceReader {
 public:
  explicit DatagenReader(std::shared_ptr<const DatagenOptions> options)
      : options_(std::move(options)) {}

  Status Open(const ReaderContext& context) override {
    batch_rows_ = context.batch_rows;
    clock_ = context.clock;
    return Status::OK();
  }

  Status AddSplits(std::vector<Split> splits) override {
    for (const Split& split : splits) {
      CASTOR_ASSIGN_OR_RETURN(Lane lane, Lane::FromSplit(split));
      lanes_.push_back({lane, clock_->NowMs(), lane.done});
    }
    return Status::OK();
  }

  // Lanes take turns, so that a reader which got several by a restore keeps the rate of each.
  Result<PollResult> Poll() override {
    PollResult result;
    if (lanes_.empty()) {
      result.state = PollState::kFinished;
      return result;
    }
    const TimestampMs now = clock_->NowMs();
    for (size_t turn = 0; turn < lanes_.size(); ++turn) {
      Active active = lanes_.front();
      lanes_.pop_front();
      const int64_t total = RowsOf(active.lane);
      const int64_t due = std::min(total, Due(active, now)) - active.lane.done;
      if (due <= 0 && active.lane.done < total) {
        lanes_.push_back(active);
        continue;
      }
      result.state = PollState::kBatch;
      result.split_id = active.lane.Id();
      const auto count = static_cast<int32_t>(std::clamp<int64_t>(due, 0, batch_rows_));
      Generate(active.lane, count, now, &result.batch);
      active.lane.done += count;
      if (active.lane.done >= total) {
        result.split_finished = true;
      } else {
        lanes_.push_back(active);
      }
      return result;
    }
    result.retry_at_ms = now + kTickMs;
    return result;
  }

  Result<std::vector<Split>> SnapshotSplits() override {
    std::vector<Split> splits;
    for (const Active& active : lanes_) splits.push_back(active.lane.ToSplit());
    return splits;
  }

 private:
  struct Active {
    Lane lane;
    TimestampMs start;  // of the rate's clock in this process
    int64_t base;       // rows that were out then
  };

  int64_t RowsOf(const Lane& lane) const {
    if (options_->row_limit == INT64_MAX) return INT64_MAX;
    return options_->row_limit / lane.step + (options_->row_limit % lane.step > lane.lane ? 1 : 0);
  }

  // How many rows may be out by now. The first is due at once.
  int64_t Due(const Active& active, TimestampMs now) const {
    const double rate = options_->rows_per_second / static_cast<double>(active.lane.step);
    const double rows = std::floor(rate * static_cast<double>(now - active.start) / 1000) + 1;
    constexpr double kMany = 1e18;
    return rows >= kMany ? INT64_MAX : active.base + static_cast<int64_t>(rows);
  }

  void Generate(const Lane& lane, int32_t count, TimestampMs now, Batch* batch) const {
    batch->num_rows = count;
    if (count == 0) return;
    const RowRange rows{lane.lane + lane.done * lane.step, lane.step, count, lane.seed, now};
    for (const auto& column : options_->columns) batch->columns.push_back(column->Generate(rows));
  }

  const std::shared_ptr<const DatagenOptions> options_;
  int32_t batch_rows_ = 1024;
  const Clock* clock_ = nullptr;
  std::deque<Active> lanes_;
};

// As many lanes as subtasks, handed out once.
class DatagenEnumerator final : public SplitEnumerator {
 public:
  DatagenEnumerator(int32_t lanes, bool discovered) : lanes_(lanes), discovered_(discovered) {}

  Result<Discovery> Discover() override {
    Discovery discovery;
    discovery.finished = true;
    if (discovered_) return discovery;
    discovered_ = true;
    std::random_device device;
    const uint64_t seed = static_cast<uint64_t>(device()) << 32 | device();
    for (int32_t i = 0; i < lanes_; ++i) {
      discovery.splits.push_back(Lane{i, lanes_, 0, seed}.ToSplit());
    }
    return discovery;
  }
  std::string Snapshot() const override { return discovered_ ? "discovered" : "new"; }

 private:
  const int32_t lanes_;
  bool discovered_;
};

class DatagenSource final : public Source {
 public:
  explicit DatagenSource(DatagenOptions options)
      : options_(std::make_shared<const DatagenOptions>(std::move(options))) {}

  bool bounded() const override { return options_->bounded; }
  Result<std::unique_ptr<SplitEnumerator>> MakeEnumerator(int32_t parallelism,
                                                          std::string_view restored) override {
    const int32_t lanes = options_->parallelism > 0 ? options_->parallelism : parallelism;
    return std::unique_ptr<SplitEnumerator>(
        std::make_unique<DatagenEnumerator>(std::max(lanes, 1), restored == "discovered"));
  }
  Result<std::unique_ptr<SourceReader>> MakeReader() override {
    return std::unique_ptr<SourceReader>(std::make_unique<DatagenReader>(options_));
  }

 private:
  const std::shared_ptr<const DatagenOptions> options_;
};

Result<DatagenOptions> ParseOptions(const SourceArguments& arguments) {
  const plan::Table& table = arguments.table;
  DatagenOptions options;
  format::OptionReader reader("", table.options);
  options.rows_per_second = static_cast<double>(reader.Int("rows-per-second", 10'000));
  if (options.rows_per_second <= 0) reader.Refuse("rows-per-second", "must be greater than 0");
  options.bounded = reader.Find("number-of-rows").has_value();
  options.row_limit = reader.Int("number-of-rows", INT64_MAX);
  if (options.row_limit < 0) reader.Refuse("number-of-rows", "must not be negative");
  options.parallelism = static_cast<int32_t>(reader.Int("scan.parallelism", 0));
  CASTOR_RETURN_NOT_OK(reader.first_error());
  if (arguments.abilities.limit >= 0) {
    // Flink takes the limit in the place of the number of rows.
    options.row_limit = arguments.abilities.limit;
    options.bounded = true;
  }
  std::map<std::string, std::string> values;
  const std::string prefix = "fields.";
  for (const auto& [key, value] : table.options) {
    if (key.starts_with(prefix)) values.emplace(key.substr(prefix.size()), value);
  }
  format::OptionReader fields("fields", values);
  const LogicalType row = table.PhysicalRow();
  for (const LogicalType::Field& field : row.fields()) {
    CASTOR_ASSIGN_OR_RETURN(
        std::unique_ptr<ColumnGenerator> column,
        MakeColumnGenerator(field.name, field.type, options.columns.size() + 1, &fields));
    options.row_limit = std::min(options.row_limit, column->row_limit());
    options.columns.push_back(std::move(column));
  }
  // Flink, too, refuses options of columns that do not exist or do not take them.
  CASTOR_RETURN_NOT_OK(fields.Finish());
  return options;
}

}  // namespace

Result<std::unique_ptr<Source>> MakeDatagenSource(const SourceArguments& arguments) {
  Result<DatagenOptions> options = ParseOptions(arguments);
  if (!options.ok()) return options.status().WithContext("table " + arguments.table.identifier);
  return std::unique_ptr<Source>(std::make_unique<DatagenSource>(std::move(options).value()));
}

void RegisterDatagen(ConnectorRegistry* registry) {
  ConnectorFactory factory;
  factory.make_source = MakeDatagenSource;
  registry->Register("datagen", std::move(factory));
}

}  // namespace castor::connector::datagen
