#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "connector/values/values_connector.h"
#include "connector/values/values_script.h"
#include "format/api/java_number.h"
#include "format/api/option_reader.h"
#include "format/api/print_text.h"

namespace castor::connector::values {
namespace {

struct ValuesSourceOptions {
  ValuesScript script;
  bool bounded = true;
  std::vector<std::vector<int32_t>> projection;  // paths into the physical row
  LogicalType produced_row;
  int64_t limit = -1;
};

// A nested field as a column of its own: NULL wherever a row around it is.
ColumnPtr FieldAt(const ColumnPtr& column, const std::vector<int32_t>& path, size_t depth) {
  if (depth == path.size()) return column;
  const ColumnPtr row = Flatten(column);
  ColumnPtr child = row->children()[static_cast<size_t>(path[depth])];
  if (row->MayHaveNulls()) {
    BufferPtr indices = Buffer::Allocate(static_cast<size_t>(row->size()) * sizeof(int32_t));
    for (int32_t i = 0; i < row->size(); ++i) indices->as<int32_t>()[i] = row->IsNull(i) ? -1 : i;
    child = Flatten(Column::MakeDictionary(child, std::move(indices), row->size()));
  }
  return FieldAt(child, path, depth + 1);
}

class ValuesReader final : public SourceReader {
 public:
  explicit ValuesReader(std::shared_ptr<const ValuesSourceOptions> options)
      : options_(std::move(options)) {}

  Status Open(const ReaderContext& context) override {
    batch_rows_ = context.batch_rows;
    clock_ = context.clock;
    return Status::OK();
  }

  Status AddSplits(std::vector<Split> splits) override {
    for (Split& split : splits) {
      if (!format::ParseJavaInteger(split.state, 0, INT64_MAX, &next_)) {
        return Status::Corruption("cannot read the position of a values source: " + split.state);
      }
      has_split_ = true;
    }
    return Status::OK();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    if (!has_split_) {
      result.state = options_->bounded ? PollState::kFinished : PollState::kPending;
      return result;
    }
    const auto& items = options_->script.items;
    if (resume_at_ms_ != 0) {
      if (clock_->NowMs() < resume_at_ms_) {
        result.retry_at_ms = resume_at_ms_;
        return result;
      }
      resume_at_ms_ = 0;
      ++next_;
    }
    if (static_cast<size_t>(next_) < items.size() &&
        items[static_cast<size_t>(next_)].kind == ValuesItem::Kind::kPause) {
      resume_at_ms_ = clock_->NowMs() + items[static_cast<size_t>(next_)].value;
      result.retry_at_ms = resume_at_ms_;
      return result;
    }
    const bool at_end = static_cast<size_t>(next_) >= items.size();
    if (at_end && !options_->bounded) return result;
    result.state = PollState::kBatch;
    result.split_id = "values";
    FillBatch(&result.batch);
    if (options_->bounded && static_cast<size_t>(next_) >= items.size()) {
      result.split_finished = true;
      has_split_ = false;
    }
    return result;
  }

  Result<std::vector<Split>> SnapshotSplits() override {
    std::vector<Split> splits;
    if (has_split_) splits.push_back({"values", std::to_string(next_)});
    return splits;
  }

 private:
  // Rows and watermarks from `next_` on, up to a pause.
  void FillBatch(Batch* batch) {
    const auto& items = options_->script.items;
    int32_t first = -1;
    int32_t count = 0;
    for (; static_cast<size_t>(next_) < items.size() && count < batch_rows_; ++next_) {
      const ValuesItem& item = items[static_cast<size_t>(next_)];
      if (item.kind == ValuesItem::Kind::kPause) break;
      if (item.kind == ValuesItem::Kind::kWatermark) {
        batch->marks.push_back({count, item.value});
        continue;
      }
      if (options_->limit >= 0 && item.value >= options_->limit) continue;
      if (first < 0) first = static_cast<int32_t>(item.value);
      ++count;
    }
    batch->num_rows = count;
    if (count == 0) return;
    Batch rows = options_->script.rows.Slice(first, count);
    batch->row_kinds = std::move(rows.row_kinds);
    for (const std::vector<int32_t>& path : options_->projection) {
      batch->columns.push_back(FieldAt(rows.columns[static_cast<size_t>(path.front())], path, 1));
    }
  }

  const std::shared_ptr<const ValuesSourceOptions> options_;
  int32_t batch_rows_ = 1024;
  const Clock* clock_ = nullptr;
  bool has_split_ = false;
  int64_t next_ = 0;          // item
  int64_t resume_at_ms_ = 0;  // end of the pause that item `next_` is; 0: none
};

// One split, handed out once.
class ValuesEnumerator final : public SplitEnumerator {
 public:
  ValuesEnumerator(bool bounded, bool discovered) : bounded_(bounded), discovered_(discovered) {}

  Result<Discovery> Discover() override {
    Discovery discovery;
    discovery.finished = bounded_;
    if (!discovered_) discovery.splits.push_back({"values", "0"});
    discovered_ = true;
    return discovery;
  }
  std::string Snapshot() const override { return discovered_ ? "discovered" : "new"; }

 private:
  const bool bounded_;
  bool discovered_;
};

class ValuesSource final : public Source {
 public:
  explicit ValuesSource(ValuesSourceOptions options)
      : options_(std::make_shared<const ValuesSourceOptions>(std::move(options))) {}

  bool bounded() const override { return options_->bounded; }
  Result<std::unique_ptr<SplitEnumerator>> MakeEnumerator(int32_t,
                                                          std::string_view restored) override {
    return std::unique_ptr<SplitEnumerator>(
        std::make_unique<ValuesEnumerator>(options_->bounded, restored == "discovered"));
  }
  Result<std::unique_ptr<SourceReader>> MakeReader() override {
    return std::unique_ptr<SourceReader>(std::make_unique<ValuesReader>(options_));
  }

 private:
  const std::shared_ptr<const ValuesSourceOptions> options_;
};

Result<std::string> RowsText(const plan::Table& table, const io::FileSystemRegistry& file_systems) {
  auto inline_rows = table.options.find("rows");
  auto path = table.options.find("rows.path");
  if (path == table.options.end()) {
    return inline_rows == table.options.end() ? std::string() : inline_rows->second;
  }
  if (inline_rows != table.options.end()) {
    return Status::InvalidArgument("options 'rows' and 'rows.path' cannot both be given");
  }
  CASTOR_ASSIGN_OR_RETURN(auto resolved, file_systems.Resolve(path->second));
  Result<std::string> text = io::ReadWholeFile(*resolved.first, resolved.second);
  if (!text.ok()) return text.status().WithContext("option 'rows.path'");
  return text;
}

// The type of the table's only timestamp attribute, if the source itself makes watermarks.
LogicalType WatermarkType(const SourceArguments& arguments) {
  if (!arguments.abilities.source_watermark) return LogicalType();
  for (const LogicalType::Field& field : arguments.abilities.produced_type.fields()) {
    if (field.type.time_attribute() == TimeAttribute::kRowtime) return field.type;
  }
  for (const plan::TableColumn& column : arguments.table.columns) {
    if (column.type.time_attribute() == TimeAttribute::kRowtime) return column.type;
  }
  for (const plan::TableColumn& column : arguments.table.columns) {
    if (column.type.IsTimestamp()) return column.type;
  }
  return LogicalType();
}

// The physical columns, and the metadata columns behind them.
Result<LogicalType> WrittenRow(const plan::Table& table, const std::string& metadata) {
  std::vector<LogicalType::Field> fields = table.PhysicalRow().fields();
  if (!metadata.empty()) {
    Result<LogicalType> more = LogicalType::Parse("ROW<" + metadata + ">");
    if (!more.ok()) return more.status().WithContext("option 'readable-metadata'");
    fields.insert(fields.end(), more->fields().begin(), more->fields().end());
  }
  return LogicalType::Row(std::move(fields), /*nullable=*/false);
}

Result<int32_t> FieldNumber(const LogicalType& row, const std::string& name) {
  for (size_t i = row.fields().size(); i > 0; --i) {
    if (row.fields()[i - 1].name == name) return static_cast<int32_t>(i - 1);
  }
  return Status::InvalidArgument("there is no column '" + name + "'");
}

// The fields to give out: physical ones as projected, then metadata.
Result<std::vector<std::vector<int32_t>>> Projection(const plan::ScanAbilities& abilities,
                                                     const LogicalType& written, size_t physical) {
  std::vector<std::vector<int32_t>> projection;
  if (abilities.projected) projection = abilities.projected_fields;
  for (size_t i = 0; i < physical && !abilities.projected; ++i) {
    projection.push_back({static_cast<int32_t>(i)});
  }
  for (const std::string& key : abilities.metadata_keys) {
    CASTOR_ASSIGN_OR_RETURN(const int32_t field, FieldNumber(written, key));
    projection.push_back({field});
  }
  return projection;
}

// Whether a row is in a partition, whose values are texts.
Result<bool> IsIn(const std::map<std::string, std::string>& partition, const Batch& rows,
                  const LogicalType& written, int32_t row) {
  for (const auto& [column, value] : partition) {
    CASTOR_ASSIGN_OR_RETURN(const int32_t field, FieldNumber(written, column));
    const Batch one(rows.num_rows, {rows.columns[static_cast<size_t>(field)]});
    std::string text;
    format::AppendPrintedRow(one, row, &text);
    if (text != "+I[" + value + "]") return false;
  }
  return true;
}

Status KeepPartitions(const plan::ScanAbilities& abilities, const LogicalType& written,
                      ValuesScript* script) {
  if (!abilities.has_partitions) return Status::OK();
  std::vector<int32_t> kept;
  for (int32_t row = 0; row < script->rows.num_rows; ++row) {
    for (const auto& partition : abilities.partitions) {
      CASTOR_ASSIGN_OR_RETURN(const bool in, IsIn(partition, script->rows, written, row));
      if (in) kept.push_back(row);
      if (in) break;
    }
  }
  script->Keep(kept);
  return Status::OK();
}

Result<ValuesSourceOptions> ParseOptions(const SourceArguments& arguments,
                                         const io::FileSystemRegistry& file_systems) {
  const plan::ScanAbilities& abilities = arguments.abilities;
  ValuesSourceOptions options;
  format::OptionReader reader("", arguments.table.options);
  options.bounded = reader.Bool("bounded", true);
  const std::string mode = reader.String("changelog-mode", "I");
  const std::string metadata = reader.String("readable-metadata", "");
  CASTOR_RETURN_NOT_OK(reader.first_error());
  CASTOR_ASSIGN_OR_RETURN(const LogicalType written, WrittenRow(arguments.table, metadata));
  CASTOR_ASSIGN_OR_RETURN(std::vector<RowKind> kinds, ParseRowKinds(mode));
  CASTOR_ASSIGN_OR_RETURN(std::string text, RowsText(arguments.table, file_systems));
  Result<ValuesScript> script = ValuesScript::Parse(text, written, WatermarkType(arguments), kinds);
  if (!script.ok()) return script.status().WithContext("option 'rows'");
  options.script = std::move(script).value();
  options.limit = abilities.limit;
  options.produced_row = abilities.produced_type;
  CASTOR_RETURN_NOT_OK(KeepPartitions(abilities, written, &options.script));
  CASTOR_ASSIGN_OR_RETURN(
      options.projection,
      Projection(abilities, written, arguments.table.PhysicalRow().fields().size()));
  return options;
}

}  // namespace

Result<std::unique_ptr<Source>> MakeValuesSource(const SourceArguments& arguments,
                                                 const io::FileSystemRegistry& file_systems) {
  Result<ValuesSourceOptions> options = ParseOptions(arguments, file_systems);
  if (!options.ok()) return options.status().WithContext("table " + arguments.table.identifier);
  return std::unique_ptr<Source>(std::make_unique<ValuesSource>(std::move(options).value()));
}

void RegisterValues(ConnectorRegistry* registry, const io::FileSystemRegistry* file_systems) {
  ConnectorFactory factory;
  factory.make_source = [=](const SourceArguments& arguments) {
    return MakeValuesSource(arguments, *file_systems);
  };
  factory.make_sink = [=](const SinkArguments& arguments) {
    return MakeValuesSink(arguments, *file_systems);
  };
  registry->Register("values", std::move(factory));
}

}  // namespace castor::connector::values
