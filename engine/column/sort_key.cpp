#include "column/sort_key.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "column/visit.h"

namespace castor {
namespace {

// Between the bytes of NULLs that come first and of those that come last.
constexpr unsigned char kNullFirst = 0;
constexpr unsigned char kValue = 1;
constexpr unsigned char kNullLast = 2;

// Flink gives these no order either.
bool IsUnordered(TypeKind kind) {
  return kind == TypeKind::kMap || kind == TypeKind::kMultiset || kind == TypeKind::kVariant ||
         kind == TypeKind::kBitmap;
}

bool HasSortOrder(const LogicalType& type) {
  const bool nested = PhysicalWidth(type.physical()) == 0 || !type.children().empty();
  return !nested && type.kind() != TypeKind::kRaw && type.kind() != TypeKind::kSymbol;
}

// A number as unsigned bits in the same order.
template <typename T>
auto OrderedBits(T value) {
  if constexpr (std::is_same_v<T, int128_t>) {
    __extension__ typedef unsigned __int128 Bits;
    return static_cast<Bits>(value) ^ (static_cast<Bits>(1) << 127);
  } else if constexpr (std::is_floating_point_v<T>) {
    using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
    constexpr Bits kSign = Bits{1} << (8 * sizeof(T) - 1);
    if (std::isnan(value)) return static_cast<Bits>(~Bits{0});
    const auto bits = std::bit_cast<Bits>(value == 0 ? T{0} : value);
    return static_cast<Bits>((bits & kSign) != 0 ? ~bits : bits | kSign);
  } else if constexpr (std::is_signed_v<T>) {
    using Bits = std::make_unsigned_t<T>;
    return static_cast<Bits>(static_cast<Bits>(value) ^ Bits{Bits{1} << (8 * sizeof(T) - 1)});
  } else {
    return value;  // BOOLEAN
  }
}

size_t SizeOf(std::string_view text) {
  size_t size = text.size() + 2;
  for (const char c : text) size += c == '\0' ? 1 : 0;
  return size;
}

// Where the key of a row is written to; `flip` is 0xff for descending fields.
struct Cursor {
  char* at;

  void Put(unsigned char byte, unsigned char flip) { *at++ = static_cast<char>(byte ^ flip); }

  template <typename T>
  void PutNumber(T value, unsigned char flip) {
    const auto bits = OrderedBits(value);
    for (size_t i = sizeof(bits); i-- > 0;) {
      Put(static_cast<unsigned char>(bits >> (8 * i)), flip);
    }
  }
  void PutText(std::string_view text, unsigned char flip) {
    for (const char c : text) {
      Put(static_cast<unsigned char>(c), flip);
      if (c == '\0') Put(0xff, flip);
    }
    Put(0, flip);
    Put(0, flip);
  }
};

void AddSizes(const Column& column, int32_t rows, std::vector<uint32_t>* sizes) {
  DispatchPhysical(column.physical(), [&]<typename T>() {
    VisitRows<T>(
        column, rows,
        [&](int32_t row, const T& value) {
          if constexpr (std::is_same_v<T, StringRef>) {
            (*sizes)[static_cast<size_t>(row)] += static_cast<uint32_t>(1 + SizeOf(value.view()));
          } else {
            (*sizes)[static_cast<size_t>(row)] += static_cast<uint32_t>(1 + sizeof(T));
          }
        },
        [&](int32_t row) { (*sizes)[static_cast<size_t>(row)] += 1; });
  });
}

void Write(const Column& column, const SortKeyField& field, int32_t rows,
           std::vector<Cursor>* cursors) {
  const unsigned char flip = field.ascending ? 0 : 0xff;
  DispatchPhysical(column.physical(), [&]<typename T>() {
    VisitRows<T>(
        column, rows,
        [&](int32_t row, const T& value) {
          Cursor& cursor = (*cursors)[static_cast<size_t>(row)];
          cursor.Put(kValue, 0);
          if constexpr (std::is_same_v<T, StringRef>) {
            cursor.PutText(value.view(), flip);
          } else {
            cursor.PutNumber(value, flip);
          }
        },
        [&](int32_t row) {
          (*cursors)[static_cast<size_t>(row)].Put(field.nulls_last ? kNullLast : kNullFirst, 0);
        });
  });
}

}  // namespace

Result<SortKeyEncoder> SortKeyEncoder::Make(const LogicalType& row,
                                            std::vector<SortKeyField> fields) {
  for (const SortKeyField& field : fields) {
    const LogicalType::Field& sorted = row.fields()[static_cast<size_t>(field.field)];
    if (IsUnordered(sorted.type.kind())) {
      return Status::InvalidArgument("column '" + sorted.name + "' of type " +
                                     sorted.type.ToString() + " has no order to sort by");
    }
    if (HasSortOrder(sorted.type)) continue;
    return Status::Unsupported("sorting by column '" + sorted.name + "' of type " +
                               sorted.type.ToString() + " is not supported");
  }
  return SortKeyEncoder(std::move(fields));
}

void SortKeyEncoder::Encode(const Batch& batch, EncodedRows* keys) const {
  const auto rows = static_cast<size_t>(batch.num_rows);
  std::vector<uint32_t> sizes(rows, 0);
  for (const SortKeyField& field : fields_) {
    AddSizes(*batch.columns[static_cast<size_t>(field.field)], batch.num_rows, &sizes);
  }
  keys->count = batch.num_rows;
  keys->fixed_width = 0;
  keys->offsets.resize(rows + 1);
  keys->offsets[0] = 0;
  for (size_t i = 0; i < rows; ++i) keys->offsets[i + 1] = keys->offsets[i] + sizes[i];
  keys->bytes.resize(keys->offsets[rows]);
  std::vector<Cursor> cursors(rows);
  for (size_t i = 0; i < rows; ++i) cursors[i].at = keys->bytes.data() + keys->offsets[i];
  for (const SortKeyField& field : fields_) {
    Write(*batch.columns[static_cast<size_t>(field.field)], field, batch.num_rows, &cursors);
  }
}

}  // namespace castor
