// Everything that one state held when a cut was made, a page at a time, by key group: of a state
// of keys in the order of positions and keys, and what belongs to one key together; of timers in
// the order of time within some key groups.
//
// An entry is its position (i64), bytes of key, of user key and of value (i32 each), all as the
// machine has them, then these bytes. Each element of a list is one, and each timer, which is a
// user key. Holds on to the runs. Not thread-safe; any thread; blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "gemini/store/store.h"

namespace castor::flink {

class TableScan {
 public:
  // kNotFound: the checkpoint has no state of that name.
  static Result<std::unique_ptr<TableScan>> Open(const gemini::LiveCheckpoint& checkpoint,
                                                 std::string_view state);
  virtual ~TableScan() = default;

  // Replaces `*page`, which is empty at the end.
  Status NextPage(std::string* page);

 protected:
  TableScan() = default;
  // Adds an entry to the page, or some; false at the end.
  virtual Result<bool> AddNext(std::string* page) = 0;

 private:
  bool ended_ = false;
};

}  // namespace castor::flink
