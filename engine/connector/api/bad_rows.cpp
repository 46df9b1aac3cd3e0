#include "connector/api/bad_rows.h"

#include "format/api/option_reader.h"

namespace castor::connector {

Result<BadRowPolicy> ReadBadRowPolicy(const std::map<std::string, std::string>& table_options) {
  format::OptionReader reader("", table_options);
  const std::string policy = reader.Choice(kBadRowsOption, "fail", {"fail", "skip", "dead-letter"});
  if (policy == "dead-letter" && reader.String(kBadRowsPathOption, "").empty()) {
    reader.Refuse(kBadRowsOption, std::string("dead-letter needs option '") + kBadRowsPathOption +
                                      "', the directory for dead letters");
  }
  if (policy != "dead-letter" && reader.Find(kBadRowsPathOption)) {
    reader.Refuse(kBadRowsPathOption,
                  std::string("only with '") + kBadRowsOption + "' = 'dead-letter'");
  }
  CASTOR_RETURN_NOT_OK(reader.first_error());
  if (policy == "fail") return BadRowPolicy::kFail;
  return policy == "skip" ? BadRowPolicy::kSkip : BadRowPolicy::kDeadLetter;
}

Status BadRowError(const std::string& table, const BadRow& row) {
  constexpr size_t kShownBytes = 200;
  return Status::DataError("table " + table + ": " + row.origin + ": " + row.error +
                           "; the record begins with: " + row.record.substr(0, kShownBytes) +
                           " (option '" + kBadRowsOption +
                           "' = 'skip' or 'dead-letter' goes on past such rows)");
}

}  // namespace castor::connector
