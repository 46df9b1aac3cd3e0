// The API's contract, spec/openapi.yaml: which requests there are, and what they have to look like.
// Immutable once loaded, and so thread-safe.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "platform/access/admission.h"
#include "platform/server/http.h"

namespace castor::platform {

struct Caller;

// A request that is as the contract says.
struct Call {
  std::string operation;                          // its operationId
  std::map<std::string, std::string> parameters;  // of path, query and headers
  std::shared_ptr<nlohmann::json> body;           // null without one
  BodyReader read_body;                           // of one that is no JSON
  std::shared_ptr<Caller> caller;                 // who asks; null until that is known
};

// What is known of a request before it is read.
struct Wanted {
  std::string operation;
  Demand demand;
  bool changes = false;      // something, so that it is written down
  bool open_nearby = false;  // without a login, if asked from this machine
};

class Contract {
 public:
  // kInvalidArgument, kUnsupported: the text is no contract that this class can hold requests to.
  static Result<std::unique_ptr<Contract>> Load(std::string_view yaml);
  ~Contract();

  // nullopt: there is no such operation.
  std::optional<Wanted> Find(const HttpRequest& request) const;

  // A call; or the answer that refuses the request, with its status code.
  struct Match {
    Call call;
    int refused = 0;  // 0: it is a call
    std::string message;
  };
  Match Read(const HttpRequest& request) const;

  // Of a value of components/schemas, as Validate and FillDefaults of schema.h.
  Status Check(const std::string& schema, const nlohmann::json& value) const;
  void Fill(const std::string& schema, nlohmann::json* value) const;
  std::vector<std::string> Operations() const;

 private:
  struct Operation;
  Contract();
  static Status ReadAccess(const nlohmann::json& description, Operation* operation);
  Status AddOperation(const std::string& path, const std::string& method,
                      const nlohmann::json& description);
  void AddHeaders(const Operation& operation, const HttpRequest& request,
                  std::map<std::string, std::string>* parameters) const;
  Status CheckParameters(const Operation& operation, const Call& call) const;
  Match ReadBody(const Operation& operation, const HttpRequest& request, Match match) const;

  std::unique_ptr<nlohmann::json> document_;
  std::vector<Operation> operations_;
};

}  // namespace castor::platform
