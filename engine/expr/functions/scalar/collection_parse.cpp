// Collections that a regular expression finds in text: REGEXP_EXTRACT_ALL
// (RegexpExtractAllFunction) and STR_TO_MAP (SqlFunctionUtils.strToMap).
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "expr/functions/collection_shared.h"
#include "expr/functions/pieces.h"
#include "expr/functions/registry.h"
#include "expr/input_nodes.h"
#include "expr/java_hash_order.h"
#include "expr/regex/java_regex.h"
#include "expr/regex/pattern_cache.h"
#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

using regex::JavaRegex;
using regex::PatternCache;
using regex::RegexMatcher;
using regex::Span;
using Columns = std::vector<ColumnPtr>;
using Outcome = RegexMatcher::Outcome;

const PatternCache::Entry& Compiled(PatternCache& cache, const StringRef& pattern) {
  return cache.Find(pattern.view(), [](std::string_view text) { return JavaRegex::Compile(text); });
}

// A text as Java sees it, in `storage` if that differs.
std::string_view JavaText(const StringRef& text, std::string* storage) {
  if (IsValidUtf8(text.view())) return text.view();
  return *storage = ReplaceInvalidUtf8(text.view());
}

// A constant pattern that this engine cannot run is refused before any row.
Status CheckPattern(Call& call, size_t operand) {
  const auto pattern = ConstantText(call, operand);
  if (!pattern) return Status::OK();
  const Status status = JavaRegex::Compile(*pattern).status();
  return status.code() == StatusCode::kUnsupported ? status : Status::OK();
}

// A pattern that Java does not take fails the row that has it.
Status ErrorOfRow(const Status& status) {
  if (status.code() != StatusCode::kInvalidArgument) return status;
  return Status::DataError(status.message());
}

// --- REGEXP_EXTRACT_ALL ---

// Operands: text, pattern, and perhaps the number of a group.
struct ExtractAll {
  PatternCache cache;

  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns, int32_t count) {
    const Operand<StringRef> text(*columns[0]);
    const Operand<StringRef> pattern(*columns[1]);
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    Pieces pieces;
    for (int32_t i = 0; i < count; ++i) {
      const int32_t first = pieces.size();
      bool valid = !null(i);
      if (valid) {
        const int64_t group = columns.size() > 2 ? Operand<int64_t>(*columns[2])[i] : 1;
        const PatternCache::Entry& entry = Compiled(cache, pattern[i]);
        if (entry.status.code() == StatusCode::kUnsupported) return entry.status;
        valid = entry.matcher != nullptr && group >= 0 && group <= entry.matcher->group_count();
        if (valid) CASTOR_RETURN_NOT_OK(AddMatches(*entry.matcher, text[i], group, &pieces));
      }
      if (!valid) result->SetNull(i);
      result->mutable_values<ListRef>()[i] = {first, pieces.size() - first};
    }
    result->mutable_children()[0] = pieces.Finish(type.children()[0]);
    return ColumnPtr(std::move(result));
  }

  static Status AddMatches(RegexMatcher& matcher, const StringRef& text, int64_t group,
                           Pieces* pieces) {
    std::string storage;
    const std::string_view java = JavaText(text, &storage);
    Outcome outcome = matcher.Find(java);
    for (; outcome == Outcome::kMatch; outcome = matcher.FindNext(java)) {
      const Span span = matcher.group(static_cast<int32_t>(group));
      span.any() ? pieces->Add(span.Of(java)) : pieces->AddNull();
    }
    return outcome == Outcome::kNone ? Status::OK() : Status::DataError(matcher.error(java));
  }
};

Result<Node*> RegexpExtractAll(Call& call) {
  Result<std::vector<Node*>> operands =
      call.arity() == 2 ? OperandsAs(call, {Want::kText, Want::kText})
                        : OperandsAs(call, {Want::kText, Want::kText, Want::kLong});
  CASTOR_RETURN_NOT_OK(operands.status());
  CASTOR_RETURN_NOT_OK(CheckPattern(call, 1));
  return MakeColumnsCall(call, std::move(operands).value(), ExtractAll{}, true);
}

// --- STR_TO_MAP ---

// String.split with a limit of 0 (no empty pieces at the end) and of 2. The pieces are parts of
// `text`.
Status Split(RegexMatcher& matcher, std::string_view text, bool into_two,
             std::vector<std::string_view>* pieces) {
  pieces->clear();
  size_t index = 0;
  Outcome outcome = matcher.Find(text);
  for (; outcome == Outcome::kMatch; outcome = matcher.FindNext(text)) {
    const Span match = matcher.group(0);
    if (match.end == 0) continue;  // nothing stands before an empty match at the start
    pieces->push_back(text.substr(index, match.begin - index));
    index = match.end;
    if (into_two) break;
  }
  if (outcome == Outcome::kError) return Status::DataError(matcher.error(text));
  const bool found = !pieces->empty();
  pieces->push_back(text.substr(index));
  while (found && !into_two && !pieces->empty() && pieces->back().empty()) pieces->pop_back();
  return Status::OK();
}

// The entries of one text, in the order of Java's map.
class Entries {
 public:
  void Clear() {
    keys_.clear();
    values_.clear();
    index_.clear();
  }
  void Put(std::string_view key, std::optional<std::string_view> value) {
    const auto [found, added] = index_.emplace(key, keys_.size());
    if (!added) {
      values_[found->second] = value;
      return;
    }
    keys_.push_back(key);
    values_.push_back(value);
  }
  void AppendTo(int32_t expected, Pieces* keys, Pieces* values) const {
    for (const int32_t i : JavaHashOrder(keys_, expected)) {
      const auto& value = values_[static_cast<size_t>(i)];
      keys->Add(keys_[static_cast<size_t>(i)]);
      value ? values->Add(*value) : values->AddNull();
    }
  }

 private:
  std::vector<std::string_view> keys_;
  std::vector<std::optional<std::string_view>> values_;
  std::unordered_map<std::string_view, size_t> index_;
};

// Operands: text, delimiter of entries, delimiter of key and value.
struct ParseMap {
  PatternCache cache;
  PatternCache pair_cache;
  Entries entries;
  std::vector<std::string_view> parts;
  std::vector<std::string_view> pair;

  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns, int32_t count) {
    const Operand<StringRef> text(*columns[0]);
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    Pieces keys, values;
    for (int32_t i = 0; i < count; ++i) {
      const int32_t first = keys.size();
      if (null(i)) {
        result->SetNull(i);
      } else if (text[i].size() > 0) {
        CASTOR_RETURN_NOT_OK(Parse(columns, i, &keys, &values));
      }
      result->mutable_values<ListRef>()[i] = {first, keys.size() - first};
    }
    result->mutable_children()[0] = keys.Finish(type.children()[0]);
    result->mutable_children()[1] = values.Finish(type.children()[1]);
    return ColumnPtr(std::move(result));
  }

  Status Parse(const Columns& columns, int32_t row, Pieces* keys, Pieces* values) {
    const PatternCache::Entry& list = Compiled(cache, Operand<StringRef>(*columns[1])[row]);
    const PatternCache::Entry& of_pair = Compiled(pair_cache, Operand<StringRef>(*columns[2])[row]);
    CASTOR_RETURN_NOT_OK(ErrorOfRow(list.status));
    std::string storage;
    const StringRef& text = Operand<StringRef>(*columns[0])[row];
    CASTOR_RETURN_NOT_OK(Split(*list.matcher, JavaText(text, &storage), false, &parts));
    entries.Clear();
    for (const std::string_view part : parts) {
      CASTOR_RETURN_NOT_OK(ErrorOfRow(of_pair.status));
      CASTOR_RETURN_NOT_OK(Split(*of_pair.matcher, part, true, &pair));
      if (pair.size() < 2) {
        entries.Put(part, std::nullopt);
      } else {
        entries.Put(pair[0], pair[1]);
      }
    }
    entries.AppendTo(static_cast<int32_t>(parts.size()), keys, values);
    return Status::OK();
  }
};

Node* TextConstant(Call& call, std::string_view text) {
  MutableColumnPtr value = Column::MakeConstant(LogicalType::String(false), 1);
  value->mutable_values<StringRef>()[0] = StringRef(text);
  return call.builder.Make<ConstantNode>(ColumnPtr(std::move(value)));
}

Result<Node*> StrToMap(Call& call) {
  if (call.arity() == 1) {
    call.operands.push_back(TextConstant(call, ","));
    call.operands.push_back(TextConstant(call, "="));
  } else {
    CASTOR_RETURN_NOT_OK(CheckPattern(call, 1));
    CASTOR_RETURN_NOT_OK(CheckPattern(call, 2));
  }
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands,
                          OperandsAs(call, {Want::kText, Want::kText, Want::kText}));
  return MakeColumnsCall(call, std::move(operands), ParseMap{}, true);
}

constexpr FunctionEntry kFunctions[] = {
    {"REGEXP_EXTRACT_ALL", RegexpExtractAll},
    {"STR_TO_MAP", StrToMap},
};

}  // namespace

std::span<const FunctionEntry> CollectionParseFunctions() { return kFunctions; }

}  // namespace castor::expr
