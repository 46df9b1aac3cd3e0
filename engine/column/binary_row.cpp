// BinaryRowCodec: what is known about rows before one is seen.
#include "column/binary_row.h"

#include <utility>

#include "column/binary_row_layout.h"
#include "column/nested_value.h"

namespace castor {

BinaryRowCodec::BinaryRowCodec(std::vector<LogicalType> types, NullForm null_form)
    : types_(std::move(types)),
      null_form_(null_form),
      header_bytes_(binary_row::HeaderBytes(types_.size())),
      fixed_part_(header_bytes_ + 8 * static_cast<int32_t>(types_.size())),
      row_width_(fixed_part_),
      null_row_(static_cast<size_t>(fixed_part_), 0),
      nested_(types_.size()) {
  bool varies = false;
  for (size_t i = 0; i < types_.size(); ++i) {
    const LogicalType& type = types_[i];
    bitmap::Set(reinterpret_cast<uint8_t*>(null_row_.data()),
                static_cast<int64_t>(i) + binary_row::kHeaderBits);
    row_width_ += binary_row::ReservedBytes(type);
    nested_[i] = NestedValueCodec::Make(type);
    varies |= nested_[i] != nullptr || type.physical() == PhysicalType::kString;
    varies |= null_form == NullForm::kNoRoom && binary_row::ReservedBytes(type) > 0;
  }
  if (varies) row_width_ = 0;
}

}  // namespace castor
