#include "operator/group_aggregate/result_changelog.h"

#include <algorithm>
#include <cstring>

#include "column/gather.h"
#include "expr/value_equality.h"

namespace castor::group_aggregate {
namespace {

int32_t BeforeOf(const Changes& changes, size_t i) {
  return changes.before.empty() ? 2 * static_cast<int32_t>(i) : changes.before[i];
}
int32_t AfterOf(const Changes& changes, size_t i) {
  return changes.after.empty() ? 2 * static_cast<int32_t>(i) + 1 : changes.after[i];
}

// FindDifferences for values of rows and lists, one by one.
void FindNestedDifferences(const Column& column, const Changes& changes, uint8_t* differs) {
  for (size_t i = 0; i < changes.kinds.size(); ++i) {
    const int32_t before = BeforeOf(changes, i);
    const int32_t after = AfterOf(changes, i);
    const bool valid = !column.IsNull(before);
    differs[i] |= valid == column.IsNull(after) ||
                  (valid && !expr::EqualValues(column, before, column, after));
  }
}

// Whether the results of `column` differ, per entry; `differs` is only ever set. Equality is that
// of Flink's RecordEqualiser: NULL equals NULL, NaN equals nothing.
void FindDifferences(const Column& column, const Changes& changes, uint8_t* differs) {
  const PhysicalType physical = column.physical();
  if (physical == PhysicalType::kRow || physical == PhysicalType::kList) {
    return FindNestedDifferences(column, changes, differs);
  }
  const uint8_t* validity = column.validity();
  DispatchPhysical(column.physical(), [&]<typename T>() {
    const T* values = column.values<T>();
    for (size_t i = 0; i < changes.kinds.size(); ++i) {
      const int32_t before = BeforeOf(changes, i);
      const int32_t after = AfterOf(changes, i);
      if (validity == nullptr) {
        differs[i] |= !(values[before] == values[after]);
        continue;
      }
      const bool valid = bitmap::Get(validity, before);
      differs[i] |=
          valid != bitmap::Get(validity, after) || (valid && !(values[before] == values[after]));
    }
  });
}

bool IsIdentity(std::span<const int32_t> rows, int32_t size) {
  if (static_cast<int32_t>(rows.size()) != size) return false;
  int32_t different = 0;
  for (int32_t i = 0; i < size; ++i) different |= rows[static_cast<size_t>(i)] ^ i;
  return different == 0;
}

}  // namespace

Batch ResultChangelog::Build(const Changes& changes) {
  if (changes.may_be_unchanged && !emits_unchanged_) DropUnchanged(changes);
  List(changes);
  Batch batch;
  batch.num_rows = static_cast<int32_t>(kinds_.size());
  if (batch.num_rows == 0) return batch;
  batch.columns.reserve(changes.keys.size() + changes.results.size());
  for (const ColumnPtr& key : changes.keys) {
    batch.columns.push_back(Gather(*key, key_rows_.data(), batch.num_rows));
  }
  const bool identity =
      !changes.results.empty() && IsIdentity(result_rows_, changes.results[0]->size());
  for (const ColumnPtr& column : changes.results) {
    batch.columns.push_back(identity ? column
                                     : Gather(*column, result_rows_.data(), batch.num_rows));
  }
  batch.row_kinds = TakeKinds();
  return batch;
}

void ResultChangelog::DropUnchanged(const Changes& changes) {
  differs_.assign(changes.kinds.size(), 0);
  for (const ColumnPtr& column : changes.results) {
    FindDifferences(*column, changes, differs_.data());
  }
  for (size_t i = 0; i < changes.kinds.size(); ++i) {
    Change& kind = changes.kinds[i];
    kind = kind == Change::kUpdate && differs_[i] == 0 ? Change::kNone : kind;
  }
}

void ResultChangelog::List(const Changes& changes) {
  key_rows_.clear();
  result_rows_.clear();
  kinds_.clear();
  for (size_t i = 0; i < changes.kinds.size(); ++i) {
    const int32_t key_row = changes.rows.empty() ? static_cast<int32_t>(i) : changes.rows[i];
    switch (changes.kinds[i]) {
      case Change::kNone:
        break;
      case Change::kInsert:
        Emit(key_row, AfterOf(changes, i), RowKind::kInsert);
        break;
      case Change::kUpdate:
        if (generate_update_before_) {
          Emit(key_row, BeforeOf(changes, i), RowKind::kUpdateBefore);
        }
        Emit(key_row, AfterOf(changes, i), RowKind::kUpdateAfter);
        break;
      case Change::kDelete:
        Emit(key_row, BeforeOf(changes, i), RowKind::kDelete);
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
