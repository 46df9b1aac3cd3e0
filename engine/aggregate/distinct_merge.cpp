// Maps of DISTINCT on their way between phases: per record the entries one after the other, each as
// {u32 size, bytes of the value, words}.
#include <cstring>

#include "aggregate/distinct.h"

namespace castor::aggregate {

LogicalType DistinctGroup::SerializedType() {
  return LogicalType(TypeKind::kVarBinary, false, INT32_MAX);
}

ColumnPtr DistinctGroup::SerializeFromMemory(const std::byte* const* records, int32_t count) {
  // A map in memory is never pending and cannot fail.
  ColumnPtr column;
  map_.LocateInMemory(records, count, &handles_);
  if (!SerializeLocated(records, &column).ok()) return nullptr;
  return column;
}

Result<state::Readiness> DistinctGroup::Serialize(const RowUpdates& updates, int32_t count,
                                                  ColumnPtr* column) {
  if (!serializer_.started()) {
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness located,
                            map_.LocateAll(updates, count, &handles_));
    if (located == state::Readiness::kPending) return located;
  }
  return SerializeLocated(updates.records, column);
}

bool DistinctGroup::IsVoid(const std::byte* entry, const std::byte* record) const {
  if (!retracts_) return false;
  return *reinterpret_cast<const uint32_t*>(entry + EntryBytes()) !=
         *reinterpret_cast<const uint32_t*>(record + generation_);
}

Result<state::Readiness> DistinctGroup::SerializeLocated(const std::byte* const* records,
                                                         ColumnPtr* column) {
  const auto begin = [](size_t, std::string*) {};
  const auto add = [&](size_t i, const state::Record& entry, std::string* bytes) {
    if (IsVoid(entry.data, records[i])) return;
    const auto size = static_cast<uint32_t>(entry.key.size());
    bytes->append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes->append(entry.key);
    bytes->append(reinterpret_cast<const char*>(entry.data), EntryBytes());
  };
  return serializer_.Serialize(&map_, handles_, SerializedType(), begin, add, column);
}

Result<state::Readiness> DistinctGroup::AcquireMerge(const Column& serialized,
                                                     const RowUpdates& updates, int32_t rows) {
  active_.clear();
  values_.clear();
  merged_words_.clear();
  const auto* maps = serialized.values<StringRef>();
  for (int32_t i = 0; i < rows; ++i) {
    if (updates.ops != nullptr && updates.ops[i] == RowOp::kNone) continue;
    const char* next = maps[i].data();
    const char* end = next + maps[i].size();
    while (next < end) {
      uint32_t size;
      std::memcpy(&size, next, sizeof(size));
      next += sizeof(size);
      active_.push_back(i);
      values_.emplace_back(next, size);
      next += size;
      const size_t at = merged_words_.size();
      merged_words_.resize(at + words_);
      if (words_ > 0) std::memcpy(&merged_words_[at], next, EntryBytes());
      next += EntryBytes();
    }
  }
  return map_.Acquire(updates, active_, values_, state::AccessMode::kFindOrCreate, &entries_,
                      &created_);
}

RowOp DistinctGroup::MergeOne(size_t call, size_t entry) {
  if (words_ == 0) return created_[entry] != 0 ? RowOp::kAdd : RowOp::kNone;
  const uint64_t* other = &merged_words_[entry * words_];
  if (!retracts_) {
    uint64_t& word = reinterpret_cast<uint64_t*>(entries_[entry])[call / 64];
    const uint64_t bit = uint64_t{1} << (call % 64);
    const bool adds = (other[call / 64] & ~word & bit) != 0;
    if (adds) word |= bit;
    return adds ? RowOp::kAdd : RowOp::kNone;
  }
  int64_t& count = reinterpret_cast<int64_t*>(entries_[entry])[call];
  const int64_t before = count;
  count += static_cast<int64_t>(other[call]);
  if (before > 0 && count <= 0) return RowOp::kRetract;
  return before <= 0 && count > 0 ? RowOp::kAdd : RowOp::kNone;
}

Status DistinctGroup::ApplyMerge(const RowUpdates& updates) {
  const size_t entries = active_.size();
  std::vector<std::byte*> records(entries);
  for (size_t k = 0; k < entries; ++k) {
    records[k] = updates.records[active_[k]];
    // Entries void in the record's generation become empty here, once for all calls.
    if (retracts_) CountsOf(entries_[k], GenerationOf(records[k]));
  }
  const std::vector<ColumnPtr> values =
      in_memory_ ? std::vector<ColumnPtr>() : codec_.Decode(values_);
  std::vector<RowOp> ops(entries);
  for (size_t m = 0; m < calls_.size(); ++m) {
    for (size_t k = 0; k < entries; ++k) ops[k] = MergeOne(m, k);
    if (in_memory_) continue;
    CASTOR_RETURN_NOT_OK(calls_[m]->row_function->Accumulate(
        values, {static_cast<int32_t>(entries), records.data(), ops.data()}));
  }
  return Status::OK();
}

}  // namespace castor::aggregate
