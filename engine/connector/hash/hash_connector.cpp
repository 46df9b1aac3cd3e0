#include "connector/hash/hash_connector.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "column/visit.h"
#include "connector/hash/hash_totals.h"
#include "connector/hash/row_hash.h"

namespace castor::connector::hash {
namespace {

struct Options {
  std::string path;  // empty: standard output
  std::vector<std::string> sum_columns;
  std::vector<size_t> sum_fields;
};

class HashWriter final : public SinkWriter {
 public:
  explicit HashWriter(const Options& options) : options_(options) {
    totals_.sums.resize(options_.sum_fields.size());
  }

  Status Open(const WriterContext& context) override {
    subtask_ = context.subtask;
    return Status::OK();
  }

  Status Write(const Batch& batch) override {
    hashes_.resize(static_cast<size_t>(batch.num_rows));
    HashRows(batch.columns, batch.num_rows, hashes_.data());
    if (batch.row_kinds == nullptr) {
      for (const uint64_t hash : hashes_) totals_.hash += hash;
      totals_.rows[0] += batch.num_rows;
    } else {
      const RowKind* kinds = batch.kinds();
      for (size_t row = 0; row < hashes_.size(); ++row) {
        totals_.hash += IsAccumulate(kinds[row]) ? hashes_[row] : 0 - hashes_[row];
        ++totals_.rows[static_cast<size_t>(kinds[row])];
      }
    }
    for (size_t i = 0; i < options_.sum_fields.size(); ++i) {
      totals_.sums[i] += SumOf(batch, *batch.columns[options_.sum_fields[i]]);
    }
    return Status::OK();
  }

  Result<std::vector<std::string>> PrepareCommit() override { return std::vector<std::string>(); }
  Result<std::string> Snapshot() override { return totals_.Serialize(); }

  Status Restore(std::string_view old_state) override {
    CASTOR_ASSIGN_OR_RETURN(const HashTotals old,
                            HashTotals::Deserialize(old_state, totals_.sums.size()));
    totals_.Add(old);
    return Status::OK();
  }

  Status Close() override {
    const std::string line = totals_.ToJson(options_.sum_columns) + "\n";
    if (options_.path.empty()) {
      std::fputs(line.c_str(), stdout);
      std::fflush(stdout);
      return Status::OK();
    }
    const std::filesystem::path directory(options_.path);
    const std::string name = "part-" + std::to_string(subtask_) + ".json";
    return WriteFile(directory, directory / ("." + name), directory / name, line);
  }

 private:
  static uint64_t SumOf(const Batch& batch, const Column& column) {
    uint64_t sum = 0;
    DispatchPhysical(column.physical(), [&]<typename T>() {
      if constexpr (std::is_integral_v<T>) {
        VisitRows<T>(
            column, 0, batch.num_rows,
            [&](int32_t row, T value) {
              const auto number = static_cast<uint64_t>(static_cast<int64_t>(value));
              sum += IsAccumulate(batch.kind(row)) ? number : 0 - number;
            },
            [](int32_t) {});
      }
    });
    return sum;
  }

  static Status WriteFile(const std::filesystem::path& directory,
                          const std::filesystem::path& draft, const std::filesystem::path& target,
                          const std::string& text) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error) {
      errno = 0;
      std::FILE* file = std::fopen(draft.c_str(), "w");
      const bool written = file != nullptr && std::fputs(text.c_str(), file) >= 0;
      if (file == nullptr || std::fclose(file) != 0 || !written) {
        return Status::IoError("hash: cannot write " + draft.string() + ": " +
                               std::strerror(errno));
      }
      std::filesystem::rename(draft, target, error);
    }
    if (!error) return Status::OK();
    return Status::IoError("hash: cannot write " + target.string() + ": " + error.message());
  }

  const Options options_;
  int32_t subtask_ = 0;
  HashTotals totals_;
  std::vector<uint64_t> hashes_;
};

class HashSink final : public Sink {
 public:
  explicit HashSink(Options options) : options_(std::move(options)) {}
  Result<std::unique_ptr<SinkWriter>> MakeWriter() override {
    return std::unique_ptr<SinkWriter>(std::make_unique<HashWriter>(options_));
  }

 private:
  const Options options_;
};

// Flink's form of a list option: elements between semicolons.
std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> elements;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find(';', start), text.size());
    elements.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return elements;
}

bool IsInteger(const LogicalType& type) {
  return type.kind() == TypeKind::kTinyInt || type.kind() == TypeKind::kSmallInt ||
         type.kind() == TypeKind::kInteger || type.kind() == TypeKind::kBigInt;
}

Result<std::unique_ptr<Sink>> MakeSink(const SinkArguments& arguments) {
  const LogicalType& type = arguments.consumed_type;
  if (Status status = CheckHashable(type); !status.ok()) {
    return status.WithContext("table " + arguments.table.identifier);
  }
  const Configuration table(arguments.table.options);
  Options options;
  options.path = table.GetString("path", "");
  options.sum_columns = SplitList(table.GetString("sum-columns", ""));
  for (const std::string& name : options.sum_columns) {
    size_t field = 0;
    while (field < type.fields().size() && type.fields()[field].name != name) ++field;
    if (field == type.fields().size() || !IsInteger(type.fields()[field].type)) {
      return Status::InvalidArgument("table " + arguments.table.identifier +
                                     ": hash: sum-columns names " + name +
                                     ", which is not a column of integer type");
    }
    options.sum_fields.push_back(field);
  }
  return std::unique_ptr<Sink>(std::make_unique<HashSink>(std::move(options)));
}

}  // namespace

ConnectorFactory HashConnector() { return {{}, MakeSink}; }

}  // namespace castor::connector::hash
