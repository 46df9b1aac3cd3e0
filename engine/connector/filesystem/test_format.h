// For this folder's tests: a format whose records are lines of row text, as the real formats are
// not to be used here.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "format/api/format.h"
#include "format/api/row_text.h"

namespace castor::connector::filesystem {

class TestDecoder final : public format::BlockDecoder {
 public:
  explicit TestDecoder(format::DecodeSpec spec) : spec_(std::move(spec)) {}

  Status Decode(std::string_view block, bool last, int32_t max_rows,
                format::Decoded* decoded) override {
    decoded->bad.clear();
    decoded->consumed = 0;
    std::vector<format::ColumnBuilder> builders;
    for (const auto& field : spec_.physical_row.fields()) {
      builders.emplace_back(field.type);
      builders.back().Reserve(max_rows);
    }
    int32_t rows = 0;
    while (decoded->consumed < block.size() && rows < max_rows) {
      const std::string_view rest = block.substr(decoded->consumed);
      size_t size = SkipRecord(rest);
      if (size == 0 && !last) break;
      if (size == 0) size = rest.size();
      format::RowTextReader reader(rest.substr(0, size), spec_.physical_row.fields());
      if (reader.SkipToNext()) {
        RowKind kind;
        const Status status = reader.ReadRow(&builders, rows, &kind);
        if (status.ok()) {
          ++rows;
        } else {
          for (auto& builder : builders) builder.Forget(rows, rows + 1);
          const size_t end = rest[size - 1] == '\n' ? size - 1 : size;
          decoded->bad.push_back({decoded->consumed, end, status.message()});
        }
      }
      decoded->consumed += size;
    }
    std::vector<ColumnPtr> columns;
    for (auto& builder : builders) columns.push_back(builder.Finish(rows));
    decoded->batch = Batch(rows, {});
    for (const auto& path : spec_.projection) {
      decoded->batch.columns.push_back(columns[static_cast<size_t>(path.front())]);
    }
    return Status::OK();
  }

  size_t SkipRecord(std::string_view text) const override { return text.find('\n') + 1; }

 private:
  const format::DecodeSpec spec_;
};

class TestEncoder final : public format::RecordEncoder {
 public:
  Status Encode(const Batch& batch, const int32_t* rows, int32_t count, std::string* out) override {
    for (int32_t i = 0; i < count; ++i) {
      format::AppendRowText(batch, rows == nullptr ? i : rows[i], out);
      *out += '\n';
    }
    return Status::OK();
  }
};

class TestDecoding final : public format::DecodingFormat {
 public:
  bool splittable() const override { return true; }
  Result<std::unique_ptr<format::BlockDecoder>> MakeDecoder(
      const format::DecodeSpec& spec) const override {
    return std::unique_ptr<format::BlockDecoder>(std::make_unique<TestDecoder>(spec));
  }
};

class TestEncoding final : public format::EncodingFormat {
 public:
  explicit TestEncoding(bool rolls_on_checkpoint) : rolls_on_checkpoint_(rolls_on_checkpoint) {}
  bool rolls_on_checkpoint() const override { return rolls_on_checkpoint_; }
  Result<std::unique_ptr<format::RecordEncoder>> MakeEncoder(const LogicalType&) const override {
    return std::unique_ptr<format::RecordEncoder>(std::make_unique<TestEncoder>());
  }

 private:
  const bool rolls_on_checkpoint_;
};

inline void RegisterTestFormat(format::FormatRegistry* registry, const std::string& name,
                               bool rolls_on_checkpoint) {
  registry->Register(
      name, {[](const format::FormatOptions&) -> Result<std::unique_ptr<format::DecodingFormat>> {
               return std::unique_ptr<format::DecodingFormat>(std::make_unique<TestDecoding>());
             },
             [rolls_on_checkpoint](
                 const format::FormatOptions&) -> Result<std::unique_ptr<format::EncodingFormat>> {
               return std::unique_ptr<format::EncodingFormat>(
                   std::make_unique<TestEncoding>(rolls_on_checkpoint));
             }});
}

// `test`, whose files stay open over checkpoints, and `test-bulk`, whose files do not.
inline void RegisterTestFormats(format::FormatRegistry* registry) {
  RegisterTestFormat(registry, "test", false);
  RegisterTestFormat(registry, "test-bulk", true);
}

}  // namespace castor::connector::filesystem
