// The maps of records as a column of bytes, one value a record. State may be pending at any page of
// a map: the same call is then repeated, and goes on where it was.
//
// Not thread-safe; belongs to the owner of the maps.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/entry_map.h"
#include "column/column.h"
#include "column/string_arena.h"

namespace castor::aggregate {

class MapSerializer {
 public:
  // A call was answered pending: the handles have been located.
  bool started() const { return column_ != nullptr; }

  // handles[i] is the map of record i (0: it has no entries). `begin(i, bytes)` writes what stands
  // before the entries of record i, `add(i, entry, bytes)` an entry.
  template <typename Begin, typename Add>
  Result<state::Readiness> Serialize(EntryMap* map, std::span<const uint64_t> handles,
                                     const LogicalType& type, Begin&& begin, Add&& add,
                                     ColumnPtr* column) {
    if (!started()) column_ = Column::MakeFlat(type, static_cast<int32_t>(handles.size()));
    for (; next_ < handles.size(); ++next_, walking_ = false) {
      if (!walking_) {
        bytes_.clear();
        begin(next_, &bytes_);
        cursor_ = handles[next_] == 0 ? state::KeyEntries::kEndOfEntries : 0;
        walking_ = true;
      }
      while (cursor_ != state::KeyEntries::kEndOfEntries) {
        page_.clear();
        CASTOR_ASSIGN_OR_RETURN(const state::Readiness read,
                                map->Entries(handles[next_], &cursor_, kPageEntries, &page_));
        if (read == state::Readiness::kPending) return read;
        for (const state::Record& entry : page_) add(next_, entry, &bytes_);
      }
      column_->mutable_values<StringRef>()[next_] = arena_.Add(bytes_);
    }
    next_ = 0;
    arena_.Finish(column_.get());
    *column = std::exchange(column_, nullptr);
    return state::Readiness::kReady;
  }

 private:
  static constexpr size_t kPageEntries = 1024;

  MutableColumnPtr column_;
  StringArena arena_;
  size_t next_ = 0;       // the record at hand
  bool walking_ = false;  // through its map, at `cursor_`
  uint64_t cursor_ = 0;
  std::string bytes_;
  std::vector<state::Record> page_;
};

}  // namespace castor::aggregate
