// Events as they happen, by server-sent events.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"
#include "platform/server/http_server.h"

namespace castor::platform {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);
constexpr int64_t kKeepAliveMs = 10'000;  // proxies close what is silent

// One client's look at the events of a namespace, or of a deployment. Used by one thread at a time.
class Watch {
 public:
  Watch(Store* store, Call call, int64_t after, std::shared_ptr<std::atomic<size_t>> watchers)
      : store_(store), call_(std::move(call)), after_(after), watchers_(std::move(watchers)) {}
  ~Watch() { --*watchers_; }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // What has come since; nothing if the events cannot be read, or not by this client any more.
  std::optional<std::string> NextPiece() {
    std::string piece;
    if (seen_ == store_->bell().rings()) {
      store_->bell().Wait(*seen_, kPatience);
    } else if (!Look(&piece).ok()) {
      return std::nullopt;
    }
    if (piece.empty() && NowMs() - sent_at_ > kKeepAliveMs) piece = ": nothing new\n\n";
    if (!piece.empty()) sent_at_ = NowMs();
    return piece;
  }

 private:
  Status Look(std::string* piece) {
    const uint64_t rings = store_->bell().rings();
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
    const PageRequest page = {.after = after_};
    PageQuery query =
        QueryOf(call_, {{"namespace", "namespace"}, {"deploymentId", "deployment"}}, page);
    query.clause += fmt::format(" LIMIT {}", page.size);
    CASTOR_ASSIGN_OR_RETURN(const auto events,
                            session.Select<EventRecord>(query.clause, query.values));
    for (const EventRecord& event : events) {
      using Json = nlohmann::ordered_json;
      *piece += fmt::format("id: {}\ndata: {}\n\n", event.sequence,
                            ToJson(event).dump(-1, ' ', false, Json::error_handler_t::replace));
      after_ = event.sequence;
    }
    const bool is_all = static_cast<int64_t>(events.size()) < page.size;
    if (is_all) seen_ = rings;
    return Status::OK();
  }

  Store* const store_;
  const Call call_;
  int64_t after_;
  const std::shared_ptr<std::atomic<size_t>> watchers_;
  std::optional<uint64_t> seen_;  // the bell when everything had been read
  int64_t sent_at_ = 0;
};

Result<int64_t> LastEvent(Session* session) {
  CASTOR_ASSIGN_OR_RETURN(const auto last,
                          session->Find<EventRecord>("ORDER BY sequence DESC", {}));
  return last ? last->sequence : 0;
}

}  // namespace

Result<Api::Reply> Api::WatchEvents(const Call& call) const {
  int64_t after = 0;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
    CASTOR_ASSIGN_OR_RETURN(after, LastEvent(&session));
  }
  // A browser that connects again says the header, whatever the address says.
  for (const char* name : {"after", "Last-Event-ID"}) {
    const auto given = call.parameters.find(name);
    if (given != call.parameters.end()) after = std::stoll(given->second);
  }
  if (++*watchers_ > HttpServer::kMaxStreams) {
    --*watchers_;
    return Reply::Refused(503, fmt::format("{} clients watch already; close one or try later",
                                           HttpServer::kMaxStreams));
  }
  const auto watch = std::make_shared<Watch>(parts_.store, call, after, watchers_);
  const std::string in = call.parameters.at("namespace");
  return Reply::Stream([watch, access = parts_.access, who = call.caller->principal,
                        in]() -> std::optional<std::string> {
    if (!access->MaySee(who, in)) return std::nullopt;
    return watch->NextPiece();
  });
}

}  // namespace castor::platform
