#include "connector/collect/row_shower.h"

#include <utility>

#include "column/gather.h"
#include "format/api/json_text.h"
#include "format/api/print_text.h"
#include "format/api/row_text.h"

namespace castor::connector::collect {
namespace {

Batch Flat(const Batch& batch) {
  Batch flat(batch.num_rows, {});
  flat.row_kinds = batch.row_kinds;
  for (const ColumnPtr& column : batch.columns) flat.columns.push_back(Flatten(column));
  return flat;
}

class ChangelogShower final : public RowShower {
 public:
  Status Show(const Batch& batch, std::string* out) override {
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      format::AppendRowText(batch, row, out);
      *out += '\n';
    }
    return Status::OK();
  }
};

// A line from `encoder` with the row kind around or before it.
class EncodedShower final : public RowShower {
 public:
  EncodedShower(std::unique_ptr<format::RecordEncoder> encoder, std::string header, bool json,
                bool with_kind)
      : encoder_(std::move(encoder)),
        header_(std::move(header)),
        json_(json),
        with_kind_(with_kind) {}

  void Begin(std::string* out) override { *out += header_; }

  Status Show(const Batch& batch, std::string* out) override {
    const Batch flat = Flat(batch);
    for (int32_t row = 0; row < flat.num_rows; ++row) {
      const std::string_view kind = format::RowKindText(flat.kind(row));
      if (json_) {
        *out += "{\"op\":\"";
        *out += kind;
        *out += "\",\"row\":";
      } else if (with_kind_) {
        *out += kind;
        *out += ',';
      }
      CASTOR_RETURN_NOT_OK(encoder_->Encode(flat, &row, 1, out));
      if (json_) out->insert(out->size() - 1, 1, '}');
    }
    return Status::OK();
  }

 private:
  const std::unique_ptr<format::RecordEncoder> encoder_;
  const std::string header_;
  const bool json_;
  const bool with_kind_;
};

std::string CsvHeader(const ShowerOptions& options) {
  std::string header = options.insert_only ? "" : "op";
  for (const LogicalType::Field& column : options.columns) {
    if (!header.empty()) header += ',';
    const bool plain = column.name.find_first_of(",\"\r\n") == std::string::npos;
    if (plain) {
      header += column.name;
      continue;
    }
    header += '"';
    for (char c : column.name) {
      if (c == '"') header += '"';
      header += c;
    }
    header += '"';
  }
  return header + "\n";
}

}  // namespace

Result<std::unique_ptr<RowShower>> MakeRowShower(const std::string& form,
                                                 const ShowerOptions& options,
                                                 const format::FormatRegistry& formats) {
  if (form == "changelog") return std::unique_ptr<RowShower>(std::make_unique<ChangelogShower>());
  if (form == "table") return MakeTableShower(options);
  if (form != "json" && form != "csv") {
    return Status::InvalidArgument("rows can be shown as table, changelog, json or csv, not as '" +
                                   form + "'");
  }
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<format::EncodingFormat> format,
                          formats.MakeEncoding(form, {}, options.session_time_zone));
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<format::RecordEncoder> encoder,
                          format->MakeEncoder(LogicalType::Row(options.columns)));
  const bool json = form == "json";
  return std::unique_ptr<RowShower>(std::make_unique<EncodedShower>(
      std::move(encoder), json ? "" : CsvHeader(options), json, !options.insert_only));
}

}  // namespace castor::connector::collect
