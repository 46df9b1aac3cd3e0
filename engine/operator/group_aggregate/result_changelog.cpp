#include "operator/group_aggregate/result_changelog.h"

#include <algorithm>
#include <cstring>

#include "column/gather.h"

namespace castor::group_aggregate {
namespace {

// Whether the results of `column` differ, per entry; `differs` is only ever set. Equality is that
// of Flink's RecordEqualiser: NULL equals NULL, NaN equals nothing.
void FindDifferences(const Column& column, const ResultPairs& results, int32_t entries,
                     uint8_t* differs) {
  const uint8_t* validity = column.validity();
  DispatchPhysical(column.physical(), [&]<typename T>() {
    const T* values = column.values<T>();
    for (int32_t i = 0; i < entries; ++i) {
      const int32_t before = i * results.stride;
      const int32_t after = before + results.after;
      if (validity != nullptr) {
        const bool valid = bitmap::Get(validity, before);
        if (valid != bitmap::Get(validity, after)) {
          differs[i] = 1;
          continue;
        }
        if (!valid) continue;
      }
      differs[i] |= !(values[before] == values[after]);
    }
  });
}

bool IsIdentity(std::span<const int32_t> rows, int32_t size) {
  if (static_cast<int32_t>(rows.size()) != size) return false;
  for (int32_t i = 0; i < size; ++i) {
    if (rows[static_cast<size_t>(i)] != i) return false;
  }
  return true;
}

}  // namespace

Batch ResultChangelog::Build(std::span<const ColumnPtr> keys, const int32_t* rows,
                             const ResultPairs& results, std::span<Change> changes,
                             bool may_be_unchanged) {
  if (may_be_unchanged && !emits_unchanged_) {
    std::vector<uint8_t> differs(changes.size());
    for (const ColumnPtr& column : results.columns) {
      FindDifferences(*column, results, static_cast<int32_t>(changes.size()), differs.data());
    }
    for (size_t i = 0; i < changes.size(); ++i) {
      if (changes[i] == Change::kUpdate && differs[i] == 0) changes[i] = Change::kNone;
    }
  }
  List(rows, results, changes);

  Batch batch;
  batch.num_rows = static_cast<int32_t>(kinds_.size());
  if (batch.num_rows == 0) return batch;
  batch.columns.reserve(keys.size() + results.columns.size());
  for (const ColumnPtr& key : keys) {
    batch.columns.push_back(Gather(*key, key_rows_.data(), batch.num_rows));
  }
  const bool identity =
      !results.columns.empty() && IsIdentity(result_rows_, results.columns[0]->size());
  for (const ColumnPtr& column : results.columns) {
    batch.columns.push_back(identity ? column
                                     : Gather(*column, result_rows_.data(), batch.num_rows));
  }
  batch.row_kinds = TakeKinds();
  return batch;
}

void ResultChangelog::List(const int32_t* rows, const ResultPairs& results,
                           std::span<const Change> changes) {
  key_rows_.clear();
  result_rows_.clear();
  kinds_.clear();
  for (int32_t i = 0; i < static_cast<int32_t>(changes.size()); ++i) {
    const int32_t key_row = rows == nullptr ? i : rows[i];
    const int32_t before = i * results.stride;
    switch (changes[static_cast<size_t>(i)]) {
      case Change::kNone:
        break;
      case Change::kInsert:
        Emit(key_row, before + results.after, RowKind::kInsert);
        break;
      case Change::kUpdate:
        if (generate_update_before_) Emit(key_row, before, RowKind::kUpdateBefore);
        Emit(key_row, before + results.after, RowKind::kUpdateAfter);
        break;
      case Change::kDelete:
        Emit(key_row, before, RowKind::kDelete);
        break;
    }
  }
}

BufferPtr ResultChangelog::TakeKinds() const {
  const bool all_inserts = std::all_of(kinds_.begin(), kinds_.end(),
                                       [](RowKind kind) { return kind == RowKind::kInsert; });
  if (all_inserts) return nullptr;
  BufferPtr buffer = Buffer::Allocate(kinds_.size());
  std::memcpy(buffer->data(), kinds_.data(), kinds_.size());
  return buffer;
}

}  // namespace castor::group_aggregate
