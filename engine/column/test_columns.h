// For tests only, of any module: columns from lists of values, and columns as text.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "column/batch.h"
#include "column/string_arena.h"

namespace castor {

// A flat column of fixed-width values; std::nullopt is NULL. T is the C++ type of the physical
// type.
template <typename T>
MutableColumnPtr MakeColumn(const LogicalType& type, const std::vector<std::optional<T>>& values) {
  MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(values.size()));
  for (size_t i = 0; i < values.size(); ++i) {
    column->mutable_values<T>()[i] = values[i].value_or(T{});
    if (!values[i]) column->SetNull(static_cast<int32_t>(i));
  }
  return column;
}

inline MutableColumnPtr MakeStrings(const std::vector<std::optional<std::string>>& values,
                                    const LogicalType& type = LogicalType::String()) {
  MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(values.size()));
  StringArena arena;
  for (size_t i = 0; i < values.size(); ++i) {
    column->mutable_values<StringRef>()[i] = arena.Add(values[i].value_or(""));
    if (!values[i]) column->SetNull(static_cast<int32_t>(i));
  }
  arena.Finish(column.get());
  return column;
}

inline ColumnPtr MakeDictionary(ColumnPtr base, const std::vector<int32_t>& indices) {
  BufferPtr buffer = Buffer::Allocate(indices.size() * sizeof(int32_t));
  for (size_t i = 0; i < indices.size(); ++i) buffer->as<int32_t>()[i] = indices[i];
  return Column::MakeDictionary(std::move(base), buffer, static_cast<int32_t>(indices.size()));
}

// Lists of the given sizes (std::nullopt is NULL), whose elements are the rows of `children`.
inline MutableColumnPtr MakeLists(const LogicalType& type,
                                  const std::vector<std::optional<int32_t>>& sizes,
                                  std::vector<ColumnPtr> children) {
  MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(sizes.size()));
  int32_t next = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    column->mutable_values<ListRef>()[i] = {next, sizes[i].value_or(0)};
    next += sizes[i].value_or(0);
    if (!sizes[i]) column->SetNull(static_cast<int32_t>(i));
  }
  column->mutable_children() = std::move(children);
  return column;
}

// One value as text: "null", a number, the bytes of a string, "(a,b)" for a row, "[a,b]" for an
// array, "{k:v,l:w}" for a map or a multiset.
inline std::string ShowValue(const Column& column, int32_t row) {
  const Column* target;
  const int32_t at = column.Resolve(row, &target);
  if (at < 0) return "null";
  if (column.physical() == PhysicalType::kRow) {
    std::string out = "(";
    for (const ColumnPtr& child : target->children()) {
      out += (out.size() > 1 ? "," : "") + ShowValue(*child, at);
    }
    return out + ")";
  }
  if (column.physical() == PhysicalType::kList) {
    const ListRef list = target->values<ListRef>()[at];
    const bool map = target->children().size() == 2;
    std::string out;
    for (int32_t i = list.offset; i < list.end(); ++i) {
      out += (out.empty() ? "" : ",") + ShowValue(*target->children()[0], i);
      if (map) out += ":" + ShowValue(*target->children()[1], i);
    }
    return map ? "{" + out + "}" : "[" + out + "]";
  }
  return DispatchPhysical(column.physical(), [&]<typename T>() -> std::string {
    const T value = target->values<T>()[at];
    if constexpr (std::is_same_v<T, StringRef>) {
      return std::string(value.view());
    } else if constexpr (std::is_same_v<T, int128_t>) {
      if (value == static_cast<int64_t>(value)) return std::to_string(static_cast<int64_t>(value));
      return std::to_string(static_cast<int64_t>(value >> 64)) + "*2^64+" +
             std::to_string(static_cast<uint64_t>(value));
    } else {
      return std::to_string(value);
    }
  });
}

// The values of all rows, e.g. "1|null|3".
inline std::string Show(const Column& column) {
  std::string out;
  for (int32_t row = 0; row < column.size(); ++row) {
    out += (row > 0 ? "|" : "") + ShowValue(column, row);
  }
  return out;
}

}  // namespace castor
