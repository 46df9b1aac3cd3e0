#include "expr/json/filter.h"

#include <optional>
#include <utility>
#include <vector>

#include "expr/json/big_decimal.h"
#include "expr/json/path.h"
#include "expr/json/writer.h"

namespace castor::expr::json {
namespace {

using FilterPtr = std::shared_ptr<const Filter>;

// What a side of a comparison comes to.
struct Value {
  enum class Type : uint8_t { kUndefined, kNull, kNumber, kString, kOther };
  Type type = Type::kUndefined;
  std::string text;  // of numbers BigDecimal's

  bool is(Type other) const { return type == other; }
};
using Type = Value::Type;

Value ValueOf(const Document& document, NodeId node) {
  switch (document.kind(node)) {
    case Kind::kNull:
      return {Type::kNull, ""};
    case Kind::kInteger:
    case Kind::kDecimal:
      return {Type::kNumber, NumberText(document, node)};
    case Kind::kString:
      return {Type::kString, std::string(document.text(node))};
    default:
      return {Type::kOther, ""};
  }
}

// A literal, or a path from the item ('@') or the document ('$').
struct Side {
  std::optional<Path> path;
  bool from_root = false;
  Value literal;

  Value Evaluate(Document* document, NodeId item) const {
    if (!path) return literal;
    NodeId node = 0;
    const bool found = path->Find(document, from_root ? document->root() : item, &node);
    return found ? ValueOf(*document, node) : Value();
  }
};

bool Equal(const Value& a, const Value& b) {
  const bool comparable = a.type == b.type || (a.is(Type::kNumber) && b.is(Type::kString)) ||
                          (a.is(Type::kString) && b.is(Type::kNumber));
  if (!comparable) return false;
  switch (a.type) {
    case Type::kNull:
      return true;
    case Type::kNumber:
      return IsBigDecimal(b.text) && CompareBigDecimals(a.text, b.text) == 0;
    case Type::kString:
      return a.text == b.text;
    default:
      return false;
  }
}

// The order of two numbers or of two strings; of others there is none.
std::optional<int> Order(const Value& a, const Value& b) {
  if (a.is(Type::kNumber) && b.is(Type::kNumber)) return CompareBigDecimals(a.text, b.text);
  if (!a.is(Type::kString) || !b.is(Type::kString)) return std::nullopt;
  return KeyLess(a.text, b.text) ? -1 : KeyLess(b.text, a.text) ? 1 : 0;
}

enum class Relation : uint8_t {
  kEqual,
  kNotEqual,
  kSameEqual,
  kNotSameEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

class Comparison final : public Filter {
 public:
  Comparison(Side left, Relation relation, Side right)
      : left_(std::move(left)), relation_(relation), right_(std::move(right)) {}

  bool Accepts(Document* document, NodeId item) const override {
    const Value a = left_.Evaluate(document, item), b = right_.Evaluate(document, item);
    switch (relation_) {
      case Relation::kEqual:
        return Equal(a, b);
      case Relation::kNotEqual:
        return !Equal(a, b);
      case Relation::kSameEqual:
        return a.type == b.type && Equal(a, b);
      case Relation::kNotSameEqual:
        return a.type != b.type || !Equal(a, b);
      default:
        break;
    }
    const std::optional<int> order = Order(a, b);
    if (!order) return false;
    switch (relation_) {
      case Relation::kLess:
        return *order < 0;
      case Relation::kLessOrEqual:
        return *order <= 0;
      case Relation::kGreater:
        return *order > 0;
      default:
        return *order >= 0;
    }
  }

 private:
  const Side left_;
  const Relation relation_;
  const Side right_;
};

class Not final : public Filter {
 public:
  explicit Not(FilterPtr operand) : operand_(std::move(operand)) {}
  bool Accepts(Document* document, NodeId item) const override {
    return !operand_->Accepts(document, item);
  }

 private:
  const FilterPtr operand_;
};

// && or ||: an operand that comes to `decides` decides.
class Junction final : public Filter {
 public:
  Junction(bool decides, std::vector<FilterPtr> operands)
      : decides_(decides), operands_(std::move(operands)) {}
  bool Accepts(Document* document, NodeId item) const override {
    for (const FilterPtr& operand : operands_) {
      if (operand->Accepts(document, item) == decides_) return decides_;
    }
    return !decides_;
  }

 private:
  const bool decides_;
  const std::vector<FilterPtr> operands_;
};

constexpr std::string_view kExistence = "it asks whether a path exists";

class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : text_(text) {}

  Result<FilterPtr> Parse() {
    CASTOR_ASSIGN_OR_RETURN(FilterPtr filter, Either());
    SkipBlanks();
    if (at_ < text_.size()) return Invalid("nothing more");
    return filter;
  }

 private:
  Status Invalid(std::string_view expected) const {
    return Status::InvalidArgument("filter '" + std::string(text_) + "': expected " +
                                   std::string(expected) + " at position " + std::to_string(at_));
  }
  Status Unsupported(std::string_view what) const {
    return Status::Unsupported("filter '" + std::string(text_) +
                               "' is not supported: " + std::string(what));
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipBlanks() {
    while (Peek() == ' ') ++at_;
  }
  bool Take(std::string_view token) {
    SkipBlanks();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  Result<FilterPtr> Either() {
    return Joined("||", true, [this] { return Both(); });
  }
  Result<FilterPtr> Both() {
    return Joined("&&", false, [this] { return Operand(); });
  }

  template <typename Next>
  Result<FilterPtr> Joined(std::string_view token, bool decides, Next&& next) {
    std::vector<FilterPtr> operands;
    do {
      CASTOR_ASSIGN_OR_RETURN(FilterPtr operand, next());
      operands.push_back(std::move(operand));
    } while (Take(token));
    if (operands.size() == 1) return operands[0];
    return FilterPtr(std::make_shared<Junction>(decides, std::move(operands)));
  }

  Result<FilterPtr> Operand() {
    if (Take("!")) {
      SkipBlanks();
      if (Peek() == '@' || Peek() == '$') return Unsupported(kExistence);
      CASTOR_ASSIGN_OR_RETURN(FilterPtr operand, Operand());
      return FilterPtr(std::make_shared<Not>(std::move(operand)));
    }
    if (!Take("(")) return Relational();
    CASTOR_ASSIGN_OR_RETURN(FilterPtr inner, Either());
    if (!Take(")")) return Invalid("')'");
    return inner;
  }

  Result<FilterPtr> Relational() {
    CASTOR_ASSIGN_OR_RETURN(Side left, ReadSide());
    SkipBlanks();
    const char next = Peek();
    if (next == ')' || next == '&' || next == '|' || next == '\0') {
      return left.path ? Unsupported(kExistence) : Invalid("a comparison");
    }
    Relation relation{};
    CASTOR_RETURN_NOT_OK(ReadRelation(&relation));
    CASTOR_ASSIGN_OR_RETURN(Side right, ReadSide());
    return FilterPtr(std::make_shared<Comparison>(std::move(left), relation, std::move(right)));
  }

  Status ReadRelation(Relation* relation) {
    const size_t start = at_;
    while (std::string_view("<>=~!").find(Peek()) != std::string_view::npos && Peek() != '\0') {
      ++at_;
    }
    const std::string_view token = text_.substr(start, at_ - start);
    constexpr std::pair<std::string_view, Relation> kRelations[] = {
        {"==", Relation::kEqual},      {"!=", Relation::kNotEqual},
        {"===", Relation::kSameEqual}, {"!==", Relation::kNotSameEqual},
        {"<", Relation::kLess},        {"<=", Relation::kLessOrEqual},
        {">", Relation::kGreater},     {">=", Relation::kGreaterOrEqual},
    };
    for (const auto& [name, value] : kRelations) {
      if (name != token) continue;
      *relation = value;
      return Status::OK();
    }
    if (token == "=~" || token.empty()) {
      return Unsupported("its operator '" +
                         std::string(token.empty() ? text_.substr(start) : token) + "'");
    }
    return Invalid("an operator");
  }

  Result<Side> ReadSide() {
    SkipBlanks();
    const char c = Peek();
    if (c == '@' || c == '$') return ReadPath();
    Side side;
    if (c == '\'' || c == '"') {
      const size_t end = text_.find(c, at_ + 1);
      if (end == std::string_view::npos) return Invalid("the end of a string");
      side.literal.type = Type::kString;
      side.literal.text = text_.substr(at_ + 1, end - at_ - 1);
      if (side.literal.text.find('\\') != std::string::npos) {
        return Unsupported("it has escapes in a string");
      }
      at_ = end + 1;
      return side;
    }
    if (c == '{' || c == '[' || c == '/') return Unsupported("it has a pattern or JSON");
    if (c == 't' || c == 'f' || c == 'n') return ReadWord();
    const size_t start = at_;
    while (IsOfNumber(Peek())) ++at_;
    side.literal.type = Type::kNumber;
    side.literal.text = text_.substr(start, at_ - start);
    if (!IsBigDecimal(side.literal.text)) return Invalid("a value");
    side.literal.text = BigDecimalText(side.literal.text);
    return side;
  }

  static bool IsOfNumber(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 'e' || c == 'E';
  }

  Result<Side> ReadWord() {
    Side side;
    if (Take("null")) {
      side.literal.type = Type::kNull;
      return side;
    }
    if (Take("true") || Take("false")) return Unsupported("it has a boolean");
    return Invalid("true, false or null");
  }

  // Up to a blank, a relation or the ')' around it; brackets are taken whole.
  Result<Side> ReadPath() {
    const size_t start = at_++;
    while (at_ < text_.size()) {
      const char c = Peek();
      if (c == '(') return Unsupported("it calls a function");
      if (std::string_view("<>=~! )&|").find(c) != std::string_view::npos) break;
      if (c != '[') {
        ++at_;
        continue;
      }
      CASTOR_RETURN_NOT_OK(SkipBrackets());
    }
    Side side;
    side.from_root = text_[start] == '$';
    CASTOR_ASSIGN_OR_RETURN(side.path, Path::Compile(text_.substr(start, at_ - start)));
    if (!side.path->definite()) return Unsupported("a path in it may lead to several values");
    return side;
  }

  Status SkipBrackets() {
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = Peek();
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == ']') {
        ++at_;
        return Status::OK();
      }
    }
    return Invalid("']'");
  }

  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<FilterPtr> Filter::Compile(std::string_view text) { return FilterParser(text).Parse(); }

}  // namespace castor::expr::json
