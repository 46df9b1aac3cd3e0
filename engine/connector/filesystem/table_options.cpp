#include "connector/filesystem/table_options.h"

#include "format/api/option_reader.h"

namespace castor::connector::filesystem {

Result<TableLocation> TableLocation::Parse(const plan::Table& table,
                                           const io::FileSystemRegistry& file_systems) {
  format::OptionReader reader("", table.options);
  TableLocation location;
  const std::string uri = reader.String("path", "");
  if (uri.empty()) reader.Refuse("path", "the directory of the table is missing");
  location.format = reader.String("format", "");
  if (location.format.empty()) reader.Refuse("format", "the format of the files is missing");
  location.default_partition = reader.String("partition.default-name", "__DEFAULT_PARTITION__");
  CASTOR_RETURN_NOT_OK(reader.first_error());
  CASTOR_ASSIGN_OR_RETURN(auto resolved, file_systems.Resolve(uri));
  location.file_system = resolved.first;
  location.path = std::move(resolved.second);
  while (location.path.size() > 1 && location.path.back() == '/') location.path.pop_back();
  return location;
}

}  // namespace castor::connector::filesystem
