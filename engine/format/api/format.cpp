#include "format/api/format.h"

#include <utility>

namespace castor::format {
namespace {

FormatOptions OptionsOf(const std::string& name,
                        const std::map<std::string, std::string>& table_options,
                        const std::string& session_time_zone) {
  FormatOptions options;
  options.session_time_zone = session_time_zone;
  const std::string prefix = name + ".";
  for (auto it = table_options.lower_bound(prefix);
       it != table_options.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
    options.values.emplace(it->first.substr(prefix.size()), it->second);
  }
  return options;
}

}  // namespace

DecodeSpec DecodeSpec::All(const LogicalType& row) {
  DecodeSpec spec{row, {}, row};
  for (size_t i = 0; i < row.fields().size(); ++i) {
    spec.projection.push_back({static_cast<int32_t>(i)});
  }
  return spec;
}

Result<std::unique_ptr<BlockDecoder>> DecodingFormat::MakeDecoder(const DecodeSpec&) const {
  return Status::Internal("this format reads whole files");
}

Result<std::unique_ptr<BulkReader>> DecodingFormat::OpenFile(const DecodeSpec&, io::FileSystem&,
                                                             const BulkFile&) const {
  return Status::Internal("this format reads records, not files");
}

Result<std::unique_ptr<RecordEncoder>> EncodingFormat::MakeEncoder(const LogicalType&) const {
  return Status::Internal("this format writes whole files");
}

Result<std::unique_ptr<BulkWriter>> EncodingFormat::MakeWriter(const LogicalType&,
                                                               io::WritableFile*) const {
  return Status::Internal("this format writes records, not files");
}

void FormatRegistry::Register(std::string name, FormatFactory factory) {
  factories_[std::move(name)] = std::move(factory);
}

Result<const FormatFactory*> FormatRegistry::Find(const std::string& name) const {
  auto found = factories_.find(name);
  if (found != factories_.end()) return &found->second;
  std::string known;
  for (const auto& [other, unused] : factories_) known += (known.empty() ? "" : ", ") + other;
  return Status::Unsupported("there is no format '" + name + "'; formats are: " + known);
}

Result<std::unique_ptr<DecodingFormat>> FormatRegistry::MakeDecoding(
    const std::string& name, const std::map<std::string, std::string>& table_options,
    const std::string& session_time_zone) const {
  CASTOR_ASSIGN_OR_RETURN(const FormatFactory* factory, Find(name));
  if (!factory->make_decoding) return Status::Unsupported("format '" + name + "' cannot be read");
  return factory->make_decoding(OptionsOf(name, table_options, session_time_zone));
}

Result<std::unique_ptr<EncodingFormat>> FormatRegistry::MakeEncoding(
    const std::string& name, const std::map<std::string, std::string>& table_options,
    const std::string& session_time_zone) const {
  CASTOR_ASSIGN_OR_RETURN(const FormatFactory* factory, Find(name));
  if (!factory->make_encoding) {
    return Status::Unsupported("format '" + name + "' cannot be written");
  }
  return factory->make_encoding(OptionsOf(name, table_options, session_time_zone));
}

}  // namespace castor::format
