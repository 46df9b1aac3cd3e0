// What a table does for the memory tier, which knows records by their headers alone: it saves,
// evicts, moves and tidies up the records that the tier finds in chunks.
//
// One call a record that is saved or leaves memory, never one a lookup. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace castor::gemini {

class EntryBuffer;

class RecordOwner {
 public:
  virtual ~RecordOwner() = default;

  // Adds what a run has to say of a changed record; nothing if that does not count any more.
  virtual void Save(std::byte* record, EntryBuffer* buffer) = 0;
  // What was saved of a record is in no run: it counts as changed again.
  virtual void NotSaved(std::byte* /*record*/) {}
  // A record that no later run may hold than this one, or nullptr.
  virtual std::byte* SavedBefore(std::byte* record) = 0;
  // Lets a clean record go, which runs have, unless it cannot be spared.
  virtual void Evict(std::byte* record) = 0;
  // To another slot. False: it has to stay where it is.
  virtual bool Move(std::byte* record) = 0;
  // Erases the record if it has expired, frees it if it only says that there is none and runs say
  // so too. `in_flight`: these may not say so yet.
  virtual void Tidy(std::byte* record, int64_t now, bool in_flight) = 0;
  // Frees up to so many records of what has been dropped as a whole. False: there are no more.
  virtual bool FreeSome(size_t records) = 0;

  virtual int64_t index_bytes() const = 0;
  // Whether its indexes are to take as little memory as they can.
  virtual void SetDense(bool /*dense*/) {}
  // Above the numbers that stand in runs, of owners that number what they save.
  virtual uint64_t next_number() const { return 0; }
};

}  // namespace castor::gemini
