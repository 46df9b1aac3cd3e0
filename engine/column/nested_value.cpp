#include "column/nested_value.h"

#include <utility>
#include <vector>

#include "column/binary_array.h"
#include "column/gather.h"

namespace castor {
namespace {

class RowValueCodec final : public NestedValueCodec {
 public:
  explicit RowValueCodec(const LogicalType& type)
      : type_(type), codec_(type.ChildTypes(), BinaryRowCodec::NullForm::kNoRoom) {}

  void Encode(const ColumnPtr& column, EncodedRows* out) const override {
    const ColumnPtr flat = Flatten(column);
    codec_.Encode(flat->children(), flat->size(), out);
  }

  ColumnPtr Decode(std::span<const char* const> values, BufferPtr validity) const override {
    return Column::MakeRow(type_, static_cast<int32_t>(values.size()), std::move(validity),
                           codec_.Decode(values));
  }

 private:
  const LogicalType type_;
  const BinaryRowCodec codec_;
};

class ListValueCodec final : public NestedValueCodec {
 public:
  explicit ListValueCodec(const LogicalType& type) : type_(type) {
    for (const LogicalType& child : type.ChildTypes()) arrays_.emplace_back(child);
  }

  void Encode(const ColumnPtr& column, EncodedRows* out) const override {
    const ColumnPtr lists = CompactLists(Flatten(column));
    const auto count = lists->size();
    std::vector<BinaryArrayCodec::Elements> elements;
    for (size_t i = 0; i < arrays_.size(); ++i) {
      elements.push_back(arrays_[i].Prepare(lists->children()[i], lists->values<ListRef>(), count));
    }
    out->count = count;
    out->fixed_width = 0;
    out->offsets.assign(static_cast<size_t>(count) + 1, KeySizeBytes());
    out->offsets[0] = 0;
    uint32_t* sizes = out->offsets.data() + 1;
    for (size_t i = 0; i < arrays_.size(); ++i) arrays_[i].AddSizes(elements[i], sizes);
    for (int32_t i = 1; i < count; ++i) sizes[i] += sizes[i - 1];
    out->bytes.resize(out->offsets.back());
    WriteArrays(elements, out);
  }

  ColumnPtr Decode(std::span<const char* const> values, BufferPtr validity) const override {
    const auto count = static_cast<int32_t>(values.size());
    std::vector<const char*> arrays(values.begin(), values.end());
    BufferPtr refs = Buffer::Allocate(values.size() * sizeof(ListRef));
    if (is_map()) {
      for (const char*& array : arrays) array += array == nullptr ? 0 : sizeof(uint32_t);
    }
    std::vector<ColumnPtr> children = {arrays_[0].Decode(arrays, refs->as<ListRef>())};
    if (is_map()) {
      for (const char*& keys : arrays) {
        if (keys != nullptr) keys += binary_row::LoadInt(keys - sizeof(uint32_t));
      }
      children.push_back(arrays_[1].Decode(arrays, refs->as<ListRef>()));
    }
    return Column::MakeList(type_, count, std::move(refs), std::move(validity),
                            std::move(children));
  }

 private:
  bool is_map() const { return arrays_.size() == 2; }
  uint32_t KeySizeBytes() const { return is_map() ? sizeof(uint32_t) : 0; }

  void WriteArrays(const std::vector<BinaryArrayCodec::Elements>& elements,
                   EncodedRows* out) const {
    const auto count = static_cast<size_t>(out->count);
    std::vector<char*> targets(count);
    for (size_t i = 0; i < count; ++i) {
      targets[i] = out->bytes.data() + out->offsets[i] + KeySizeBytes();
    }
    arrays_[0].Write(elements[0], targets.data());
    if (!is_map()) return;
    for (size_t i = 0; i < count; ++i) {
      char* start = out->bytes.data() + out->offsets[i];
      const auto key_bytes = static_cast<uint32_t>(targets[i] - start - sizeof(uint32_t));
      binary_row::StoreInt(start, key_bytes);
    }
    arrays_[1].Write(elements[1], targets.data());
  }

  const LogicalType type_;
  std::vector<BinaryArrayCodec> arrays_;  // of elements, or of keys and values
};

}  // namespace

std::shared_ptr<const NestedValueCodec> NestedValueCodec::Make(const LogicalType& type) {
  switch (type.physical()) {
    case PhysicalType::kRow:
      return std::make_shared<RowValueCodec>(type);
    case PhysicalType::kList:
      return std::make_shared<ListValueCodec>(type);
    default:
      return nullptr;
  }
}

}  // namespace castor
