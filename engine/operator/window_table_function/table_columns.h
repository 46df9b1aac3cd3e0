// window_start, window_end and window_time, the last columns of a window table function.
#pragma once

#include <span>
#include <vector>

#include "operator/windowing/window_columns.h"

namespace castor::window_table_function {

inline void AppendWindowColumns(const LogicalType& output,
                                std::span<const windowing::Window> windows,
                                const windowing::ZoneShift& shift,
                                std::vector<ColumnPtr>* columns) {
  using Kind = plan::WindowProperty::Kind;
  for (const Kind kind : {Kind::kStart, Kind::kEnd, Kind::kRowtime}) {
    const LogicalType& type = output.fields()[columns->size()].type;
    columns->push_back(windowing::MakeWindowColumn(kind, type, windows, shift, /*now=*/0));
  }
}

}  // namespace castor::window_table_function
