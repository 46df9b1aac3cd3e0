#include <limits>
#include <utility>

#include "column/string_arena.h"
#include "connector/datagen/generators.h"
#include "format/api/java_number.h"

namespace castor::connector::datagen {
namespace {

// start, start + 1, ... end; the source ends with it.
class Sequence final : public ColumnGenerator {
 public:
  Sequence(LogicalType type, int64_t start, int64_t end)
      : type_(std::move(type)), start_(start), count_(end - start + 1) {}

  int64_t row_limit() const override { return count_; }

  ColumnPtr Generate(const RowRange& rows) const override {
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    DispatchPhysical(type_.physical(), [&]<typename T>() {
      T* values = column->mutable_values<T>();
      if constexpr (std::is_same_v<T, StringRef>) {
        FillTexts(rows, values, column.get());
      } else if (type_.kind() == TypeKind::kDecimal) {
        FillDecimals(rows, column->mutable_values<int128_t>(), column.get());
      } else {
        for (int32_t i = 0; i < rows.count; ++i) values[i] = static_cast<T>(start_ + rows.row(i));
      }
    });
    return column;
  }

 private:
  // Digits of strings; eight big-endian bytes of binary.
  void FillTexts(const RowRange& rows, StringRef* values, Column* column) const {
    StringArena arena;
    std::string text;
    for (int32_t i = 0; i < rows.count; ++i) {
      const int64_t value = start_ + rows.row(i);
      text.clear();
      if (type_.IsString()) {
        format::AppendInteger(value, &text);
      } else {
        for (int shift = 56; shift >= 0; shift -= 8) {
          text += static_cast<char>(static_cast<uint64_t>(value) >> shift);
        }
      }
      values[i] = arena.Add(text);
    }
    arena.Finish(column);
  }

  void FillDecimals(const RowRange& rows, int128_t* values, Column* column) const {
    int128_t unit = 1;
    for (int32_t i = 0; i < type_.scale(); ++i) unit *= 10;
    int128_t limit = 1;
    for (int32_t i = 0; i < type_.precision(); ++i) limit *= 10;
    for (int32_t i = 0; i < rows.count; ++i) {
      values[i] = unit * (start_ + rows.row(i));
      if (values[i] >= limit || values[i] <= -limit) column->SetNull(i);
    }
  }

  const LogicalType type_;
  const int64_t start_;
  const int64_t count_;
};

// The range of start and end that Flink reads for a type.
void BoundsOf(TypeKind kind, int64_t* min, int64_t* max) {
  switch (kind) {
    case TypeKind::kTinyInt:
      *min = INT8_MIN, *max = INT8_MAX;
      break;
    case TypeKind::kSmallInt:
    case TypeKind::kFloat:
      *min = INT16_MIN, *max = INT16_MAX;
      break;
    case TypeKind::kInteger:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
      *min = INT32_MIN, *max = INT32_MAX;
      break;
    default:
      *min = INT64_MIN / 2, *max = INT64_MAX / 2;  // so that their difference is no overflow
  }
}

}  // namespace

std::unique_ptr<ColumnGenerator> MakeSequence(const std::string& name, const LogicalType& type,
                                              format::OptionReader* reader) {
  switch (type.kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInteger:
    case TypeKind::kBigInt:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
      break;
    default:
      return nullptr;
  }
  int64_t min, max;
  BoundsOf(type.kind(), &min, &max);
  const int64_t start = reader->Int(name + ".start", 0);
  const int64_t end = reader->Int(name + ".end", 0);
  if (start < min || start > max) {
    reader->Refuse(name + ".start", "out of range for " + type.ToString());
  }
  if (end < min || end > max) {
    reader->Refuse(name + ".end", "out of range for " + type.ToString());
  }
  if (end < start) reader->Refuse(name + ".end", "is less than the start");
  return std::make_unique<Sequence>(type, start, end);
}

}  // namespace castor::connector::datagen
