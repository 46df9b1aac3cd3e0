// BinaryArrayCodec::Decode.
#include <algorithm>
#include <utility>

#include "column/binary_array.h"
#include "column/string_arena.h"

namespace castor {

using binary_row::LoadWord;

namespace {

// The arrays to decode, and the rows of the result that each takes.
struct Arrays {
  std::span<const char* const> arrays;
  const ListRef* lists;
  uint32_t width;

  // Calls `take(row, slot, array)` for every element, NULL or not.
  template <typename Take>
  void ForEach(Take&& take) const {
    for (size_t i = 0; i < arrays.size(); ++i) {
      const ListRef list = lists[i];
      if (list.size == 0) continue;
      const char* slot = arrays[i] + binary_row::ArrayHeaderBytes(list.size);
      for (int32_t row = list.offset; row < list.end(); ++row, slot += width) {
        take(row, slot, arrays[i]);
      }
    }
  }
};

// Null when there are no NULLs.
BufferPtr DecodeValidity(const Arrays& in, int32_t rows) {
  BufferPtr validity;
  for (size_t i = 0; i < in.arrays.size(); ++i) {
    const ListRef list = in.lists[i];
    if (list.size == 0) continue;
    const auto* nulls = reinterpret_cast<const uint8_t*>(in.arrays[i] + sizeof(uint32_t));
    for (int32_t j = 0; j < list.size; ++j) {
      if (!bitmap::Get(nulls, j)) continue;
      if (validity == nullptr) {
        validity = Buffer::Allocate(static_cast<size_t>(bitmap::Words(rows)) * 8);
        std::memset(validity->data(), 0xff, validity->size());
      }
      bitmap::Clear(validity->data(), list.offset + j);
    }
  }
  return validity;
}

void DecodeStrings(const Arrays& in, Column* column) {
  StringArena arena(std::clamp<size_t>(static_cast<size_t>(column->size()) * 32, 128, 64 * 1024));
  auto* target = column->mutable_values<StringRef>();
  in.ForEach([&](int32_t row, const char* at, const char* array) {
    const uint64_t slot = LoadWord(at);
    if (binary_row::IsInlineSlot(slot)) {
      target[row] = StringRef(at, binary_row::InlineSize(slot));
    } else {
      target[row] = arena.Add({array + (slot >> 32), static_cast<uint32_t>(slot)});
    }
  });
  arena.Finish(column);
}

// A NULL has a zero slot; what is then read is the array's header.
void DecodeTimestamps(const Arrays& in, Column* column) {
  const int64_t ticks_per_milli = column->type().TicksPerSecond() / 1'000;
  auto* target = column->mutable_values<int64_t>();
  in.ForEach([&](int32_t row, const char* at, const char* array) {
    const uint64_t slot = LoadWord(at);
    target[row] = binary_row::JoinTicks(LoadWord(array + (slot >> 32)), static_cast<uint32_t>(slot),
                                        ticks_per_milli);
  });
}

void DecodeDecimals(const Arrays& in, Column* column) {
  auto* target = column->mutable_values<int128_t>();
  in.ForEach([&](int32_t row, const char* at, const char* array) {
    const uint64_t slot = LoadWord(at);
    target[row] = binary_row::LoadDecimal(array + (slot >> 32), static_cast<uint32_t>(slot));
  });
}

template <typename T>
void DecodeFixed(const Arrays& in, Column* column) {
  T* target = column->mutable_values<T>();
  in.ForEach([&](int32_t row, const char* at, const char*) {
    uint64_t word = 0;
    std::memcpy(&word, at, std::min(sizeof(T), sizeof(word)));
    target[row] = binary_row::FromSlot<T>(word);
  });
}

}  // namespace

ColumnPtr BinaryArrayCodec::Decode(std::span<const char* const> arrays, ListRef* lists) const {
  int32_t rows = 0;
  for (size_t i = 0; i < arrays.size(); ++i) {
    const uint32_t size = arrays[i] == nullptr ? 0 : binary_row::LoadInt(arrays[i]);
    lists[i] = {rows, static_cast<int32_t>(size)};
    rows += lists[i].size;
  }
  const Arrays in{arrays, lists, width_};
  BufferPtr validity = DecodeValidity(in, rows);
  if (nested_ != nullptr) {
    std::vector<const char*> values(static_cast<size_t>(rows));
    in.ForEach([&](int32_t row, const char* at, const char* array) {
      const uint64_t offset = LoadWord(at) >> 32;
      values[static_cast<size_t>(row)] = offset == 0 ? nullptr : array + offset;
    });
    return nested_->Decode(values, std::move(validity));
  }
  MutableColumnPtr column = Column::MakeFlat(element_, rows);
  column->set_validity(std::move(validity));
  if (element_.physical() == PhysicalType::kString) {
    DecodeStrings(in, column.get());
  } else if (in_slot_) {
    DispatchPhysical(element_.physical(), [&]<typename T>() {
      if constexpr (!std::is_same_v<T, StringRef>) DecodeFixed<T>(in, column.get());
    });
  } else if (element_.IsTimestamp()) {
    DecodeTimestamps(in, column.get());
  } else {
    DecodeDecimals(in, column.get());
  }
  return column;
}

}  // namespace castor
