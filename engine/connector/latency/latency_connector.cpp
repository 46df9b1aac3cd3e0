#include "connector/latency/latency_connector.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "column/visit.h"
#include "connector/latency/latency_histogram.h"

namespace castor::connector::latency {
namespace {

struct Options {
  std::string path;
  size_t field = 0;
  int64_t warm_up_ms = 0;
};

// The job's clock counts milliseconds, too coarse for what is measured here.
int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class LatencyWriter final : public SinkWriter {
 public:
  explicit LatencyWriter(const Options& options) : options_(options) {}

  Status Open(const WriterContext& context) override {
    subtask_ = context.subtask;
    return Status::OK();
  }

  Status Write(const Batch& batch) override {
    const int64_t now = NowMicros();
    VisitRows<int64_t>(
        *batch.columns[options_.field], 0, batch.num_rows,
        [&](int32_t row, int64_t due_ms) {
          if (IsAccumulate(batch.kind(row))) Count(now, due_ms);
        },
        [](int32_t) {});
    return Status::OK();
  }

  Result<std::vector<std::string>> PrepareCommit() override { return std::vector<std::string>(); }
  Result<std::string> Snapshot() override { return histogram_.Serialize(); }

  Status Restore(std::string_view old_state) override {
    CASTOR_ASSIGN_OR_RETURN(const LatencyHistogram old, LatencyHistogram::Deserialize(old_state));
    histogram_.Add(old);
    return Status::OK();
  }

  Status Close() override {
    std::error_code error;
    std::filesystem::create_directories(options_.path, error);
    const std::string path = options_.path + "/part-" + std::to_string(subtask_) + ".json";
    errno = error.value();
    std::FILE* file = error ? nullptr : std::fopen(path.c_str(), "w");
    const bool written =
        file != nullptr && std::fputs((histogram_.ToJson() + "\n").c_str(), file) >= 0;
    if (file == nullptr || std::fclose(file) != 0 || !written) {
      return Status::IoError("latency: cannot write " + path + ": " + std::strerror(errno));
    }
    return Status::OK();
  }

 private:
  void Count(int64_t now_us, int64_t due_ms) {
    if (!count_from_ms_) count_from_ms_ = due_ms + options_.warm_up_ms;
    if (due_ms >= *count_from_ms_) histogram_.Count(now_us - due_ms * 1000, 1);
  }

  const Options options_;
  int32_t subtask_ = 0;
  std::optional<int64_t> count_from_ms_;  // known with the first row
  LatencyHistogram histogram_;
};

class LatencySink final : public Sink {
 public:
  explicit LatencySink(Options options) : options_(std::move(options)) {}
  Result<std::unique_ptr<SinkWriter>> MakeWriter() override {
    return std::unique_ptr<SinkWriter>(std::make_unique<LatencyWriter>(options_));
  }

 private:
  const Options options_;
};

bool IsMilliseconds(const LogicalType& type) {
  return type.kind() == TypeKind::kTimestamp && type.precision() == 3;
}

Result<std::unique_ptr<Sink>> MakeSink(const SinkArguments& arguments) {
  const Configuration table(arguments.table.options);
  const std::string column = table.GetString("column", "");
  const auto& fields = arguments.consumed_type.fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.name == column; });
  if (found == fields.end() || !IsMilliseconds(found->type)) {
    return Status::InvalidArgument("table " + arguments.table.identifier + ": latency: column '" +
                                   column + "' is not a column of type TIMESTAMP(3)");
  }
  Options options;
  options.path = table.GetString("path", "");
  options.field = static_cast<size_t>(found - fields.begin());
  CASTOR_ASSIGN_OR_RETURN(options.warm_up_ms, table.GetDurationMs("warm-up", 0));
  return std::unique_ptr<Sink>(std::make_unique<LatencySink>(std::move(options)));
}

}  // namespace

ConnectorFactory LatencyConnector() { return {{}, MakeSink}; }

}  // namespace castor::connector::latency
