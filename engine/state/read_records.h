// What an operator has loaded of a state to be read, which must stay as it is: what changes of it
// would be in no snapshot, and lost where it leaves memory. For tests (checked_store.h). Not
// thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "state/keyed_state.h"

namespace castor::state {

// Gets a sentence with the state's name.
using ReportMisuse = std::function<void(const std::string&)>;

class ReadRecords {
 public:
  ReadRecords(const StateDescriptor& descriptor, const ReportMisuse* report);
  // Looks once more. While the records are still there.
  ~ReadRecords() { Forget(); }
  ReadRecords(const ReadRecords&) = delete;
  ReadRecords& operator=(const ReadRecords&) = delete;

  // Has been loaded in that way. What was before, or is, allowed to change is not looked at.
  void Loaded(std::byte* record, AccessMode mode);
  // Is going to be written.
  void Write(const Blob* blob);
  // Before records go, or may be loaded in another way: looks at all that must not have changed.
  void Forget();

 private:
  using Images = std::map<const std::byte*, std::string>;

  std::string_view ImageOf(const std::byte* record);
  void Compare(const Images::value_type& read);

  const std::string state_;
  const gemini::RecordLayout layout_;
  const ReportMisuse* const report_;
  Images read_;  // as they were, with their blobs
  std::set<const std::byte*> writable_;
  std::string scratch_;
};

}  // namespace castor::state
