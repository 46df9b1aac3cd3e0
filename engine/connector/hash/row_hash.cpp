#include "connector/hash/row_hash.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "column/gather.h"
#include "column/visit.h"

namespace castor::connector::hash {
namespace {

constexpr uint64_t kM = 0x9FB21C651E98DF25;
constexpr uint64_t kN = 0xD6E8FEB86659FD93;
constexpr uint64_t kNull = 0x7C7E31AB9B0F62D5;

uint64_t Step(uint64_t a, uint64_t word) {
  const uint64_t x = (a ^ word) * kM;
  return x ^ (x >> 32);
}

uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

template <typename T>
uint64_t Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

// The last 1 .. 15 bytes of a text, padded with zeros to two words, without reading past them.
void LoadTail(const char* at, size_t left, uint64_t* u, uint64_t* v) {
  *v = 0;
  if (left >= 8) {
    *u = Load<uint64_t>(at);
    if (left > 8) *v = Load<uint64_t>(at + left - 8) >> (8 * (16 - left));
  } else if (left >= 4) {
    // The two halves may overlap: they agree where they do.
    *u = Load<uint32_t>(at) | Load<uint32_t>(at + left - 4) << (8 * (left - 4));
  } else {
    *u = Load<uint8_t>(at) | Load<uint8_t>(at + left / 2) << (8 * (left / 2)) |
         Load<uint8_t>(at + left - 1) << (8 * (left - 1));
  }
}

uint64_t BytesWord(const StringRef& text) {
  uint64_t p = text.size() * kM;
  uint64_t q = text.size() ^ kN;
  const auto take = [&](uint64_t u, uint64_t v) {
    p = (p ^ u) * kM;
    p ^= p >> 32;
    q = (q ^ v) * kN;
    q ^= q >> 32;
  };
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 16; at += 16, left -= 16) take(Load<uint64_t>(at), Load<uint64_t>(at + 8));
  if (left > 0) {
    uint64_t u, v;
    LoadTail(at, left, &u, &v);
    take(u, v);
  }
  return Mix(p + ((q << 29) | (q >> 35)));
}

// Takes the words of every value of `column` into `hashes`; `step(a, value)` is for one value.
template <typename T, typename F>
void StepValues(const Column& column, int32_t rows, uint64_t* hashes, F&& step) {
  VisitRows<T>(
      column, 0, rows, [&](int32_t row, const T& value) { hashes[row] = step(hashes[row], value); },
      [&](int32_t row) { hashes[row] = Step(hashes[row], kNull); });
}

template <typename T>
void StepNumbers(const Column& column, int32_t rows, uint64_t* hashes) {
  StepValues<T>(column, rows, hashes, [](uint64_t a, T value) {
    return Step(a, static_cast<uint64_t>(static_cast<int64_t>(value)));
  });
}

// IEEE bits with Java's one NaN.
template <typename T, typename Bits>
void StepFloats(const Column& column, int32_t rows, uint64_t* hashes) {
  StepValues<T>(column, rows, hashes, [](uint64_t a, T value) {
    if (std::isnan(value)) value = std::numeric_limits<T>::quiet_NaN();
    Bits bits;
    std::memcpy(&bits, &value, sizeof(bits));
    return Step(a, bits);
  });
}

void StepTimestamps(const Column& column, int32_t rows, uint64_t* hashes) {
  if (column.type().precision() <= 3) return StepNumbers<int64_t>(column, rows, hashes);
  const int64_t per_ms = column.type().TicksPerSecond() / 1000;
  const int64_t tick_ns = 1'000'000 / per_ms;
  StepValues<int64_t>(column, rows, hashes, [&](uint64_t a, int64_t ticks) {
    int64_t rest = ticks % per_ms;
    if (rest < 0) rest += per_ms;
    a = Step(a, static_cast<uint64_t>((ticks - rest) / per_ms));
    return Step(a, static_cast<uint64_t>(rest * tick_ns));
  });
}

void StepRows(const ColumnPtr& column, int32_t rows, uint64_t* hashes) {
  const ColumnPtr flat = Flatten(column);
  std::vector<uint64_t> nested(static_cast<size_t>(rows));
  HashRows(flat->children(), rows, nested.data());
  for (int32_t row = 0; row < rows; ++row) {
    hashes[row] = Step(hashes[row], flat->IsNull(row) ? kNull : nested[static_cast<size_t>(row)]);
  }
}

void StepColumn(const ColumnPtr& shared, int32_t rows, uint64_t* hashes) {
  const Column& column = *shared;
  if (column.type().IsTimestamp()) return StepTimestamps(column, rows, hashes);
  switch (column.physical()) {
    case PhysicalType::kBool:
      return StepNumbers<uint8_t>(column, rows, hashes);
    case PhysicalType::kInt8:
      return StepNumbers<int8_t>(column, rows, hashes);
    case PhysicalType::kInt16:
      return StepNumbers<int16_t>(column, rows, hashes);
    case PhysicalType::kInt32:
      return StepNumbers<int32_t>(column, rows, hashes);
    case PhysicalType::kInt64:
      return StepNumbers<int64_t>(column, rows, hashes);
    case PhysicalType::kInt128:
      return StepValues<int128_t>(column, rows, hashes, [](uint64_t a, const int128_t& value) {
        return Step(Step(a, static_cast<uint64_t>(value)), static_cast<uint64_t>(value >> 64));
      });
    case PhysicalType::kFloat:
      return StepFloats<float, uint32_t>(column, rows, hashes);
    case PhysicalType::kDouble:
      return StepFloats<double, uint64_t>(column, rows, hashes);
    case PhysicalType::kString:
      return StepValues<StringRef>(column, rows, hashes, [](uint64_t a, const StringRef& value) {
        return Step(a, BytesWord(value));
      });
    case PhysicalType::kRow:
      return StepRows(shared, rows, hashes);
    case PhysicalType::kList:
      break;
  }
  __builtin_unreachable();
}

bool IsOpaque(const LogicalType& type) {
  return type.kind() == TypeKind::kRaw || type.kind() == TypeKind::kVariant ||
         type.kind() == TypeKind::kBitmap;
}

}  // namespace

Status CheckHashable(const LogicalType& row) {
  for (const LogicalType::Field& field : row.fields()) {
    if (field.type.physical() == PhysicalType::kRow) {
      CASTOR_RETURN_NOT_OK(CheckHashable(field.type));
    } else if (field.type.physical() == PhysicalType::kList ||
               field.type.kind() == TypeKind::kNull || IsOpaque(field.type)) {
      return Status::Unsupported("hash: column " + field.name + " has type " +
                                 field.type.ToString() + ", which has no hash");
    }
  }
  return Status::OK();
}

void HashRows(std::span<const ColumnPtr> columns, int32_t rows, uint64_t* hashes) {
  std::fill_n(hashes, rows, columns.size());
  for (const ColumnPtr& column : columns) StepColumn(column, rows, hashes);
  for (int32_t row = 0; row < rows; ++row) hashes[row] = Mix(hashes[row]);
}

}  // namespace castor::connector::hash
