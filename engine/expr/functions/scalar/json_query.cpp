// JSON_QUERY: SqlJsonUtils.jsonQuery and its generator, JsonQueryCallGen.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "column/string_arena.h"
#include "expr/columns_node.h"
#include "expr/functions/json_reader.h"
#include "expr/functions/registry.h"
#include "expr/json/writer.h"
#include "expr/row_call.h"

namespace castor::expr {
namespace {

using json::Document;
using json::Kind;
using json::NodeId;

// What a call finds in a row, whatever it gives: a value, or a behavior to be followed.
struct JsonQuery {
  std::shared_ptr<JsonReader> reader;
  std::string wrapper;  // the names of the symbols in plans (SymbolUtil)
  std::string on_empty;
  std::string on_error;

  struct Found {
    const std::string* otherwise = nullptr;  // the behavior; nullptr: there is a value
    bool wrapped = false;                    // in an array of one
    bool refused = false;
  };

  Found Find(const StringRef& text, const StringRef& path) const {
    switch (reader->Read(text, path)) {
      case JsonReader::Outcome::kRefused:
        return {&on_error, false, true};
      case JsonReader::Outcome::kEmpty:
        return {&on_empty};
      case JsonReader::Outcome::kError:
        return {&on_error};
      case JsonReader::Outcome::kValue:
        break;
    }
    const Document& document = reader->document();
    const NodeId value = reader->value();
    const bool wrapped = wrapper == "WITH_UNCONDITIONAL_ARRAY" ||
                         (wrapper == "CONDITIONAL_ARRAY" && document.kind(value) != Kind::kArray);
    if (!wrapped && document.IsScalar(value)) return {reader->lax() ? &on_empty : &on_error};
    return {nullptr, wrapped};
  }

  std::string ErrorText(const Found& found) const {
    return found.refused ? reader->refusal() : "JSON_QUERY: " + std::string(kJsonErrorText);
  }
};

// RETURNING VARCHAR.
struct QueryText {
  JsonQuery query;

  bool operator()(RowScope& scope, const StringRef& text, const StringRef& path,
                  StringRef* out) const {
    const JsonQuery::Found found = query.Find(text, path);
    if (found.otherwise == nullptr) {
      std::string made = found.wrapped ? "[" : "";
      json::AppendValue(query.reader->document(), query.reader->value(), &made);
      if (found.wrapped) made += ']';
      *out = scope.arena().Add(made);
      return true;
    }
    if (found.refused || *found.otherwise == "ERROR") {
      return scope.Fail([&] { return query.ErrorText(found); });
    }
    if (*found.otherwise == "NULL") return false;
    *out = StringRef(std::string_view(*found.otherwise == "EMPTY_ARRAY" ? "[]" : "{}"));
    return true;
  }
};

// RETURNING ARRAY<STRING>: scalars as text, other elements as JSON.
class QueryArray {
 public:
  explicit QueryArray(JsonQuery query) : query_(std::move(query)) {}

  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& operands,
                               int32_t count) {
    const Operand<StringRef> text(*operands[0]), path(*operands[1]);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    elements_.clear();
    for (int32_t row = 0; row < count; ++row) {
      const auto first = static_cast<int32_t>(elements_.size());
      if (text.IsNull(row) || path.IsNull(row)) {
        result->SetNull(row);
      } else {
        CASTOR_ASSIGN_OR_RETURN(const bool null, AddRow(text[row], path[row]));
        if (null) result->SetNull(row);
      }
      const auto size = static_cast<int32_t>(elements_.size()) - first;
      result->mutable_values<ListRef>()[row] = {first, size};
    }
    result->mutable_children()[0] = TakeElements(type.ChildTypes()[0]);
    return ColumnPtr(std::move(result));
  }

 private:
  // Whether the row is NULL.
  Result<bool> AddRow(const StringRef& text, const StringRef& path) {
    JsonQuery::Found found = query_.Find(text, path);
    const Document& document = query_.reader->document();
    const NodeId value = query_.reader->value();
    if (found.otherwise == nullptr && !found.wrapped && document.kind(value) != Kind::kArray) {
      found.otherwise = &query_.on_error;  // an object
    }
    if (found.otherwise != nullptr) {
      if (!found.refused && *found.otherwise == "NULL") return true;
      if (!found.refused && *found.otherwise == "EMPTY_ARRAY") return false;
      return Status::DataError(query_.ErrorText(found));
    }
    if (found.wrapped) {
      AddElement(document, value);
      return false;
    }
    for (size_t i = 0; i < document.size(value); ++i) {
      AddElement(document, document.member(value, i).value);
    }
    return false;
  }

  void AddElement(const Document& document, NodeId node) {
    switch (document.kind(node)) {
      case Kind::kNull:
        return elements_.push_back(std::nullopt);
      case Kind::kTrue:
      case Kind::kFalse:
      case Kind::kString:
        return elements_.push_back(arena_.Add(document.text(node)));
      case Kind::kInteger:
      case Kind::kDecimal:
        return elements_.push_back(arena_.Add(json::NumberText(document, node)));
      case Kind::kArray:
      case Kind::kObject:
        break;
    }
    std::string text;
    json::AppendValue(document, node, &text);
    elements_.push_back(arena_.Add(text));
  }

  ColumnPtr TakeElements(const LogicalType& type) {
    MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(elements_.size()));
    for (size_t i = 0; i < elements_.size(); ++i) {
      column->mutable_values<StringRef>()[i] = elements_[i].value_or(StringRef());
      if (!elements_[i]) column->SetNull(static_cast<int32_t>(i));
    }
    arena_.Finish(column.get());
    return column;
  }

  JsonQuery query_;
  StringArena arena_;
  std::vector<std::optional<StringRef>> elements_;
};

bool IsArrayOfText(const LogicalType& type) {
  return type.kind() == TypeKind::kArray && type.ChildTypes()[0].IsString();
}

Result<Node*> MakeJsonQuery(Call& call) {
  if (call.arity() != 5) return call.Unsupported("it takes a text, a path and three symbols");
  if (!call.type().IsString() && !IsArrayOfText(call.type())) {
    return call.Unsupported("it gives no " + call.type().ToString());
  }
  CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<JsonReader> reader, MakeJsonReader(call));
  JsonQuery query{std::move(reader), SymbolText(call, 2), SymbolText(call, 3), SymbolText(call, 4)};
  call.operands.resize(2);
  if (call.type().IsString()) {
    return MakeRowCall<QueryText, StringRef, StringRef, StringRef>(
        call, {Want::kText, Want::kText}, {std::move(query)}, OnError::kFail);
  }
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands,
                          OperandsAs(call, {Want::kText, Want::kText}));
  return call.builder.Make<ColumnsNode<QueryArray>>(call.type(), std::move(operands),
                                                    QueryArray(std::move(query)), true);
}

constexpr FunctionEntry kFunctions[] = {
    {"JSON_QUERY", MakeJsonQuery},
};

}  // namespace

std::span<const FunctionEntry> JsonQueryFunctions() { return kFunctions; }

}  // namespace castor::expr
