#include "aggregate/value_codec.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "column/gather.h"
#include "column/string_arena.h"

namespace castor::aggregate {

ValueCodec::ValueCodec(std::vector<LogicalType> types, bool keeps_nulls)
    : types_(std::move(types)) {
  const PhysicalType physical = types_[0].physical();
  const bool nested = physical == PhysicalType::kRow || physical == PhysicalType::kList;
  const bool as_row = types_.size() > 1 || nested || keeps_nulls;
  if (as_row) row_codec_ = std::make_unique<BinaryRowCodec>(types_);
}

template <typename T>
void ValueCodec::EncodeFixed(const Column& column, std::span<const int32_t> rows,
                             std::vector<std::string_view>* keys) {
  const T* values = column.values<T>();
  if constexpr (std::is_same_v<T, StringRef>) {
    for (size_t j = 0; j < rows.size(); ++j) (*keys)[j] = values[rows[j]].view();
  } else if constexpr (std::is_floating_point_v<T>) {
    // Java's boxed numbers: all NaNs are equal, 0.0 and -0.0 are not.
    canonical_.resize(rows.size());
    for (size_t j = 0; j < rows.size(); ++j) {
      const T value = values[rows[j]];
      const T canonical = std::isnan(value) ? std::numeric_limits<T>::quiet_NaN() : value;
      std::memcpy(&canonical_[j], &canonical, sizeof(T));
      (*keys)[j] = {reinterpret_cast<const char*>(&canonical_[j]), sizeof(T)};
    }
  } else {
    for (size_t j = 0; j < rows.size(); ++j) {
      (*keys)[j] = {reinterpret_cast<const char*>(values + rows[j]), sizeof(T)};
    }
  }
}

void ValueCodec::Encode(std::span<const ColumnPtr> columns, std::span<const int32_t> rows,
                        std::vector<std::string_view>* keys) {
  keys->resize(rows.size());
  if (row_codec_ == nullptr) {
    DispatchPhysical(columns[0]->physical(),
                     [&]<typename T>() { EncodeFixed<T>(*columns[0], rows, keys); });
    return;
  }
  row_codec_->Encode(columns, columns[0]->size(), &rows_);
  for (size_t j = 0; j < rows.size(); ++j) (*keys)[j] = rows_.row(rows[j]);
}

std::vector<ColumnPtr> ValueCodec::Decode(std::span<const std::string_view> keys) const {
  if (row_codec_ != nullptr) {
    std::vector<const char*> rows(keys.size());
    for (size_t j = 0; j < keys.size(); ++j) rows[j] = keys[j].data();
    return row_codec_->Decode(rows);
  }
  MutableColumnPtr column = Column::MakeFlat(types_[0], static_cast<int32_t>(keys.size()));
  DispatchPhysical(column->physical(), [&]<typename T>() {
    T* values = column->mutable_values<T>();
    if constexpr (std::is_same_v<T, StringRef>) {
      StringArena arena;
      for (size_t j = 0; j < keys.size(); ++j) values[j] = arena.Add(keys[j]);
      arena.Finish(column.get());
    } else {
      for (size_t j = 0; j < keys.size(); ++j) {
        std::memcpy(values + j, keys[j].data(), sizeof(T));
      }
    }
  });
  return {column};
}

}  // namespace castor::aggregate
