// COLLECT: Flink's CollectAggFunction. Each value with how often it is there, which is below zero
// where it was taken back before it came.
#include <numeric>

#include "aggregate/encoded_values.h"
#include "aggregate/row_by_row.h"
#include "aggregate/value_codec.h"

namespace castor::aggregate {
namespace {

// The accumulator is a ValueList: each item a value with its count behind it. Values that were
// counted first stand first.
class Collect final : public RowByRow<Collect, CountedValues, /*kNullable=*/false> {
 public:
  explicit Collect(const FunctionSpec& spec)
      : RowByRow(spec.call.type,
                 "COLLECT(" + spec.argument_types[0].WithNullable(true).ToString() + ")"),
        codec_({spec.argument_types[0]}) {}

  void Declare(LayoutBuilder* layout) override { layout->AddBlob(&counts_); }

 private:
  friend RowByRow;

  struct Counted {
    ValueList::Item item;
    std::string_view value;
    int32_t count;
  };

  static Counted Split(const ValueList::Item& item) {
    const size_t bytes = item.value.size() - sizeof(int32_t);
    Counted counted{item, item.value.substr(0, bytes), 0};
    std::memcpy(&counted.count, item.value.data() + bytes, sizeof(int32_t));
    return counted;
  }
  static bool Find(const ValueList& list, std::string_view value, Counted* found) {
    for (size_t offset = 0; offset < list.size(); offset = found->item.end()) {
      *found = Split(list.At(offset));
      if (found->value == value) return true;
    }
    return false;
  }
  static void Append(std::string_view value, int32_t count, std::string* bytes) {
    std::string item(value);
    item.append(reinterpret_cast<const char*>(&count), sizeof(count));
    ValueList::Append(true, item, bytes);
  }
  // The count of an item stands right before the size at the item's end.
  static void SetCount(const Counted& counted, int32_t count, std::string* bytes) {
    const size_t place = counted.item.end() - sizeof(uint32_t) - sizeof(count);
    std::memcpy(bytes->data() + place, &count, sizeof(count));
  }

  void Prepare(std::span<const ColumnPtr> arguments, const CallRows& rows) {
    rows_.resize(static_cast<size_t>(rows.count));
    std::iota(rows_.begin(), rows_.end(), 0);
    codec_.Encode(arguments, rows_, &values_);
  }

  Status Apply(std::span<const ColumnPtr>, const CallRows& rows, int32_t row) {
    const RowOp op = OpOf(rows, row);
    std::byte* record = rows.records[row];
    if (op == RowOp::kNone) return Status::OK();
    if (op == RowOp::kReset) return ResetRecord(record);
    const std::string_view value = values_[static_cast<size_t>(row)];
    if (op == RowOp::kAdd) return Count(record, value, 1);
    bytes_.assign(BlobOf(record, counts_));
    Counted found;
    if (!Find(ValueList(bytes_), value, &found) || found.count != 1) {
      return Count(record, value, -1);
    }
    ValueList::Erase(found.item, &bytes_);
    return SetBlob(record, counts_, bytes_);
  }

  // A count may become zero, and stays: only a value that is there once goes.
  Status Count(std::byte* record, std::string_view value, int32_t count) {
    bytes_.assign(BlobOf(record, counts_));
    Counted found;
    if (Find(ValueList(bytes_), value, &found)) {
      SetCount(found, found.count + count, &bytes_);
    } else {
      Append(value, count, &bytes_);
    }
    return SetBlob(record, counts_, bytes_);
  }

  bool Get(const std::byte* record, std::string*, CountedValues* values) const {
    if (record != nullptr) values->items = ValueList(BlobOf(record, counts_));
    return true;
  }

  void Put(const std::byte* record, std::string* bytes) const {
    bytes->append(BlobOf(record, counts_));
  }
  Status MergeOne(std::byte* record, std::string_view bytes) {
    const ValueList list(bytes);
    for (size_t offset = 0; offset < list.size();) {
      const Counted counted = Split(list.At(offset));
      offset = counted.item.end();
      CASTOR_RETURN_NOT_OK(Count(record, counted.value, counted.count));
    }
    return Status::OK();
  }
  Status ResetRecord(std::byte* record) { return SetBlob(record, counts_, {}); }

  ValueCodec codec_;
  int32_t counts_ = 0;  // offset
  std::vector<int32_t> rows_;
  std::vector<std::string_view> values_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Function> MakeCollect(const FunctionSpec& spec) {
  const bool is_multiset = spec.call.type.kind() == TypeKind::kMultiset;
  if (!is_multiset || spec.argument_types.size() != 1) return nullptr;
  if (!spec.call.type.children()[0].SameLayout(spec.argument_types[0])) return nullptr;
  return std::make_unique<Collect>(spec);
}

}  // namespace castor::aggregate
