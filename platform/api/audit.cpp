// The log of changes: as a list in pages, and as a file.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/access_resources.h"
#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kExportPage = 1000;

// An export under way: a page of the log at a time, so that neither memory nor the database is held
// by it. Used by one thread at a time.
class Export {
 public:
  Export(Store* store, bool as_csv) : store_(store), as_csv_(as_csv) {}

  std::optional<std::string> NextPiece() {
    auto session = store_->Begin();
    if (!session.ok()) return std::nullopt;
    const auto records = session->Select<AuditRecord>(
        fmt::format("WHERE sequence > ? ORDER BY sequence LIMIT {}", kExportPage), {after_});
    if (!records.ok()) return std::nullopt;
    std::string piece = as_csv_ && is_first_ ? AuditCsvHead() : "";
    is_first_ = false;
    for (const AuditRecord& record : *records) {
      piece += as_csv_
                   ? AuditCsv(record)
                   : AuditJson(record).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
      after_ = record.sequence;
    }
    return piece.empty() ? std::nullopt : std::optional(std::move(piece));
  }

 private:
  Store* const store_;
  const bool as_csv_;
  int64_t after_ = 0;
  bool is_first_ = true;
};

}  // namespace

Result<Api::Reply> Api::ListAudit(const Call& call) const {
  const PageRequest page = ReadPage(call);
  PageQuery query = QueryOf(
      call, {{"namespace", "namespace"}, {"actor", "actor"}, {"operation", "operation"}}, page);
  query.clause += fmt::format(" LIMIT {}", page.size + 1);
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const auto records,
                          session.Select<AuditRecord>(query.clause, query.values));
  Json items = Json::array();
  int64_t last = 0;
  for (const AuditRecord& record : records) {
    if (static_cast<int64_t>(items.size()) == page.size) {
      return Reply(200, PageJson("AuditList", std::move(items), last));
    }
    items.push_back(AuditJson(record));
    last = record.sequence;
  }
  return Reply(200, PageJson("AuditList", std::move(items), 0));
}

Result<Api::Reply> Api::ExportAudit(const Call& call) const {
  const auto format = call.parameters.find("format");
  const bool as_csv = format != call.parameters.end() && format->second == "csv";
  const auto made = std::make_shared<Export>(parts_.store, as_csv);
  Reply reply = Reply::Stream([made] { return made->NextPiece(); });
  reply.content_type = as_csv ? "text/csv" : "application/jsonl";
  reply.headers.emplace_back(
      "Content-Disposition",
      std::string("attachment; filename=\"castor_audit.") + (as_csv ? "csv\"" : "jsonl\""));
  return reply;
}

}  // namespace castor::platform
