// Functions whose accumulator is the list of the values that are there, in the order they came:
// LISTAGG, FIRST_VALUE and LAST_VALUE with retraction, ARRAY_AGG, JSON_ARRAYAGG. A value that is
// taken back is the first that equals it; where `owes` is set, one that is not there is remembered
// and taken from those that another phase brings (Flink's retractList).
//
// A Render makes the result out of the list:
//   Output             C++ type of the result
//   Get(list, delimiter, scratch, output) -> valid
// Accumulator column: {u32 bytes of the list, list, u32 bytes of what is owed, that, delimiter}.
// Single-threaded.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aggregate/row_by_row.h"
#include "aggregate/value_codec.h"
#include "aggregate/value_list.h"

namespace castor::aggregate {

struct ListOptions {
  std::string schema;
  LogicalType value_type;
  LogicalType item_type;
  bool takes_nulls = false;  // NULLs are values
  bool owes = false;
  bool delimited = false;  // a second argument is the delimiter
};

template <typename Render>
class ListFunction final
    : public RowByRow<ListFunction<Render>, typename Render::Output, /*kNullable=*/true> {
 public:
  using Output = typename Render::Output;
  using Base = RowByRow<ListFunction, Output, true>;

  explicit ListFunction(const ListOptions& options)
      : Base(options.value_type, options.schema),
        takes_nulls_(options.takes_nulls),
        owes_(options.owes),
        delimited_(options.delimited),
        codec_({options.item_type}) {}

  bool takes_nulls() const override { return takes_nulls_; }

  void Declare(LayoutBuilder* layout) override {
    layout->AddBlob(&list_);
    layout->AddBlob(&owed_);
    layout->AddBlob(&delimiter_);
  }

 private:
  friend Base;

  static void PutSized(std::string_view part, std::string* bytes) {
    const auto size = static_cast<uint32_t>(part.size());
    bytes->append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes->append(part);
  }
  static std::string_view TakeSized(std::string_view* left) {
    uint32_t size;
    std::memcpy(&size, left->data(), sizeof(size));
    const std::string_view part = left->substr(sizeof(size), size);
    left->remove_prefix(sizeof(size) + size);
    return part;
  }

  void Prepare(std::span<const ColumnPtr> arguments, const CallRows& rows) {
    rows_.clear();
    for (int32_t i = 0; i < rows.count; ++i) rows_.push_back(i);
    codec_.Encode(arguments.first(1), rows_, &items_);
  }

  Status Apply(std::span<const ColumnPtr> arguments, const CallRows& rows, int32_t row) {
    const RowOp op = Base::OpOf(rows, row);
    if (op == RowOp::kNone) return Status::OK();
    std::byte* record = rows.records[row];
    if (op == RowOp::kReset) return ResetRecord(record);
    const uint8_t* validity = arguments[0]->validity();
    const bool valid = validity == nullptr || bitmap::Get(validity, row);
    const std::string_view item = valid ? items_[static_cast<size_t>(row)] : std::string_view();
    if (delimited_) {
      const StringRef& delimiter = arguments[1]->template values<StringRef>()[row];
      CASTOR_RETURN_NOT_OK(Base::SetBlob(record, delimiter_, delimiter.view()));
    }
    return op == RowOp::kAdd ? Add(record, list_, valid, item) : Remove(record, valid, item);
  }

  Status Add(std::byte* record, int32_t offset, bool valid, std::string_view item) {
    bytes_.assign(Base::BlobOf(record, offset));
    ValueList::Append(valid, item, &bytes_);
    return Base::SetBlob(record, offset, bytes_);
  }

  Status Remove(std::byte* record, bool valid, std::string_view item) {
    const std::string_view list = Base::BlobOf(record, list_);
    ValueList::Item found;
    if (!ValueList(list).Find(valid, item, &found)) {
      return owes_ ? Add(record, owed_, valid, item) : Status::OK();
    }
    bytes_.assign(list);
    ValueList::Erase(found, &bytes_);
    return Base::SetBlob(record, list_, bytes_);
  }

  bool Get(const std::byte* record, std::string* scratch, Output* value) const {
    if (record == nullptr) return Render::Get(ValueList(""), "", scratch, value);
    return Render::Get(ValueList(Base::BlobOf(record, list_)), Base::BlobOf(record, delimiter_),
                       scratch, value);
  }

  void Put(const std::byte* record, std::string* bytes) const {
    PutSized(Base::BlobOf(record, list_), bytes);
    PutSized(Base::BlobOf(record, owed_), bytes);
    bytes->append(Base::BlobOf(record, delimiter_));
  }

  Status MergeOne(std::byte* record, std::string_view left) {
    const std::string_view list = TakeSized(&left);
    const std::string_view owed = TakeSized(&left);
    if (list.empty() && owed.empty()) return Status::OK();
    CASTOR_RETURN_NOT_OK(Base::SetBlob(record, delimiter_, left));
    bytes_.assign(Base::BlobOf(record, list_));
    bytes_.append(list);
    std::string all_owed(Base::BlobOf(record, owed_));
    all_owed.append(owed);
    std::string still_owed;
    for (size_t offset = 0; offset < all_owed.size();) {
      const ValueList::Item item = ValueList(all_owed).At(offset);
      offset = item.end();
      ValueList::Item found;
      if (ValueList(bytes_).Find(item.valid, item.value, &found)) {
        ValueList::Erase(found, &bytes_);
      } else {
        ValueList::Append(item.valid, item.value, &still_owed);
      }
    }
    CASTOR_RETURN_NOT_OK(Base::SetBlob(record, list_, bytes_));
    return Base::SetBlob(record, owed_, still_owed);
  }

  Status ResetRecord(std::byte* record) {
    CASTOR_RETURN_NOT_OK(Base::SetBlob(record, list_, {}));
    CASTOR_RETURN_NOT_OK(Base::SetBlob(record, owed_, {}));
    return Base::SetBlob(record, delimiter_, {});
  }

  const bool takes_nulls_;
  const bool owes_;
  const bool delimited_;
  ValueCodec codec_;
  int32_t list_ = 0;  // offsets
  int32_t owed_ = 0;
  int32_t delimiter_ = 0;

  std::vector<int32_t> rows_;
  std::vector<std::string_view> items_;
  std::string bytes_;
};

}  // namespace castor::aggregate
