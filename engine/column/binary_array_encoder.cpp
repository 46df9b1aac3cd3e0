// BinaryArrayCodec: writing.
#include <utility>

#include "column/binary_array.h"

namespace castor {

using binary_row::Padded;
using binary_row::StoreWord;
using binary_row::VariableSlot;

namespace {

// Calls `put(row, slot, array, cursor)` for every element that is not NULL: `slot` is its place in
// the fixed part of `array`, `cursor` where the variable part goes on.
template <typename Put>
void WriteLists(const BinaryArrayCodec::Elements& elements, uint32_t width, char** targets,
                Put&& put) {
  const uint8_t* validity = elements.column->validity();
  for (int32_t i = 0; i < elements.list_count; ++i) {
    const ListRef list = elements.lists[i];
    char* array = targets[i];
    const uint32_t header = binary_row::ArrayHeaderBytes(list.size);
    uint32_t cursor = Padded(header + width * static_cast<uint32_t>(list.size));
    std::memset(array, 0, cursor);
    binary_row::StoreInt(array, static_cast<uint32_t>(list.size));
    char* slot = array + header;
    for (int32_t j = 0; j < list.size; ++j, slot += width) {
      const int32_t row = list.offset + j;
      if (validity != nullptr && !bitmap::Get(validity, row)) {
        bitmap::Set(reinterpret_cast<uint8_t*>(array + sizeof(uint32_t)), j);
      } else {
        put(row, slot, array, &cursor);
      }
    }
    targets[i] = array + cursor;
  }
}

void StoreBytes(const char* bytes, uint32_t size, char* slot, char* array, uint32_t* cursor) {
  const uint32_t padded = Padded(size);
  char* target = array + *cursor;
  if (padded > 0) StoreWord(target + padded - 8, 0);
  std::memcpy(target, bytes, size);
  StoreWord(slot, VariableSlot(*cursor, size));
  *cursor += padded;
}

template <int64_t kTicksPerMilli>
void WriteTimestamps(const BinaryArrayCodec::Elements& elements, uint32_t width, char** targets) {
  const auto* values = elements.column->values<int64_t>();
  WriteLists(elements, width, targets, [=](int32_t row, char* slot, char* array, uint32_t* cursor) {
    const auto time = binary_row::SplitTicks<kTicksPerMilli>(values[row]);
    StoreWord(array + *cursor, static_cast<uint64_t>(time.millis));
    StoreWord(slot, VariableSlot(*cursor, time.nanos));
    *cursor += binary_row::kTimestampBytes;
  });
}

void WriteDecimals(const BinaryArrayCodec::Elements& elements, uint32_t width, char** targets) {
  const auto* values = elements.column->values<int128_t>();
  WriteLists(elements, width, targets, [=](int32_t row, char* slot, char* array, uint32_t* cursor) {
    const uint32_t size = binary_row::StoreDecimal(values[row], array + *cursor);
    StoreWord(slot, VariableSlot(*cursor, size));
    *cursor += binary_row::kDecimalBytes;
  });
}

void WriteStrings(const BinaryArrayCodec::Elements& elements, uint32_t width, bool opaque,
                  char** targets) {
  const auto* values = elements.column->values<StringRef>();
  WriteLists(elements, width, targets, [=](int32_t row, char* slot, char* array, uint32_t* cursor) {
    const StringRef& text = values[row];
    if (text.size() <= binary_row::kMaxInline && !opaque) {
      StoreWord(slot, binary_row::InlineSlot(text));
    } else {
      StoreBytes(text.data(), text.size(), slot, array, cursor);
    }
  });
}

template <typename T>
void WriteFixed(const BinaryArrayCodec::Elements& elements, uint32_t width, char** targets) {
  const T* values = elements.column->values<T>();
  WriteLists(elements, width, targets, [=](int32_t row, char* slot, char*, uint32_t*) {
    const uint64_t word = binary_row::FixedSlot(values[row]);
    std::memcpy(slot, &word, std::min(sizeof(T), sizeof(word)));
  });
}

}  // namespace

BinaryArrayCodec::BinaryArrayCodec(LogicalType element)
    : element_(std::move(element)),
      width_(binary_row::ArrayElementWidth(element_)),
      in_slot_(!binary_row::IsNested(element_) && element_.physical() != PhysicalType::kString &&
               binary_row::ReservedBytes(element_) == 0),
      nested_(NestedValueCodec::Make(element_)) {}

BinaryArrayCodec::Elements BinaryArrayCodec::Prepare(ColumnPtr column, const ListRef* lists,
                                                     int32_t list_count) const {
  Elements elements{std::move(column), lists, list_count, {}};
  if (nested_ != nullptr) nested_->Encode(elements.column, &elements.nested);
  return elements;
}

uint32_t BinaryArrayCodec::VariableBytes(const Elements& elements, int32_t row) const {
  if (nested_ != nullptr) return Padded(static_cast<uint32_t>(elements.nested.row(row).size()));
  if (element_.physical() != PhysicalType::kString) {
    return static_cast<uint32_t>(binary_row::ReservedBytes(element_));
  }
  const uint32_t size = elements.column->values<StringRef>()[row].size();
  return size <= binary_row::kMaxInline && !binary_row::IsOpaque(element_) ? 0 : Padded(size);
}

void BinaryArrayCodec::AddSizes(const Elements& elements, uint32_t* sizes) const {
  const uint8_t* validity = elements.column->validity();
  for (int32_t i = 0; i < elements.list_count; ++i) {
    const ListRef list = elements.lists[i];
    sizes[i] +=
        Padded(binary_row::ArrayHeaderBytes(list.size) + width_ * static_cast<uint32_t>(list.size));
    if (in_slot_) continue;
    for (int32_t row = list.offset; row < list.end(); ++row) {
      const bool null = validity != nullptr && !bitmap::Get(validity, row);
      if (!null) sizes[i] += VariableBytes(elements, row);
    }
  }
}

void BinaryArrayCodec::Write(const Elements& elements, char** targets) const {
  if (nested_ != nullptr) {
    return WriteLists(
        elements, width_, targets, [&](int32_t row, char* slot, char* array, uint32_t* cursor) {
          const std::string_view bytes = elements.nested.row(row);
          StoreBytes(bytes.data(), static_cast<uint32_t>(bytes.size()), slot, array, cursor);
        });
  }
  if (element_.physical() == PhysicalType::kString) {
    return WriteStrings(elements, width_, binary_row::IsOpaque(element_), targets);
  }
  if (in_slot_) {
    return DispatchPhysical(element_.physical(), [&]<typename T>() {
      if constexpr (!std::is_same_v<T, StringRef>) WriteFixed<T>(elements, width_, targets);
    });
  }
  if (!element_.IsTimestamp()) return WriteDecimals(elements, width_, targets);
  if (element_.TicksPerSecond() == 1'000'000) {
    return WriteTimestamps<1'000>(elements, width_, targets);
  }
  WriteTimestamps<1'000'000>(elements, width_, targets);
}

}  // namespace castor
