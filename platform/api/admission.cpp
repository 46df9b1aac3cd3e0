// The one place that decides who may have an operation, before any handler sees the request.
#include <cstdio>
#include <optional>

#include "platform/access/secret.h"
#include "platform/api/api.h"
#include "platform/api/caller.h"
#include "platform/api/reply.h"

namespace castor::platform {
namespace {

constexpr int kUnauthorized = 401, kForbidden = 403;

std::string RetryMessage(int64_t seconds) {
  return "too many requests; ask again in " + std::to_string(seconds) + " s";
}

}  // namespace

Api::Reply Api::TooMany(int64_t seconds) {
  Reply reply = Reply::Refused(429, RetryMessage(seconds));
  reply.headers.emplace_back("Retry-After", std::to_string(seconds));
  return reply;
}

// Who it is; or the answer, if what is carried is wrong.
std::optional<Api::Reply> Api::Identify(const HttpRequest& request, const Wanted& wanted,
                                        Caller* caller) const {
  const Credentials credentials = ReadCredentials(request);
  if (!credentials.token.empty()) {
    const auto found = parts_.access->FindToken(credentials.token, IsNear(request));
    if (!found) {
      return Reply::Refused(kUnauthorized,
                            "this token is not known: it has been revoked, or is of another "
                            "server; make another one in the console");
    }
    caller->principal = *found;
    return std::nullopt;
  }
  if (credentials.session.empty()) return std::nullopt;
  const auto found = parts_.access->FindLogin(credentials.session);
  // A session that is over is as good as none: the page asks for the password.
  if (!found) return std::nullopt;
  caller->principal = *found;
  caller->session = credentials.session;
  if (request.method == "GET" || wanted.demand.role == Role::kNobody) return std::nullopt;
  if (IsSame(credentials.csrf, CsrfTokenOf(credentials.session))) return std::nullopt;
  return Reply::Refused(kForbidden,
                        "a change by cookie needs the header X-CSRF-Token, which GET "
                        "/access/v1/account tells; programs rather carry a token");
}

// nullopt: the caller may have it.
std::optional<Api::Reply> Api::Admit(const HttpRequest& request, const Wanted& wanted,
                                     Caller* caller) const {
  caller->address = request.remote_address;
  caller->cookie = CookieName(request);
  caller->is_secure = IsSecure(request);
  auto wrong = Identify(request, wanted, caller);
  const bool is_known = caller->principal.is_known;
  RateLimit& limit = is_known ? limits_->known : limits_->unknown;
  const std::string& key = is_known ? caller->principal.credential : caller->address;
  if (const int64_t seconds = limit.Take(key, NowMs()); seconds != 0) return TooMany(seconds);
  if (wanted.changes) {
    caller->note = std::make_shared<ChangeNote>();
    AuditRecord& record = caller->note->record;
    record.actor = caller->principal.name;
    record.address = caller->address;
    record.operation = wanted.operation;
    record.namespace_name = wanted.demand.in;
  }
  if (wrong) return wrong;
  if (wanted.open_nearby && IsNear(request)) return std::nullopt;
  const auto refusal = WhyRefused(wanted.demand, caller->principal, *parts_.access->directory());
  if (!refusal) return std::nullopt;
  return Reply::Refused(refusal->status, refusal->message);
}

// What was asked for and refused is written down as well, and what changes no record.
void Api::NoteChange(const HttpRequest& request, const Caller& caller, const Reply& reply) const {
  AuditRecord record = caller.note->record;
  // Whoever is not known shall not fill the database.
  if (record.actor.empty() && limits_->refusals.Take("", NowMs()) != 0) return;
  constexpr size_t kLongest = 1000;
  record.resource_version = 0;
  if (record.resource.empty()) record.resource = request.path.substr(0, kLongest);
  record.status = reply.status;
  record.message = reply.refusal.substr(0, kLongest);
  auto session = parts_.store->Begin();
  Status noted = session.status();
  if (noted.ok()) noted = session->AddAudit(std::move(record));
  if (noted.ok()) noted = session->Commit();
  if (!noted.ok()) std::fprintf(stderr, "%s\n", noted.ToString().c_str());
}

}  // namespace castor::platform
