#include "format/csv/csv_decoder.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "format/api/decode_check.h"
#include "format/api/java_number.h"
#include "format/csv/csv_field.h"
#include "format/csv/record_reader.h"

namespace castor::format::csv {
namespace {

using Outcome = RecordReader::Outcome;

// Text searched at once; stays in the second-level cache with its positions.
constexpr size_t kWindowBytes = 64 * 1024;
constexpr size_t kShownBytes = 60;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

class CsvDecoder final : public BlockDecoder {
 public:
  CsvDecoder(const DecodeSpec& spec, const CsvOptions& options)
      : options_(options), column_count_(spec.physical_row.fields().size()), reader_(options_) {
    for (size_t i = 0; i < spec.projection.size(); ++i) {
      const auto index = static_cast<size_t>(spec.projection[i].front());
      const LogicalType& type = spec.produced_row.fields()[i].type;
      columns_.push_back(index);
      fields_.emplace_back(spec.physical_row.fields()[index].name, type, &options_);
      builders_.emplace_back(type);
    }
    for (size_t i = 0; i < fields_.size(); ++i) fields_[i].Bind(&builders_[i]);
  }

  Status Decode(std::string_view block, bool last, int32_t max_rows, Decoded* decoded) override {
    decoded->bad.clear();
    rows_ = 0;
    const int32_t capacity = std::max(max_rows, 1);
    for (ColumnBuilder& builder : builders_) builder.Reserve(capacity);
    size_t at = 0;
    if (first_block_ && !block.empty()) {
      // Jackson passes over a byte order mark at the start of the input.
      if (!last && block.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(block)) {
        return FinishBatch(0, decoded);
      }
      if (block.starts_with(kByteOrderMark)) at = kByteOrderMark.size();
      first_block_ = false;
    }
    size_t window = std::min(kWindowBytes, static_cast<size_t>(capacity) * average_ + 256);
    while (at < block.size() && rows_ < max_rows) {
      const size_t size = std::min(window, block.size() - at);
      const bool whole = at + size == block.size();
      const size_t used =
          DecodeWindow(block, at, block.substr(at, size), last && whole, max_rows, decoded);
      at += used;
      if (used > 0) continue;
      if (whole) break;
      window *= 2;  // a record larger than the window
    }
    return FinishBatch(at, decoded);
  }

  // Only asked where no delimiter can stand inside a record.
  size_t SkipRecord(std::string_view text) const override {
    const size_t end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return 0;
    if (text[end] == '\n') return end + 1;
    if (end + 1 == text.size()) return 0;  // a line feed may follow
    return end + (text[end + 1] == '\n' ? 2 : 1);
  }

 private:
  Status FinishBatch(size_t consumed, Decoded* decoded) {
    decoded->consumed = consumed;
    if (rows_ > 0) average_ = consumed / static_cast<size_t>(rows_) + 1;
    decoded->batch.num_rows = rows_;
    decoded->batch.columns.clear();
    for (ColumnBuilder& builder : builders_) {
      decoded->batch.columns.push_back(builder.Finish(rows_));
    }
    return Status::OK();
  }

  // Decodes records of the window until there are `max_rows` rows; returns how many bytes they
  // took.
  size_t DecodeWindow(std::string_view block, size_t offset, std::string_view window, bool last,
                      int32_t max_rows, Decoded* decoded) {
    // One check for all; only if it fails are records checked alone.
    const bool valid = simdjson::validate_utf8(window.data(), window.size());
    reader_.Start(window, last);
    while (rows_ < max_rows) {
      const Outcome outcome = reader_.Next();
      if (outcome == Outcome::kIncomplete || outcome == Outcome::kEnd) break;
      const std::string_view record = reader_.record();
      std::string error;
      if (outcome == Outcome::kBad) {
        error = reader_.error();
      } else if (!valid && !simdjson::validate_utf8(record.data(), record.size())) {
        error = "not valid UTF-8";
      } else if (ReadRow(&error)) {
        ++rows_;
        continue;
      }
      for (ColumnBuilder& builder : builders_) builder.Forget(rows_, rows_ + 1);
      if (options_.ignore_parse_errors) continue;
      const auto start = offset + static_cast<size_t>(record.data() - window.data());
      decoded->bad.push_back({std::min(start, block.size()), record.size(), std::move(error)});
    }
    return reader_.position();
  }

  bool ReadRow(std::string* error) {
    const size_t count = reader_.value_count();
    if (count != column_count_ && !CheckCount(count, error)) return false;
    for (size_t i = 0; i < fields_.size(); ++i) {
      CsvField& field = fields_[i];
      if (columns_[i] >= count) {
        field.builder().SetNull(rows_);
        continue;
      }
      const std::string_view value = reader_.value(columns_[i]);
      if (field.Read(value, rows_)) continue;
      if (options_.ignore_parse_errors) {
        field.builder().Forget(rows_, rows_ + 1);
        field.builder().SetNull(rows_);
        continue;
      }
      *error = "field '" + field.name() + "': '" + std::string(value.substr(0, kShownBytes)) +
               "' is not of type " + field.type().ToString();
      return false;
    }
    return true;
  }

  bool CheckCount(size_t count, std::string* error) const {
    if (count > column_count_) {
      if (options_.ignore_trailing_unmappable) return true;
      if (options_.allow_trailing_comma && count == column_count_ + 1 &&
          TrimJava(reader_.value(column_count_)).empty()) {
        return true;
      }
    } else if (!options_.fail_on_missing_columns &&
               // Flink compares with the columns that are read, not with those that exist.
               (options_.ignore_parse_errors || count >= fields_.size())) {
      return true;
    }
    *error = std::to_string(count) + " values, but the table has " + std::to_string(column_count_) +
             " columns in the file";
    return false;
  }

  const CsvOptions options_;
  const size_t column_count_;
  RecordReader reader_;
  std::vector<size_t> columns_;  // per field: its place in the record
  std::vector<CsvField> fields_;
  std::vector<ColumnBuilder> builders_;
  int32_t rows_ = 0;
  size_t average_ = 128;  // bytes per row lately
  bool first_block_ = true;
};

Status CheckField(const LogicalType& type, const std::string& name, bool nested) {
  if (type.kind() == TypeKind::kTime && type.precision() > 3) {
    return Status::Unsupported("column '" + name + "': format 'csv' supports TIME up to TIME(3)");
  }
  const bool map = type.kind() == TypeKind::kMap || type.kind() == TypeKind::kMultiset;
  if (map || (nested && !type.ChildTypes().empty())) {
    return Status::Unsupported("column '" + name + "': format 'csv' does not support type " +
                               type.ToString() + (nested ? " inside another" : ""));
  }
  for (const LogicalType::Field& field : type.fields()) {
    CASTOR_RETURN_NOT_OK(CheckField(field.type, name + "." + field.name, true));
  }
  for (const LogicalType& element : type.children()) {
    CASTOR_RETURN_NOT_OK(CheckField(element, name, true));
  }
  return Status::OK();
}

}  // namespace

Status CheckCsvType(const LogicalType& row) {
  CASTOR_RETURN_NOT_OK(CheckRowType(row, "csv", {.rows = true, .lists = true}));
  for (const LogicalType::Field& field : row.fields()) {
    CASTOR_RETURN_NOT_OK(CheckField(field.type, field.name, false));
  }
  return Status::OK();
}

Result<std::unique_ptr<BlockDecoder>> MakeCsvDecoder(const DecodeSpec& spec,
                                                     const CsvOptions& options) {
  CASTOR_RETURN_NOT_OK(CheckDecodeSpec(spec, "csv", {.rows = true, .lists = true}));
  CASTOR_RETURN_NOT_OK(CheckCsvType(spec.physical_row));
  return std::unique_ptr<BlockDecoder>(std::make_unique<CsvDecoder>(spec, options));
}

}  // namespace castor::format::csv
