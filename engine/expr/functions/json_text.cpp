#include "expr/functions/json_text.h"

#include <algorithm>

#include "base/json_string.h"
#include "column/gather.h"
#include "column/string_arena.h"
#include "expr/date_time.h"
#include "expr/element_cast.h"
#include "expr/java_number_text.h"
#include "expr/json/writer.h"
#include "expr/kernels.h"
#include "expr/text_encoding.h"
#include "expr/time_text.h"
#include "expr/utf8.h"
#include "expr/variant_text.h"

namespace castor::expr {
namespace {

void AppendText(const Column& column, int32_t row, std::string* out) {
  AppendJsonString(ReplaceInvalidUtf8(At<StringRef>(column, row).view()), HexCase::kUpper, out);
}
void AppendBytes(const Column& column, int32_t row, std::string* out) {
  const std::string_view bytes = At<StringRef>(column, row).view();
  std::string text(Base64Size(bytes.size()), '\0');
  EncodeBase64(bytes, text.data());
  AppendJsonString(text, HexCase::kUpper, out);
}
void AppendBoolean(const Column& column, int32_t row, std::string* out) {
  *out += At<uint8_t>(column, row) != 0 ? "true" : "false";
}
template <typename T>
void AppendInteger(const Column& column, int32_t row, std::string* out) {
  *out += std::to_string(At<T>(column, row));
}

void AppendVariant(const Column& column, int32_t row, std::string* out) {
  AppendVariantText(At<StringRef>(column, row).view(), out);
}

// Floating point goes through BigDecimal, but for what that cannot hold.
template <typename T>
void AppendFloating(const Column& column, int32_t row, std::string* out) {
  const auto value = static_cast<double>(At<T>(column, row));
  char text[kMaxNumberText];
  const std::string_view view(text, static_cast<size_t>(WriteJavaDouble(value, text) - text));
  if (view.find_first_of("NI") != std::string_view::npos) {
    AppendJsonString(view, HexCase::kUpper, out);
  } else {
    *out += json::BigDecimalText(view);
  }
}

void AppendDecimal(const Column& column, int32_t row, std::string* out) {
  const int128_t unscaled = At<int128_t>(column, row);
  // The remainders of a negative number are negative: its least value has no opposite.
  const bool negative = unscaled < 0;
  int128_t rest = unscaled;
  std::string digits;
  do {
    const auto digit = static_cast<int>(rest % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
    rest /= 10;
  } while (rest != 0);
  *out += json::BigDecimalText((negative ? "-" : "") + digits + "E-" +
                               std::to_string(column.type().scale()));
}

// ISO_LOCAL_DATE_TIME.
void AppendTimestamp(const Column& column, int32_t row, std::string* out) {
  const Instant instant = TicksToInstant(At<int64_t>(column, row), column.type().TicksPerSecond());
  char buffer[kMaxTimeText];
  std::string text(buffer, static_cast<size_t>(WriteTimestamp(instant, 9, buffer) - buffer));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  std::replace(text.begin(), text.end(), ' ', 'T');
  if (column.type().kind() == TypeKind::kTimestampLtz) text += 'Z';
  AppendJsonString(text, HexCase::kUpper, out);
}

Result<ColumnPtr> ScalarTexts(const Column& column, AppendJson append, int32_t count) {
  MutableColumnPtr result = Column::MakeFlat(LogicalType::String(), count);
  auto* out = result->mutable_values<StringRef>();
  StringArena arena;
  std::string text;
  for (int32_t row = 0; row < count; ++row) {
    text.clear();
    if (!column.IsNull(row)) append.call(column, row, &text);
    out[row] = arena.Add(text);
  }
  result->set_validity(ValidityOf(column));
  arena.Finish(result.get());
  return ColumnPtr(std::move(result));
}

std::string_view TextOf(const Column& texts, int32_t row) {
  return texts.IsNull(row) ? "null" : texts.values<StringRef>()[row].view();
}

using Members = std::vector<std::pair<std::string_view, std::string_view>>;

// Nested values, flat: lists hold the elements of row after row.
class NestedTexts {
 public:
  explicit NestedTexts(const ColumnPtr& flat) : flat_(*flat) {}

  Status ReadChildren() {
    const std::vector<LogicalType> types = flat_.type().ChildTypes();
    for (size_t i = 0; i < types.size(); ++i) {
      const ColumnPtr child = is_list() ? flat_.children()[i] : FlatField(flat_, i);
      if (i == 0 && is_map()) {
        keys_ = Flatten(child);
        continue;
      }
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr texts, JsonTexts(Flatten(child), child->size()));
      texts_.push_back(std::move(texts));
    }
    return Status::OK();
  }

  Result<ColumnPtr> Write(int32_t count) {
    MutableColumnPtr result = Column::MakeFlat(LogicalType::String(), count);
    StringArena arena;
    for (int32_t row = 0; row < count; ++row) {
      text_.clear();
      if (!flat_.IsNull(row)) CASTOR_RETURN_NOT_OK(Append(row));
      result->mutable_values<StringRef>()[row] = arena.Add(text_);
    }
    result->set_validity(flat_.validity_buffer());
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  bool is_list() const { return flat_.physical() == PhysicalType::kList; }
  bool is_map() const { return is_list() && flat_.type().kind() != TypeKind::kArray; }

  Status Append(int32_t row) {
    if (!is_list()) {
      AppendRow(row);
      return Status::OK();
    }
    const ListRef list = flat_.values<ListRef>()[row];
    if (is_map()) return AppendMap(list);
    text_ += '[';
    for (int32_t i = list.offset; i < list.end(); ++i) {
      if (i > list.offset) text_ += ',';
      text_ += TextOf(*texts_[0], i);
    }
    text_ += ']';
    return Status::OK();
  }

  void AppendRow(int32_t row) {
    members_.clear();
    for (size_t i = 0; i < texts_.size(); ++i) {
      members_.emplace_back(flat_.type().fields()[i].name, TextOf(*texts_[i], row));
    }
    AppendJsonObject(&members_, &text_);
  }

  Status AppendMap(ListRef list) {
    members_.clear();
    for (int32_t i = list.offset; i < list.end(); ++i) {
      if (keys_->IsNull(i)) return Status::DataError("a key of a map in JSON is NULL");
      members_.emplace_back(keys_->values<StringRef>()[i].view(), TextOf(*texts_[0], i));
    }
    AppendJsonObject(&members_, &text_);
    return Status::OK();
  }

  const Column& flat_;
  ColumnPtr keys_;
  std::vector<ColumnPtr> texts_;
  Members members_;
  std::string text_;
};

}  // namespace

AppendJson ScalarAsJson(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return {AppendText};
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return {AppendBytes};
    case TypeKind::kNull:
    case TypeKind::kBoolean:
      return {AppendBoolean};
    case TypeKind::kTinyInt:
      return {AppendInteger<int8_t>};
    case TypeKind::kSmallInt:
      return {AppendInteger<int16_t>};
    case TypeKind::kInteger:
      return {AppendInteger<int32_t>};
    case TypeKind::kBigInt:
      return {AppendInteger<int64_t>};
    case TypeKind::kFloat:
      return {AppendFloating<float>};
    case TypeKind::kDouble:
      return {AppendFloating<double>};
    case TypeKind::kDecimal:
      return {AppendDecimal};
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return {AppendTimestamp};
    case TypeKind::kVariant:
      return {AppendVariant};
    default:
      return {};
  }
}

bool HasJsonForm(const LogicalType& type) {
  if (ScalarAsJson(type).call != nullptr) return true;
  const std::vector<LogicalType> parts = type.ChildTypes();
  const bool map = type.kind() == TypeKind::kMap || type.kind() == TypeKind::kMultiset;
  if (map && !parts[0].IsString()) return false;
  return !parts.empty() && std::ranges::all_of(parts, HasJsonForm);
}

Result<ColumnPtr> JsonTexts(const ColumnPtr& column, int32_t count) {
  if (IsConstantNull(*column)) return Column::MakeNull(LogicalType::String(), count);
  if (const AppendJson append = ScalarAsJson(column->type()); append.call != nullptr) {
    return ScalarTexts(*column, append, count);
  }
  const bool list = column->physical() == PhysicalType::kList;
  const ColumnPtr flat = list ? CompactLists(Flatten(column)) : Flatten(column);
  NestedTexts nested(flat);
  CASTOR_RETURN_NOT_OK(nested.ReadChildren());
  return nested.Write(count);
}

void AppendJsonObject(Members* members, std::string* out) {
  const auto key = [](const auto& member) { return member.first; };
  std::ranges::stable_sort(*members, json::KeyLess, key);
  *out += '{';
  for (size_t i = 0; i < members->size(); ++i) {
    const auto& [name, value] = (*members)[i];
    if (i + 1 < members->size() && (*members)[i + 1].first == name) continue;
    if (out->back() != '{') *out += ',';
    AppendJsonString(name, HexCase::kUpper, out);
    *out += ':';
    *out += value;
  }
  *out += '}';
}

}  // namespace castor::expr
