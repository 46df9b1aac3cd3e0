// What is written and not yet visible: committables by sink, and the committers that make them
// visible.
//
// Committables belong to the first snapshot that completes after they were handed over, and are
// committed after it. They stay here until then, so an aborted checkpoint loses none. A snapshot
// names a sink by the node's uid. Thread-safe; Commit and Finish may block and are called one at a
// time.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connector/api/sink.h"

namespace castor::runtime {

using Committables = std::map<std::string, std::vector<std::string>>;

class Committers {
 public:
  // `description` is the sink's, for messages. A null committer: nothing to commit there.
  void Add(const std::string& uid, std::unique_ptr<connector::Committer> committer,
           std::string description);
  bool Knows(const std::string& uid) const { return sinks_.contains(uid); }

  void Collect(Committables handed_over);
  // All that is not committed.
  Committables pending() const;

  // Commits exactly `these` (idempotent) and forgets them.
  Status Commit(const Committables& these);
  Status Finish();

 private:
  struct Sink {
    std::unique_ptr<connector::Committer> committer;
    std::string description;
  };

  std::map<std::string, Sink> sinks_;
  mutable std::mutex mutex_;
  Committables pending_;
};

}  // namespace castor::runtime
