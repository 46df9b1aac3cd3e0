// Plans templates in the background, one after the other, and says which engine is to run them.
//
// Thread-safe. An outcome is kept until it is taken. What was asked for dies with the server;
// whoever needs it asks again.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/process/paths.h"
#include "platform/artifacts/artifact_store.h"
#include "platform/metadata/spec.h"

namespace castor::platform {

class Compiler {
 public:
  struct Parts {
    cli::Paths paths;
    const ArtifactStore* artifacts = nullptr;  // outlives it
    bool has_flink = false;                    // there is a Flink to run what is for it
  };
  struct Request {
    std::string key;   // names the request and its outcome
    std::string in;    // the namespace
    std::string name;  // of the job
    Template of;
    std::vector<std::string> secrets;  // in it, which no message may repeat
    std::string bundle;                // where the plan goes; it appears whole
  };
  struct Outcome {
    bool valid = false;
    bool retry = false;  // it is not known: the planner could not be asked
    std::string message = {};
    std::string engine = "NATIVE";  // or FLINK
    std::string reason = {};        // why that one
  };

  // `done` is called on the compiler's thread after each outcome.
  Compiler(Parts parts, std::function<void(const std::string& key)> done);
  ~Compiler();

  void Ask(Request request);
  bool IsAsked(const std::string& key) const;  // and its outcome not there yet
  std::optional<Outcome> FindOutcome(const std::string& key) const;
  void Forget(const std::string& key);

 private:
  void Work();
  Outcome Compile(const Request& request) const;
  Outcome CompileNative(const Request& request) const;
  Outcome CompileForFlink(const Request& request, const std::string& reason) const;
  // Why the native engine would not run the plan; empty: it would.
  Result<std::string> FindRefusal(const std::string& bundle) const;

  const Parts parts_;
  const std::function<void(const std::string&)> done_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> queue_;
  std::map<std::string, std::optional<Outcome>> outcomes_;  // nothing: asked for
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace castor::platform
