#include "format/parquet/leaf_reader.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include <cstring>
#include <utility>

namespace castor::format::parquet {
namespace {

using ParquetLogical = ::parquet::LogicalType;
using ParquetType = ::parquet::Type;

BufferPtr Wrap(const std::shared_ptr<arrow::Buffer>& buffer) {
  return Buffer::Wrap(buffer->data(), static_cast<size_t>(buffer->size()), buffer);
}

// The unit of an INT64 that is annotated as a timestamp.
bool ReadUnit(const ::parquet::ColumnDescriptor& descriptor, TimestampUnit* unit) {
  const auto& annotation = descriptor.logical_type();
  if (annotation == nullptr || !annotation->is_timestamp()) return false;
  switch (static_cast<const ::parquet::TimestampLogicalType&>(*annotation).time_unit()) {
    case ParquetLogical::TimeUnit::MILLIS:
      *unit = TimestampUnit::kMillis;
      return true;
    case ParquetLogical::TimeUnit::MICROS:
      *unit = TimestampUnit::kMicros;
      return true;
    case ParquetLogical::TimeUnit::NANOS:
      *unit = TimestampUnit::kNanos;
      return true;
    default:
      return false;
  }
}

bool IsDecimalOfScale(const ::parquet::ColumnDescriptor& descriptor, int32_t scale) {
  const auto& annotation = descriptor.logical_type();
  return annotation != nullptr && annotation->is_decimal() &&
         static_cast<const ::parquet::DecimalLogicalType&>(*annotation).scale() == scale;
}

Status Mismatch(const ::parquet::ColumnDescriptor& descriptor, const LogicalType& type) {
  std::string found = ::parquet::TypeToString(descriptor.physical_type());
  const auto& annotation = descriptor.logical_type();
  if (annotation != nullptr && !annotation->is_none()) found += " (" + annotation->ToString() + ")";
  return Status::InvalidArgument("the table declares " + type.ToString() + ", but the file holds " +
                                 found + "; declare the column as the file has it");
}

// The big-endian two's complement number of `size` bytes; false if it takes more than 128 bits.
bool ReadBigEndian(const uint8_t* bytes, int64_t size, int128_t* value) {
  const bool negative = size > 0 && (bytes[0] & 0x80) != 0;
  *value = negative ? -1 : 0;
  for (int64_t i = 0; i < size; ++i) {
    if (i < size - 16) {
      if (bytes[i] != (negative ? 0xff : 0)) return false;
    } else {
      *value = *value * 256 + bytes[i];
    }
  }
  return true;
}

int128_t PowerOfTen(int32_t exponent) {
  int128_t power = 1;
  for (int32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

Result<LeafReader::Conversion> LeafReader::Choose(const ::parquet::ColumnDescriptor& descriptor,
                                                  const LogicalType& type, int16_t lists) {
  const ParquetType::type physical = descriptor.physical_type();
  const auto only = [&](ParquetType::type wanted, Conversion conversion) -> Result<Conversion> {
    if (physical != wanted) return Mismatch(descriptor, type);
    return conversion;
  };
  if (descriptor.max_repetition_level() != lists) return Mismatch(descriptor, type);
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return only(ParquetType::BOOLEAN, Conversion::kBool);
    case TypeKind::kTinyInt:
      return only(ParquetType::INT32, Conversion::kInt8);
    case TypeKind::kSmallInt:
      return only(ParquetType::INT32, Conversion::kInt16);
    case TypeKind::kInteger:
    case TypeKind::kDate:
    case TypeKind::kTime:
      return only(ParquetType::INT32, Conversion::kSame);
    case TypeKind::kBigInt:
      return only(ParquetType::INT64, Conversion::kSame);
    case TypeKind::kFloat:
      return only(ParquetType::FLOAT, Conversion::kSame);
    case TypeKind::kDouble:
      return only(ParquetType::DOUBLE, Conversion::kSame);
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return only(ParquetType::BYTE_ARRAY, Conversion::kBytes);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      TimestampUnit unit;
      if (physical == ParquetType::INT96) return Conversion::kInt96Timestamp;
      if (physical == ParquetType::INT64 && ReadUnit(descriptor, &unit)) {
        return Conversion::kInt64Timestamp;
      }
      return Mismatch(descriptor, type);
    }
    case TypeKind::kDecimal:
      if (!IsDecimalOfScale(descriptor, type.scale())) return Mismatch(descriptor, type);
      if (physical == ParquetType::INT32) return Conversion::kInt32Decimal;
      if (physical == ParquetType::INT64) return Conversion::kInt64Decimal;
      return Conversion::kBytesDecimal;
    default:
      return Mismatch(descriptor, type);
  }
}

Result<std::unique_ptr<LeafReader>> LeafReader::Make(const ::parquet::ColumnDescriptor& descriptor,
                                                     int32_t index, const LogicalType& type,
                                                     int16_t lists, const LocalTime& zone) {
  CASTOR_ASSIGN_OR_RETURN(const Conversion conversion, Choose(descriptor, type, lists));
  TimestampUnit unit = TimestampUnit::kNanos;
  ReadUnit(descriptor, &unit);
  const int64_t ticks = type.IsTimestamp() ? type.TicksPerSecond() : 1'000;
  return std::unique_ptr<LeafReader>(
      new LeafReader(descriptor, index, type, conversion, TimestampCodec(ticks, unit, zone)));
}

LeafReader::LeafReader(const ::parquet::ColumnDescriptor& descriptor, int32_t index,
                       LogicalType type, Conversion conversion, TimestampCodec timestamps)
    : descriptor_(descriptor),
      index_(index),
      type_(std::move(type)),
      conversion_(conversion),
      timestamps_(timestamps) {}

LeafReader::~LeafReader() = default;

Status LeafReader::Open(::parquet::RowGroupReader* row_group, int64_t skip) {
  reader_ = row_group->RecordReader(index_);
  if (skip > 0 && reader_->SkipRecords(skip) != skip) {
    return Status::Corruption("the column holds fewer values than its row group has rows");
  }
  return Status::OK();
}

const int16_t* LeafReader::levels() const {
  return descriptor_.max_definition_level() > 0 ? reader_->def_levels() : nullptr;
}

const int16_t* LeafReader::repetitions() const {
  return descriptor_.max_repetition_level() > 0 ? reader_->rep_levels() : nullptr;
}

// Those of the records read: more may have been decoded.
int64_t LeafReader::level_count() const { return reader_->levels_position(); }

Result<MutableColumnPtr> LeafReader::Read(int32_t rows) {
  CASTOR_ASSIGN_OR_RETURN(MutableColumnPtr column, ReadConverted(rows));
  if (timestamps_.TakeOverflow()) {
    return Status::DataError("a value lies outside the years that " + type_.ToString() + " holds");
  }
  return column;
}

Result<MutableColumnPtr> LeafReader::ReadConverted(int32_t rows) {
  reader_->Reset();
  reader_->Reserve(rows);
  if (reader_->ReadRecords(rows) != rows) {
    return Status::Corruption("the column holds fewer values than its row group has rows");
  }
  const bool repeated = descriptor_.max_repetition_level() > 0;
  return ConvertValues(repeated ? static_cast<int32_t>(reader_->values_written()) : rows);
}

Result<MutableColumnPtr> LeafReader::ConvertValues(int32_t rows) {
  switch (conversion_) {
    case Conversion::kSame:
      return SameValues(rows);
    case Conversion::kBool:
      return Converted<uint8_t>(rows, [](uint8_t value) { return uint8_t{value != 0}; });
    case Conversion::kInt8:
      return Converted<int32_t>(rows, [](int32_t value) { return static_cast<int8_t>(value); });
    case Conversion::kInt16:
      return Converted<int32_t>(rows, [](int32_t value) { return static_cast<int16_t>(value); });
    case Conversion::kInt32Decimal:
      return Converted<int32_t>(rows, [](int32_t value) { return int128_t{value}; });
    case Conversion::kInt64Decimal:
      return Converted<int64_t>(rows, [](int64_t value) { return int128_t{value}; });
    case Conversion::kInt64Timestamp:
      return Converted<int64_t>(rows,
                                [this](int64_t value) { return timestamps_.FromInt64(value); });
    case Conversion::kInt96Timestamp:
      return Converted<::parquet::Int96>(rows, [this](const ::parquet::Int96& value) {
        Int96Parts parts;
        std::memcpy(&parts.nanos_of_day, value.value.data(), sizeof(parts.nanos_of_day));
        std::memcpy(&parts.julian_day, value.value.data() + 2, sizeof(parts.julian_day));
        return timestamps_.FromInt96(parts);
      });
    case Conversion::kBytes:
      return Bytes(rows);
    case Conversion::kBytesDecimal:
      return BytesDecimal(rows);
  }
  return Status::Internal("no such conversion");
}

BufferPtr LeafReader::TakeValidity() {
  if (!reader_->nullable_values() || reader_->null_count() == 0) return nullptr;
  return Wrap(reader_->ReleaseIsValid());
}

template <typename From, typename Convert>
MutableColumnPtr LeafReader::Converted(int32_t rows, Convert convert) {
  using To = decltype(convert(std::declval<From>()));
  MutableColumnPtr column = Column::MakeFlat(type_, rows);
  const auto* from = reinterpret_cast<const From*>(reader_->values());
  To* to = column->mutable_values<To>();
  const BufferPtr validity = TakeValidity();
  for (int32_t row = 0; row < rows; ++row) {
    const bool valid = validity == nullptr || bitmap::Get(validity->data(), row);
    to[row] = valid ? convert(from[row]) : To{};
  }
  column->set_validity(validity);
  return column;
}

Result<MutableColumnPtr> LeafReader::SameValues(int32_t rows) {
  BufferPtr validity = TakeValidity();
  return Column::MakeFlat(type_, rows, Wrap(reader_->ReleaseValues()), std::move(validity));
}

Result<MutableColumnPtr> LeafReader::Bytes(int32_t rows) {
  auto* binary = dynamic_cast<::parquet::internal::BinaryRecordReader*>(reader_.get());
  MutableColumnPtr column = Column::MakeFlat(type_, rows);
  auto* values = column->mutable_values<StringRef>();
  int32_t row = 0;
  for (const std::shared_ptr<arrow::Array>& chunk : binary->GetBuilderChunks()) {
    const auto& texts = static_cast<const arrow::BinaryArray&>(*chunk);
    for (int64_t i = 0; i < texts.length() && row < rows; ++i, ++row) {
      if (texts.IsNull(i)) {
        values[row] = StringRef();
        column->SetNull(row);
      } else {
        values[row] = StringRef(texts.GetView(i));
      }
    }
    column->AddStringBuffer(Wrap(texts.value_data()));
  }
  if (row != rows) return Status::Corruption("values of the column are missing");
  return column;
}

Result<MutableColumnPtr> LeafReader::BytesDecimal(int32_t rows) {
  auto* binary = dynamic_cast<::parquet::internal::BinaryRecordReader*>(reader_.get());
  MutableColumnPtr column = Column::MakeFlat(type_, rows);
  auto* values = column->mutable_values<int128_t>();
  const int128_t limit = PowerOfTen(type_.precision());
  int32_t row = 0;
  for (const std::shared_ptr<arrow::Array>& chunk : binary->GetBuilderChunks()) {
    const bool fixed = chunk->type_id() == arrow::Type::FIXED_SIZE_BINARY;
    for (int64_t i = 0; i < chunk->length() && row < rows; ++i, ++row) {
      values[row] = 0;
      if (chunk->IsNull(i)) {
        column->SetNull(row);
        continue;
      }
      const std::string_view bytes =
          fixed ? static_cast<const arrow::FixedSizeBinaryArray&>(*chunk).GetView(i)
                : static_cast<const arrow::BinaryArray&>(*chunk).GetView(i);
      if (!ReadBigEndian(reinterpret_cast<const uint8_t*>(bytes.data()),
                         static_cast<int64_t>(bytes.size()), &values[row]) ||
          values[row] >= limit || values[row] <= -limit) {
        return Status::DataError("a value has more digits than " + type_.ToString() + " holds");
      }
    }
  }
  if (row != rows) return Status::Corruption("values of the column are missing");
  return column;
}

}  // namespace castor::format::parquet
