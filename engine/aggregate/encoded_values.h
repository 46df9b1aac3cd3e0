// Results that functions keep as bytes (those of ValueCodec), gathered row by row and decoded at
// the end, all at once: values of nested types, and the elements of arrays and multisets.
// Not thread-safe; used for one column at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/result_column.h"
#include "aggregate/value_list.h"
#include "column/list_ref.h"

namespace castor::aggregate {

class EncodedValues {
 public:
  // The bytes are copied.
  void Add(bool valid, std::string_view bytes);
  int32_t size() const { return static_cast<int32_t>(ends_.size()); }
  // All that were added, as a flat column.
  ColumnPtr Decode(const LogicalType& type) const;

 private:
  std::string bytes_;
  std::vector<size_t> ends_;
  std::vector<bool> valid_;
  bool any_null_ = false;
};

// What a function gives as its result: a value of any type.
struct EncodedValue {
  std::string_view bytes;
};

// What a function gives as its result: values with how often each is there, one after the other as
// a ValueList whose items are an encoded value with four bytes of count behind it.
struct CountedValues {
  ValueList items;
};

// Values of nested types have no C++ type of their own.
inline bool IsNested(const LogicalType& type) {
  return type.physical() == PhysicalType::kRow || type.physical() == PhysicalType::kList;
}

// DispatchPhysical with EncodedValue for nested types.
template <typename F>
decltype(auto) DispatchEncoded(const LogicalType& type, F&& f) {
  if (IsNested(type)) return f.template operator()<EncodedValue>();
  return DispatchPhysical(type.physical(), std::forward<F>(f));
}

// The value that ValueCodec wrote as `bytes`, which strings and nested values point into.
template <typename T>
T ReadEncoded(std::string_view bytes) {
  if constexpr (std::is_same_v<T, StringRef>) {
    return StringRef(bytes);
  } else if constexpr (std::is_same_v<T, EncodedValue>) {
    return {bytes};
  } else {
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
}

template <bool kNullable>
class ResultColumn<EncodedValue, kNullable> {
 public:
  ResultColumn(const LogicalType& type, int32_t) : type_(type) {}

  void Append(bool valid, const EncodedValue& value) { values_.Add(valid, value.bytes); }
  ColumnPtr Finish() { return values_.Decode(type_); }

 private:
  const LogicalType type_;
  EncodedValues values_;
};

// The lists of a column of ARRAY or MULTISET: rows of children that are made meanwhile.
class ListRows {
 public:
  ListRows(const LogicalType& type, int32_t rows) : column_(Column::MakeFlat(type, rows)) {}

  // The list ends that began behind the last one; `elements` have been made up to now.
  void End(bool valid, int32_t elements);
  ColumnPtr Finish(std::vector<ColumnPtr> children);
  std::vector<LogicalType> ChildTypes() const { return column_->type().ChildTypes(); }

 private:
  MutableColumnPtr column_;
  int32_t row_ = 0;
  int32_t start_ = 0;
};

template <bool kNullable>
class ResultColumn<ValueList, kNullable> {
 public:
  ResultColumn(const LogicalType& type, int32_t rows) : lists_(type, rows) {}

  void Append(bool valid, const ValueList& list) {
    for (size_t offset = 0; offset < list.size();) {
      const ValueList::Item item = list.At(offset);
      elements_.Add(item.valid, item.value);
      offset = item.end();
    }
    lists_.End(valid, elements_.size());
  }
  ColumnPtr Finish() { return lists_.Finish({elements_.Decode(lists_.ChildTypes()[0])}); }

 private:
  ListRows lists_;
  EncodedValues elements_;
};

template <bool kNullable>
class ResultColumn<CountedValues, kNullable> {
 public:
  ResultColumn(const LogicalType& type, int32_t rows) : lists_(type, rows) {}

  void Append(bool valid, const CountedValues& values) {
    for (size_t offset = 0; offset < values.items.size();) {
      const ValueList::Item item = values.items.At(offset);
      const size_t bytes = item.value.size() - sizeof(int32_t);
      int32_t count;
      std::memcpy(&count, item.value.data() + bytes, sizeof(count));
      elements_.Add(true, item.value.substr(0, bytes));
      counts_.push_back(count);
      offset = item.end();
    }
    lists_.End(valid, elements_.size());
  }

  ColumnPtr Finish() {
    const std::vector<LogicalType> types = lists_.ChildTypes();
    MutableColumnPtr counts = Column::MakeFlat(types[1], static_cast<int32_t>(counts_.size()));
    std::copy(counts_.begin(), counts_.end(), counts->mutable_values<int32_t>());
    return lists_.Finish({elements_.Decode(types[0]), std::move(counts)});
  }

 private:
  ListRows lists_;
  EncodedValues elements_;
  std::vector<int32_t> counts_;
};

}  // namespace castor::aggregate
