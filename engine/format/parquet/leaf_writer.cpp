#include "format/parquet/leaf_writer.h"

#include <parquet/column_writer.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "format/parquet/parquet_schema.h"

namespace castor::format::parquet {
namespace {

template <typename ParquetType>
void WriteBatch(const typename ParquetType::c_type* values, const Levels& levels, int16_t full,
                ::parquet::ColumnWriter* writer) {
  static_cast<::parquet::TypedColumnWriter<ParquetType>*>(writer)->WriteBatch(
      static_cast<int64_t>(levels.size()), full > 0 ? levels.definitions.data() : nullptr,
      levels.repetitions.empty() ? nullptr : levels.repetitions.data(), values);
}

}  // namespace

LeafWriter::LeafWriter(const LogicalType& type, int32_t index, TimestampCodec timestamps)
    : type_(type), index_(index), timestamps_(timestamps) {}

// The values that are there, one after the other, in the form of the file.
template <typename ParquetType, typename From, typename Convert>
void LeafWriter::WriteAs(const Column& column, const Levels& levels, int16_t full,
                         ::parquet::ColumnWriter* writer, Convert convert) {
  using To = typename ParquetType::c_type;
  bytes_.resize(levels.size() * sizeof(To));
  auto* to = reinterpret_cast<To*>(bytes_.data());
  const From* from = column.values<From>();
  for (size_t row = 0; row < levels.size(); ++row) {
    if (levels.definitions[row] == full) *to++ = convert(from[row]);
  }
  WriteBatch<ParquetType>(reinterpret_cast<const To*>(bytes_.data()), levels, full, writer);
}

template <typename ParquetType, typename Value>
void LeafWriter::WriteSame(const Column& column, const Levels& levels, int16_t full,
                           ::parquet::ColumnWriter* writer) {
  static_assert(sizeof(typename ParquetType::c_type) == sizeof(Value));
  const std::vector<int16_t>& definitions = levels.definitions;
  if (std::any_of(definitions.begin(), definitions.end(),
                  [&](int16_t level) { return level != full; })) {
    WriteAs<ParquetType, Value>(column, levels, full, writer, [](Value value) { return value; });
    return;
  }
  WriteBatch<ParquetType>(
      reinterpret_cast<const typename ParquetType::c_type*>(column.values<Value>()), levels, full,
      writer);
}

void LeafWriter::WriteDecimals(const Column& column, const Levels& levels, int16_t full,
                               ::parquet::ColumnWriter* writer) {
  const auto width = static_cast<size_t>(DecimalBytes(type_.precision()));
  std::vector<uint8_t> digits(levels.size() * width);
  uint8_t* to = digits.data();
  WriteAs<::parquet::FLBAType, int128_t>(column, levels, full, writer, [&](int128_t value) {
    for (size_t i = width; i-- > 0; value >>= 8) to[i] = static_cast<uint8_t>(value);
    const ::parquet::FixedLenByteArray written(to);
    to += width;
    return written;
  });
}

void LeafWriter::WriteTimestamps(const Column& column, const Levels& levels, int16_t full,
                                 ::parquet::ColumnWriter* writer) {
  if (writer->type() == ::parquet::Type::INT64) {
    WriteAs<::parquet::Int64Type, int64_t>(
        column, levels, full, writer, [this](int64_t ticks) { return timestamps_.ToInt64(ticks); });
    if (timestamps_.TakeOverflow()) {
      throw std::out_of_range(
          "a timestamp lies outside the years that INT64 of "
          "'parquet.timestamp.time.unit' holds");
    }
    return;
  }
  WriteAs<::parquet::Int96Type, int64_t>(column, levels, full, writer, [this](int64_t ticks) {
    const Int96Parts parts = timestamps_.ToInt96(ticks);
    ::parquet::Int96 value;
    std::memcpy(value.value.data(), &parts.nanos_of_day, sizeof(parts.nanos_of_day));
    std::memcpy(value.value.data() + 2, &parts.julian_day, sizeof(parts.julian_day));
    return value;
  });
}

void LeafWriter::Write(const Column& column, const Levels& levels, int16_t full,
                       ::parquet::ColumnWriter* writer) {
  switch (type_.kind()) {
    case TypeKind::kBoolean:
      return WriteAs<::parquet::BooleanType, uint8_t>(column, levels, full, writer,
                                                      [](uint8_t value) { return value != 0; });
    case TypeKind::kTinyInt:
      return WriteAs<::parquet::Int32Type, int8_t>(column, levels, full, writer,
                                                   [](int8_t value) { return int32_t{value}; });
    case TypeKind::kSmallInt:
      return WriteAs<::parquet::Int32Type, int16_t>(column, levels, full, writer,
                                                    [](int16_t value) { return int32_t{value}; });
    case TypeKind::kInteger:
    case TypeKind::kDate:
    case TypeKind::kTime:
      return WriteSame<::parquet::Int32Type, int32_t>(column, levels, full, writer);
    case TypeKind::kBigInt:
      return WriteSame<::parquet::Int64Type, int64_t>(column, levels, full, writer);
    case TypeKind::kFloat:
      return WriteSame<::parquet::FloatType, float>(column, levels, full, writer);
    case TypeKind::kDouble:
      return WriteSame<::parquet::DoubleType, double>(column, levels, full, writer);
    case TypeKind::kDecimal:
      return WriteDecimals(column, levels, full, writer);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return WriteTimestamps(column, levels, full, writer);
    default: {
      // Short text lies in the column's values, so it is taken by reference, never by copy.
      return WriteAs<::parquet::ByteArrayType, StringRef>(
          column, levels, full, writer, [](const StringRef& text) {
            return ::parquet::ByteArray(text.size(), reinterpret_cast<const uint8_t*>(text.data()));
          });
    }
  }
}

}  // namespace castor::format::parquet
