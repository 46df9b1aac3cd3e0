#include "aggregate/encoded_values.h"

#include "aggregate/value_codec.h"
#include "column/gather.h"

namespace castor::aggregate {

void EncodedValues::Add(bool valid, std::string_view bytes) {
  if (valid) bytes_.append(bytes);
  ends_.push_back(bytes_.size());
  valid_.push_back(valid);
  any_null_ |= !valid;
}

ColumnPtr EncodedValues::Decode(const LogicalType& type) const {
  std::vector<std::string_view> values;
  std::vector<int32_t> rows(ends_.size(), -1);
  for (size_t i = 0; i < ends_.size(); ++i) {
    const size_t start = i == 0 ? 0 : ends_[i - 1];
    if (!valid_[i]) continue;
    rows[i] = static_cast<int32_t>(values.size());
    values.push_back(std::string_view(bytes_).substr(start, ends_[i] - start));
  }
  ColumnPtr decoded = ValueCodec({type}).Decode(values)[0];
  return any_null_ ? Gather(*decoded, rows.data(), size()) : decoded;
}

void ListRows::End(bool valid, int32_t elements) {
  column_->mutable_values<ListRef>()[row_] = {start_, elements - start_};
  if (!valid) column_->SetNull(row_);
  ++row_;
  start_ = elements;
}

ColumnPtr ListRows::Finish(std::vector<ColumnPtr> children) {
  column_->mutable_children() = std::move(children);
  return std::move(column_);
}

}  // namespace castor::aggregate
