// What one subtask hands over at a barrier: for each of its operators the parts of a snapshot.
//
// A part is named by the plan node's uid; its small sections are bytes already, keyed state is
// written later on another thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "state/snapshot.h"

namespace castor::runtime {

// Names of sections, as in spec/checkpoint-format.md.
namespace section {
inline constexpr const char* kOperator = "operator";      // Operator::Snapshot
inline constexpr const char* kSplits = "splits";          // of a reader, or not yet assigned
inline constexpr const char* kEnumerator = "enumerator";  // SplitEnumerator::Snapshot
inline constexpr const char* kWriter = "writer";          // SinkWriter::Snapshot
inline constexpr const char* kKeyed = "keyed";            // keyed state
inline constexpr const char* kCommittables = "committables";
}  // namespace section

struct OperatorCut {
  std::string uid;
  std::map<std::string, std::string> sections;  // empty ones are left out
  std::unique_ptr<state::StateCut> keyed;       // or null
};

struct SubtaskCut {
  std::vector<OperatorCut> operators;  // one a uid: a sink's operator and its writer share one

  // Valid until the next call.
  OperatorCut& Of(const std::string& uid) {
    for (OperatorCut& cut : operators) {
      if (cut.uid == uid) return cut;
    }
    return operators.emplace_back(OperatorCut{uid, {}, nullptr});
  }

  // By the uid of the sink; not written by the subtask's instance: the coordinator keeps them until
  // they are committed.
  std::map<std::string, std::vector<std::string>> committables;
};

}  // namespace castor::runtime
