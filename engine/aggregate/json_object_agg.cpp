// JSON_OBJECTAGG: Flink's JsonObjectAggFunction. The pairs in the order they came, keys before
// values; the result has them in the order of their keys, as java.lang.String compares.
#include <algorithm>
#include <vector>

#include "aggregate/row_by_row.h"
#include "aggregate/value_list.h"
#include "expr/utf16.h"

namespace castor::aggregate {
namespace {

// As Jackson writes the text of a field name.
void AppendJsonText(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const size_t named = std::string_view("\"\\\b\t\n\f\r").find(c);
    if (named != std::string_view::npos && c != '\0') {
      out->push_back('\\');
      out->push_back("\"\\btnfr"[named]);
    } else if (byte < 0x20) {
      out->append("\\u00");
      out->push_back(kHex[byte >> 4]);
      out->push_back(kHex[byte & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

class JsonObjectAgg final : public RowByRow<JsonObjectAgg, StringRef, /*kNullable=*/false> {
 public:
  JsonObjectAgg(LogicalType value_type, bool skips_nulls)
      : RowByRow(std::move(value_type),
                 skips_nulls ? "JSON_OBJECTAGG absent on null" : "JSON_OBJECTAGG null on null"),
        skips_nulls_(skips_nulls) {}

  bool takes_nulls() const override { return true; }
  void Declare(LayoutBuilder* layout) override { layout->AddBlob(&pairs_); }

 private:
  friend RowByRow;

  struct Pair {
    ValueList::Item key;
    ValueList::Item value;
  };

  std::string_view PairsOf(const std::byte* record) const { return BlobOf(record, pairs_); }
  Status Set(std::byte* record, std::string_view bytes) { return SetBlob(record, pairs_, bytes); }

  static Pair PairAt(const ValueList& list, size_t offset) {
    const ValueList::Item key = list.At(offset);
    return {key, list.At(key.end())};
  }
  static bool FindKey(std::string_view pairs, std::string_view key, Pair* found) {
    const ValueList list(pairs);
    for (size_t offset = 0; offset < list.size(); offset = found->value.end()) {
      *found = PairAt(list, offset);
      if (found->key.value == key) return true;
    }
    return false;
  }

  Status Apply(std::span<const ColumnPtr> arguments, const CallRows& rows, int32_t row) {
    const RowOp op = OpOf(rows, row);
    std::byte* record = rows.records[row];
    if (op == RowOp::kNone) return Status::OK();
    if (op == RowOp::kReset) return ResetRecord(record);
    if (arguments[0]->IsNull(row)) return Status::DataError("a key of JSON_OBJECTAGG is NULL");
    const std::string_view key = arguments[0]->values<StringRef>()[row].view();
    if (op == RowOp::kRetract) return Remove(record, key);
    const bool valid = !arguments[1]->IsNull(row);
    return Add(record, key, valid,
               valid ? arguments[1]->values<StringRef>()[row].view() : std::string_view());
  }

  Status Add(std::byte* record, std::string_view key, bool valid, std::string_view value) {
    Pair found;
    if (FindKey(PairsOf(record), key, &found)) {
      return Status::DataError("Key '" + std::string(key) +
                               "' is already present. Duplicate keys are not allowed in "
                               "JSON_OBJECTAGG. Please ensure that keys are unique.");
    }
    if (!valid && skips_nulls_) return Status::OK();
    bytes_.assign(PairsOf(record));
    ValueList::Append(true, key, &bytes_);
    ValueList::Append(valid, value, &bytes_);
    return Set(record, bytes_);
  }

  Status Remove(std::byte* record, std::string_view key) {
    Pair found;
    if (!FindKey(PairsOf(record), key, &found)) return Status::OK();
    bytes_.assign(PairsOf(record));
    bytes_.erase(found.key.offset, found.value.end() - found.key.offset);
    return Set(record, bytes_);
  }

  Status ResetRecord(std::byte* record) { return Set(record, {}); }
  void Put(const std::byte* record, std::string* bytes) const { bytes->append(PairsOf(record)); }

  Status MergeOne(std::byte* record, std::string_view pairs) {
    const ValueList list(pairs);
    for (size_t offset = 0; offset < list.size();) {
      const Pair pair = PairAt(list, offset);
      offset = pair.value.end();
      CASTOR_RETURN_NOT_OK(Add(record, pair.key.value, pair.value.valid, pair.value.value));
    }
    return Status::OK();
  }

  bool Get(const std::byte* record, std::string* scratch, StringRef* value) const {
    std::vector<std::pair<std::u16string, Pair>> sorted;
    const ValueList list(record == nullptr ? "" : PairsOf(record));
    for (size_t offset = 0; offset < list.size();) {
      const Pair pair = PairAt(list, offset);
      offset = pair.value.end();
      sorted.emplace_back(expr::ToUtf16(pair.key.value), pair);
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    scratch->assign("{");
    for (const auto& [name, pair] : sorted) {
      if (scratch->size() > 1) scratch->push_back(',');
      AppendJsonText(pair.key.value, scratch);
      scratch->push_back(':');
      scratch->append(pair.value.valid ? pair.value.value : "null");
    }
    scratch->push_back('}');
    *value = StringRef(*scratch);
    return true;
  }

  const bool skips_nulls_;
  int32_t pairs_ = 0;  // offset
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Function> MakeJsonObjectAgg(const FunctionSpec& spec, bool skips_nulls) {
  if (spec.argument_types.size() != 2) return nullptr;
  for (const LogicalType& type : spec.argument_types) {
    if (!type.IsString()) return nullptr;
  }
  return std::make_unique<JsonObjectAgg>(spec.call.type, skips_nulls);
}

}  // namespace castor::aggregate
