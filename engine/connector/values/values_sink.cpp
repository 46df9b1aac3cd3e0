#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "connector/values/values_connector.h"
#include "connector/values/values_script.h"
#include "format/api/decode_check.h"
#include "format/api/java_number.h"
#include "format/api/option_reader.h"
#include "format/api/print_text.h"
#include "format/api/row_text.h"
#include "io/console.h"

namespace castor::connector::values {
namespace {

struct ValuesSinkOptions {
  std::string table;  // identifier
  std::string name;   // the object's name without catalog and database
  io::FileSystem* file_system = nullptr;
  std::string path;        // empty: standard output
  bool overwrite = false;  // what stands there is deleted at a fresh start
  std::vector<RowKind> kinds;
};

// The last part of "`catalog`.`database`.`name`".
std::string ObjectName(const std::string& identifier) {
  if (identifier.empty() || identifier.back() != '`') {
    const size_t dot = identifier.rfind('.');
    return dot == std::string::npos ? identifier : identifier.substr(dot + 1);
  }
  const size_t start = identifier.rfind('`', identifier.size() - 2);
  return identifier.substr(start + 1, identifier.size() - start - 2);
}

class ValuesWriter final : public SinkWriter {
 public:
  explicit ValuesWriter(std::shared_ptr<const ValuesSinkOptions> options)
      : options_(std::move(options)) {}

  Status Open(const WriterContext& context) override {
    subtask_ = context.subtask;
    attempt_id_ = context.attempt_id;
    return Status::OK();
  }

  Status Write(const Batch& batch) override {
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      const auto& kinds = options_->kinds;
      if (std::find(kinds.begin(), kinds.end(), batch.kind(row)) == kinds.end()) {
        return Status::Internal("table " + options_->table + ": row kind " +
                                std::string(format::RowKindText(batch.kind(row))) +
                                " is not in option 'sink.changelog-mode'");
      }
      if (options_->path.empty()) text_ += options_->name + "> ";
      format::AppendRowText(batch, row, &text_);
      text_ += '\n';
    }
    if (!options_->path.empty()) return Status::OK();
    Status written = io::WriteToConsole(io::Stream::kOutput, text_);
    text_.clear();
    return written;
  }

  Result<std::vector<std::string>> PrepareCommit() override {
    std::vector<std::string> committables;
    if (options_->path.empty()) return committables;
    CASTOR_RETURN_NOT_OK(CheckDirectory());
    ++checkpoints_;
    if (text_.empty()) return committables;
    char name[64];
    std::snprintf(name, sizeof(name), "%010lld-%04d-", static_cast<long long>(checkpoints_),
                  subtask_);
    const nlohmann::json committable = {{"name", name + attempt_id_ + ".rows"}, {"rows", text_}};
    committables.push_back(
        committable.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    text_.clear();
    return committables;
  }

  Result<std::string> Snapshot() override { return std::to_string(checkpoints_); }

  Status Restore(std::string_view old_state) override {
    int64_t count;
    if (!format::ParseJavaInteger(old_state, 0, INT64_MAX, &count)) {
      return Status::Corruption("cannot read the state of a values sink: " +
                                std::string(old_state));
    }
    checkpoints_ = std::max(checkpoints_, count);
    restored_ = true;
    return Status::OK();
  }

 private:
  // At a fresh start the directory must not hold another run's results, or they are deleted.
  Status CheckDirectory() {
    if (checked_ || restored_ || subtask_ != 0) return Status::OK();
    checked_ = true;
    CASTOR_ASSIGN_OR_RETURN(bool exists, options_->file_system->Exists(options_->path));
    if (!exists) return Status::OK();
    if (options_->overwrite) return options_->file_system->DeleteRecursively(options_->path);
    CASTOR_ASSIGN_OR_RETURN(std::vector<io::FileInfo> entries,
                            options_->file_system->List(options_->path));
    if (entries.empty()) return Status::OK();
    return Status::InvalidArgument("table " + options_->table + ", option 'path': '" +
                                   options_->path + "' is not empty; it holds '" +
                                   entries.front().path + "'");
  }

  const std::shared_ptr<const ValuesSinkOptions> options_;
  int32_t subtask_ = 0;
  std::string attempt_id_;
  std::string text_;
  int64_t checkpoints_ = 0;  // prepared so far, over restarts
  bool restored_ = false;
  bool checked_ = false;
};

class ValuesCommitter final : public Committer {
 public:
  explicit ValuesCommitter(std::shared_ptr<const ValuesSinkOptions> options)
      : options_(std::move(options)) {}

  Status Commit(const std::vector<std::string>& committables) override {
    if (committables.empty()) return Status::OK();
    CASTOR_RETURN_NOT_OK(options_->file_system->MakeDirectories(options_->path));
    for (const std::string& committable : committables) {
      const nlohmann::json json = nlohmann::json::parse(committable, nullptr, false);
      if (!json.is_object() || !json.contains("name") || !json["name"].is_string() ||
          !json.contains("rows") || !json["rows"].is_string()) {
        return Status::Corruption("cannot read a committable of table " + options_->table);
      }
      CASTOR_RETURN_NOT_OK(io::WriteFileAtomically(
          *options_->file_system, io::JoinPath(options_->path, json["name"].get<std::string>()),
          json["rows"].get<std::string>()));
    }
    return Status::OK();
  }

 private:
  const std::shared_ptr<const ValuesSinkOptions> options_;
};

class ValuesSink final : public Sink {
 public:
  explicit ValuesSink(ValuesSinkOptions options)
      : options_(std::make_shared<const ValuesSinkOptions>(std::move(options))) {}

  Result<std::unique_ptr<SinkWriter>> MakeWriter() override {
    return std::unique_ptr<SinkWriter>(std::make_unique<ValuesWriter>(options_));
  }
  Result<std::unique_ptr<Committer>> MakeCommitter() override {
    if (options_->path.empty()) return std::unique_ptr<Committer>();
    return std::unique_ptr<Committer>(std::make_unique<ValuesCommitter>(options_));
  }

 private:
  const std::shared_ptr<const ValuesSinkOptions> options_;
};

}  // namespace

Result<std::unique_ptr<Sink>> MakeValuesSink(const SinkArguments& arguments,
                                             const io::FileSystemRegistry& file_systems) {
  const std::string context = "table " + arguments.table.identifier;
  ValuesSinkOptions options;
  options.table = arguments.table.identifier;
  options.name = ObjectName(arguments.table.identifier);
  options.overwrite = arguments.overwrite;
  format::OptionReader reader("", arguments.table.options);
  const std::string path = reader.String("path", "");
  std::string mode = reader.String("sink.changelog-mode", "I,UB,UA,D");
  // Says something to the planner only.
  constexpr std::string_view kAlways = ",always";
  if (mode.ends_with(kAlways)) mode.resize(mode.size() - kAlways.size());
  Result<std::vector<RowKind>> kinds = ParseRowKinds(mode);
  if (!kinds.ok()) {
    return kinds.status().WithContext(context + ", option 'sink.changelog-mode'");
  }
  options.kinds = std::move(kinds).value();
  CASTOR_RETURN_NOT_OK(format::CheckHasText(arguments.consumed_type, context));
  if (!path.empty()) {
    auto resolved = file_systems.Resolve(path);
    if (!resolved.ok()) return resolved.status().WithContext(context);
    options.file_system = resolved->first;
    options.path = resolved->second;
  }
  return std::unique_ptr<Sink>(std::make_unique<ValuesSink>(std::move(options)));
}

}  // namespace castor::connector::values
