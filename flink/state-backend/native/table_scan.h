// Everything that one state held when a cut was made, a page at a time, in the order of positions
// and keys: by key group, and what belongs to one key together.
//
// An entry is its position (i64), bytes of key, of user key and of value (i32 each), all as the
// machine has them, then these bytes. Each element of a list is one. Holds on to the runs. Not
// thread-safe; any thread; blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "gemini/store/store.h"

namespace castor::flink {

class TableScan {
 public:
  // kNotFound: the checkpoint has no state of that name.
  static Result<std::unique_ptr<TableScan>> Open(const gemini::LiveCheckpoint& checkpoint,
                                                 std::string_view state);

  // Replaces `*page`, which is empty at the end.
  Status NextPage(std::string* page);

 private:
  TableScan(gemini::CheckpointTable table, const gemini::RunSet& runs)
      : table_(std::move(table)), entries_(runs, {table_.table, 0}) {}

  const gemini::CheckpointTable table_;
  gemini::RunSet::SectionCursor entries_;
  bool ended_ = false;
};

}  // namespace castor::flink
