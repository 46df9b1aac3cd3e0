#include "aggregate/distinct.h"

#include <algorithm>
#include <array>

namespace castor::aggregate {
namespace {

constexpr size_t kBitsPerWord = 64;

size_t WordsFor(size_t calls, bool retracts) {
  if (retracts) return calls;
  return calls == 1 ? 0 : (calls + kBitsPerWord - 1) / kBitsPerWord;
}

bool TakeNulls(const std::vector<Call*>& calls) {
  return std::any_of(calls.begin(), calls.end(),
                     [](const Call* call) { return call->function->takes_nulls(); });
}

bool Reaches(RowOp op) { return op == RowOp::kAdd || op == RowOp::kRetract; }

}  // namespace

DistinctGroup::DistinctGroup(std::string state_name, std::vector<LogicalType> argument_types,
                             std::vector<Call*> calls, bool retracts, bool in_memory)
    : state_name_(std::move(state_name)),
      calls_(std::move(calls)),
      retracts_(retracts),
      in_memory_(in_memory),
      words_(WordsFor(calls_.size(), retracts)),
      counts_nulls_(TakeNulls(calls_)),
      codec_(std::move(argument_types), counts_nulls_) {}

void DistinctGroup::Declare(LayoutBuilder* layout) {
  if (retracts_) layout->Add(4, &generation_);
  if (in_memory_) map_.KeepInMemory(EntrySize(), layout);
}

int32_t DistinctGroup::EntrySize() const {
  const size_t bytes = words_ * sizeof(uint64_t) + (retracts_ ? sizeof(uint32_t) : 0);
  return static_cast<int32_t>((bytes + 15) / 16 * 16);
}

state::StateDescriptor DistinctGroup::Describe(int64_t ttl_ms) const {
  state::StateDescriptor descriptor;
  descriptor.name = state_name_;
  descriptor.schema = "DISTINCT(";
  for (const LogicalType& type : codec_.types()) {
    if (descriptor.schema.back() != '(') descriptor.schema += ", ";
    descriptor.schema += type.WithNullable(true).ToString();
  }
  if (counts_nulls_) descriptor.schema += " with NULL";
  descriptor.schema += retracts_ ? "): counts of " : "): seen by ";
  descriptor.schema += std::to_string(calls_.size());
  descriptor.layout.fixed_size = EntrySize();
  descriptor.version = AggregateSet::kVersion;
  descriptor.ttl_ms = ttl_ms;
  return descriptor;
}

void DistinctGroup::ListActiveRows(int32_t rows) {
  const auto count = static_cast<size_t>(rows);
  reached_.assign(count, 0);
  uint8_t* reached = reached_.data();
  for (const Call* call : calls_) {
    const RowOp* ops = call->own_ops.data();
    for (size_t i = 0; i < count; ++i) reached[i] |= static_cast<uint8_t>(Reaches(ops[i]));
  }
  active_.resize(count);
  int32_t* rows_reached = active_.data();
  size_t active = 0;
  for (size_t i = 0; i < count; ++i) {
    rows_reached[active] = static_cast<int32_t>(i);
    active += reached[i];
  }
  active_.resize(active);
}

Result<state::Readiness> DistinctGroup::Acquire(const RowUpdates& updates, int32_t rows) {
  for (Call* call : calls_) call->OwnOps(rows);
  ListActiveRows(rows);
  codec_.Encode(calls_[0]->columns, active_, &values_);
  if (ttl_ms_ > 0 && !retracts_ && !dropped_seen_) {
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, DropSeenRows(updates));
    if (readiness == state::Readiness::kPending) return readiness;
  }
  // Pending or not: when this is repeated, the rows that are out stay out.
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          map_.Acquire(updates, active_, values_, state::AccessMode::kFindOrCreate,
                                       &entries_, &created_));
  dropped_seen_ = readiness == state::Readiness::kPending;
  return readiness;
}

Result<state::Readiness> DistinctGroup::DropSeenRows(const RowUpdates& updates) {
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      map_.Acquire(updates, active_, values_, state::AccessMode::kFind, &entries_, &created_));
  if (readiness == state::Readiness::kPending) return readiness;
  size_t kept = 0;
  for (size_t k = 0; k < active_.size(); ++k) {
    const auto row = static_cast<size_t>(active_[k]);
    const auto* bits = reinterpret_cast<const uint64_t*>(entries_[k]);
    bool seen = bits != nullptr;
    for (size_t m = 0; seen && words_ > 0 && m < calls_.size(); ++m) {
      const bool counted = (bits[m / kBitsPerWord] >> (m % kBitsPerWord) & 1) != 0;
      seen = counted || calls_[m]->ops[row] == RowOp::kNone;
    }
    if (seen) {
      for (Call* call : calls_) call->own_ops[row] = RowOp::kNone;
    } else {
      active_[kept] = active_[k];
      values_[kept++] = values_[k];
    }
  }
  map_.Release();
  active_.resize(kept);
  values_.resize(kept);
  return state::Readiness::kReady;
}

void DistinctGroup::Apply(const RowUpdates& updates, int32_t rows) {
  if (retracts_) {
    ApplyCounts(updates, rows);
  } else if (words_ == 0) {
    ApplyPresence();
  } else {
    ApplyBits();
  }
}

void DistinctGroup::ApplyPresence() {
  RowOp* ops = calls_[0]->own_ops.data();
  for (size_t k = 0; k < active_.size(); ++k) {
    if (created_[k] == 0) ops[active_[k]] = RowOp::kNone;
  }
}

// Entry by entry over the calls of a word, which is at hand then.
void DistinctGroup::ApplyBits() {
  for (size_t first = 0; first < calls_.size(); first += kBitsPerWord) {
    const size_t calls = std::min(calls_.size() - first, kBitsPerWord);
    std::array<RowOp*, kBitsPerWord> ops;
    for (size_t m = 0; m < calls; ++m) ops[m] = calls_[first + m]->own_ops.data();
    for (size_t k = 0; k < active_.size(); ++k) {
      const int32_t row = active_[k];
      uint64_t& word = reinterpret_cast<uint64_t*>(entries_[k])[first / kBitsPerWord];
      const uint64_t seen = word;
      uint64_t adds = 0;
      for (size_t m = 0; m < calls; ++m) {
        RowOp& op = ops[m][row];
        const bool add = op == RowOp::kAdd;
        adds |= uint64_t{add} << m;
        if (add && (seen >> m & 1) != 0) op = RowOp::kNone;
      }
      word = seen | adds;
    }
  }
}

int64_t* DistinctGroup::CountsOf(std::byte* entry, uint32_t generation) const {
  auto* counts = reinterpret_cast<int64_t*>(entry);
  auto& own = *reinterpret_cast<uint32_t*>(entry + words_ * sizeof(int64_t));
  if (own != generation) {
    std::fill_n(counts, words_, int64_t{0});
    own = generation;
  }
  return counts;
}

// Row by row over all calls: a reset in between makes all entries of its record void.
void DistinctGroup::ApplyCounts(const RowUpdates& updates, int32_t rows) {
  size_t k = 0;
  for (int32_t i = 0; i < rows; ++i) {
    if (updates.ops != nullptr && updates.ops[i] == RowOp::kReset) {
      ++GenerationOf(updates.records[i]);
      continue;
    }
    if (k == active_.size() || active_[k] != i) continue;
    int64_t* counts = CountsOf(entries_[k++], GenerationOf(updates.records[i]));
    for (size_t m = 0; m < calls_.size(); ++m) {
      RowOp& op = calls_[m]->own_ops[static_cast<size_t>(i)];
      if (op == RowOp::kAdd) {
        if (++counts[m] != 1) op = RowOp::kNone;
      } else if (op == RowOp::kRetract) {
        if (--counts[m] != 0) op = RowOp::kNone;
      }
    }
  }
}

bool DistinctGroup::HasNoCounts(const std::byte* entry) const {
  const auto* counts = reinterpret_cast<const int64_t*>(entry);
  return std::all_of(counts, counts + words_, [](int64_t count) { return count == 0; });
}

void DistinctGroup::Finish(const RowUpdates& updates) {
  size_t gone = 0;
  if (retracts_) {
    for (size_t k = 0; k < active_.size(); ++k) {
      if (!HasNoCounts(entries_[k])) continue;
      active_[gone] = active_[k];
      values_[gone++] = values_[k];
    }
  }
  map_.Release();
  if (gone == 0) return;
  map_.Erase(updates, {active_.data(), gone}, {values_.data(), gone});
}

}  // namespace castor::aggregate
