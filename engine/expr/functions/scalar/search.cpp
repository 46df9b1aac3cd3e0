// SEARCH: a value against the ranges of a literal, which is how plans say IN, BETWEEN and chains of
// comparisons with constants (org.apache.flink.table.planner.codegen.calls.SearchOperatorGen).
#include <algorithm>
#include <optional>
#include <vector>

#include "expr/functions/registry.h"
#include "expr/kernels.h"
#include "expr/literal.h"
#include "expr/string_compare.h"

namespace castor::expr {
namespace {

template <typename T>
bool IsLess(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, StringRef>) {
    return CompareStrings(a, b) < 0;
  } else {
    return a < b;
  }
}

enum class NullAs : uint8_t { kFalse, kTrue, kUnknown };

template <typename T>
struct Range {
  std::optional<T> lower;
  std::optional<T> upper;
  bool lower_closed;
  bool upper_closed;

  bool Contains(const T& value) const {
    const bool above = !lower || IsLess(*lower, value) || (lower_closed && *lower == value);
    const bool below = !upper || IsLess(value, *upper) || (upper_closed && value == *upper);
    return above && below;
  }
};

template <typename T>
struct SearchSet {
  std::vector<T> points;
  bool negated = false;  // the points are what is not in the set
  std::vector<Range<T>> ranges;
  std::vector<ColumnPtr> bounds;  // keeps the strings alive
};

template <typename T>
class SearchNode final : public Node {
 public:
  SearchNode(LogicalType type, Node* needle, SearchSet<T> set, NullAs null_as)
      : Node(std::move(type), {needle}), set_(std::move(set)), null_as_(null_as) {
    std::sort(set_.points.begin(), set_.points.end(), IsLess<T>);
  }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->template mutable_values<uint8_t>();
    const Operand<T> in(*column);
    if (set_.points.size() <= kFewPoints) {
      Scan(in, rows.count, out);
    } else {
      Lookup(in, rows.count, out);
    }
    Nulls(in, rows.count, result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  static constexpr size_t kFewPoints = 8;

  // A pass per point or range, which vectorises.
  void Scan(const Operand<T>& in, int32_t count, uint8_t* out) const {
    std::fill_n(out, count, static_cast<uint8_t>(set_.negated));
    for (const T& point : set_.points) {
      for (int32_t i = 0; i < count; ++i) out[i] ^= static_cast<uint8_t>(in[i] == point);
    }
    for (const Range<T>& range : set_.ranges) {
      for (int32_t i = 0; i < count; ++i) out[i] |= static_cast<uint8_t>(range.Contains(in[i]));
    }
  }

  void Lookup(const Operand<T>& in, int32_t count, uint8_t* out) const {
    for (int32_t i = 0; i < count; ++i) {
      const bool found =
          std::binary_search(set_.points.begin(), set_.points.end(), in[i], IsLess<T>);
      out[i] = found != set_.negated;
    }
  }

  void Nulls(const Operand<T>& in, int32_t count, Column* result) const {
    if (!in.MayHaveNulls()) return;
    auto* out = result->mutable_values<uint8_t>();
    for (int32_t i = 0; i < count; ++i) {
      if (!in.IsNull(i)) continue;
      out[i] = null_as_ == NullAs::kTrue;
      if (null_as_ == NullAs::kUnknown) result->SetNull(i);
    }
  }

  SearchSet<T> set_;
  const NullAs null_as_;
};

// LogicalTypeMerging.findCommonType for the pairs that literals of a SEARCH come in.
std::optional<LogicalType> CommonType(const LogicalType& a, const LogicalType& b) {
  if (a.IsString() && b.IsString()) return LogicalType::String();
  if (a.kind() == TypeKind::kDecimal && b.kind() == TypeKind::kDecimal) {
    const int scale = std::max(a.scale(), b.scale());
    const int digits = std::max(a.precision() - a.scale(), b.precision() - b.scale());
    if (digits + scale > 38) return std::nullopt;
    return LogicalType::Decimal(digits + scale, scale);
  }
  const auto is_integer = [](const LogicalType& t) {
    return t.kind() >= TypeKind::kTinyInt && t.kind() <= TypeKind::kBigInt;
  };
  if (is_integer(a) && is_integer(b)) return a.kind() > b.kind() ? a : b;
  if (a.kind() != b.kind()) return std::nullopt;
  return a.precision() >= b.precision() ? a : b;
}

// Points, or everything but points: an open range below the first, one between each two, one above.
bool AreComplementedPoints(const std::vector<plan::SargRange>& ranges) {
  if (ranges.size() < 2 || ranges.front().lower || ranges.back().upper) return false;
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].lower_closed || ranges[i].upper_closed) return false;
    if (i > 0 && (!ranges[i].lower || ranges[i].lower != ranges[i - 1].upper)) return false;
  }
  return true;
}

bool IsPoint(const plan::SargRange& range) {
  return range.lower && range.lower == range.upper && range.lower_closed && range.upper_closed;
}

template <typename T>
class SetReader {
 public:
  explicit SetReader(LogicalType type) : type_(std::move(type)) {}

  Result<SearchSet<T>> Read(const std::vector<plan::SargRange>& ranges) {
    if (AreComplementedPoints(ranges)) {
      set_.negated = true;
      for (size_t i = 1; i < ranges.size(); ++i) {
        CASTOR_RETURN_NOT_OK(AddPoint(*ranges[i].lower));
      }
      return std::move(set_);
    }
    const bool points = std::all_of(ranges.begin(), ranges.end(), IsPoint);
    for (const plan::SargRange& range : ranges) {
      if (points) {
        CASTOR_RETURN_NOT_OK(AddPoint(*range.lower));
      } else {
        CASTOR_RETURN_NOT_OK(AddRange(range));
      }
    }
    return std::move(set_);
  }

 private:
  Status Bound(const std::optional<std::string>& text, std::optional<T>* value) {
    if (!text) return Status::OK();
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, LiteralColumn(*text, type_));
    *value = column->template values<T>()[0];
    set_.bounds.push_back(column);
    return Status::OK();
  }

  Status AddPoint(const std::string& text) {
    std::optional<T> value;
    CASTOR_RETURN_NOT_OK(Bound(text, &value));
    set_.points.push_back(*value);
    return Status::OK();
  }

  Status AddRange(const plan::SargRange& range) {
    Range<T> added{{}, {}, range.lower_closed, range.upper_closed};
    CASTOR_RETURN_NOT_OK(Bound(range.lower, &added.lower));
    CASTOR_RETURN_NOT_OK(Bound(range.upper, &added.upper));
    set_.ranges.push_back(added);
    return Status::OK();
  }

  const LogicalType type_;
  SearchSet<T> set_;
};

Result<NullAs> ReadNullAs(const Call& call, const std::string& text) {
  if (text == "TRUE") return NullAs::kTrue;
  if (text == "FALSE") return NullAs::kFalse;
  if (text == "UNKNOWN") return NullAs::kUnknown;
  return call.Unsupported("NULLs as '" + text + "'");
}

Result<Node*> Search(Call& call) {
  const plan::Expression& literal = *call.expression.operands[1];
  if (!literal.literal.is_sarg) return call.Unsupported("its second operand is no search argument");
  const auto common = CommonType(call.operand_type(0), literal.type);
  if (!common || common->physical() == PhysicalType::kRow ||
      common->physical() == PhysicalType::kList) {
    return call.Unsupported("values of " + literal.type.ToString() + " cannot be searched for it");
  }
  CASTOR_ASSIGN_OR_RETURN(const NullAs null_as, ReadNullAs(call, literal.literal.sarg_null_as));
  CASTOR_ASSIGN_OR_RETURN(Node * needle,
                          call.builder.Cast(call.operands[0], common->WithNullable(true)));
  return DispatchPhysical(common->physical(), [&]<typename T>() -> Result<Node*> {
    CASTOR_ASSIGN_OR_RETURN(SearchSet<T> set, SetReader<T>(*common).Read(literal.literal.ranges));
    return call.builder.Make<SearchNode<T>>(call.type(), needle, std::move(set), null_as);
  });
}

constexpr FunctionEntry kFunctions[] = {
    {"SEARCH", Search},
};

}  // namespace

std::span<const FunctionEntry> SearchFunctions() { return kFunctions; }

}  // namespace castor::expr
