// ARRAY_CONTAINS, ARRAY_POSITION, ARRAY_REMOVE: an element looked for in an array; ARRAY_MAX and
// ARRAY_MIN (org.apache.flink.table.runtime.functions.scalar.Array*Function).
#include "column/gather.h"
#include "expr/element_order.h"
#include "expr/functions/collection_shared.h"
#include "expr/functions/registry.h"
#include "expr/list_result.h"

namespace castor::expr {
namespace {

int32_t RowOf(const Column& column, int32_t row) { return column.is_constant() ? 0 : row; }

// Calls `visit(matches)` with `matches(element, row)`: whether an element equals the needle of a
// row, where NULL equals NULL.
template <typename Visit>
void WithNeedle(const Column& elements, const Column& needles, Visit&& visit) {
  const bool nulls = elements.MayHaveNulls() || needles.MayHaveNulls();
  WithEquality(elements, needles, [&](auto equal) {
    if (!nulls) {
      visit([&](int32_t element, int32_t row) { return equal(element, RowOf(needles, row)); });
    } else {
      visit([&](int32_t element, int32_t row) {
        const bool null = elements.IsNull(element);
        if (null || needles.IsNull(row)) return null && needles.IsNull(row);
        return equal(element, RowOf(needles, row));
      });
    }
  });
}

// The place of the first match in each list from 1; 0: none.
std::vector<int32_t> FirstMatches(const ListOperand& lists, const Column& needles, int32_t count) {
  std::vector<int32_t> positions(static_cast<size_t>(count), 0);
  WithNeedle(lists.elements, needles, [&](auto matches) {
    for (int32_t i = 0; i < count; ++i) {
      const ListRef list = lists[i];
      for (int32_t k = 0; k < list.size; ++k) {
        if (!matches(list.offset + k, i)) continue;
        positions[static_cast<size_t>(i)] = k + 1;
        break;
      }
    }
  });
  return positions;
}

struct Contains {
  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const std::vector<int32_t> positions = FirstMatches(lists, *columns[1], count);
    const AnyNull null(columns, 0, 1);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    for (int32_t i = 0; i < count; ++i) {
      result->mutable_values<uint8_t>()[i] = positions[static_cast<size_t>(i)] > 0;
      if (null(i)) result->SetNull(i);
    }
    return ColumnPtr(std::move(result));
  }
};

struct Position {
  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const std::vector<int32_t> positions = FirstMatches(lists, *columns[1], count);
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    for (int32_t i = 0; i < count; ++i) {
      result->mutable_values<int32_t>()[i] = positions[static_cast<size_t>(i)];
      if (null(i)) result->SetNull(i);
    }
    return ColumnPtr(std::move(result));
  }
};

struct Remove {
  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const AnyNull null(columns, 0, 1);
    ListResult result(type, count);
    WithNeedle(lists.elements, *columns[1], [&](auto matches) {
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) {
          result.EndNull();
          continue;
        }
        const ListRef list = lists[i];
        for (int32_t row = list.offset; row < list.end(); ++row) {
          if (!matches(row, i)) result.Add(row);
        }
        result.EndList();
      }
    });
    return std::move(result).Finish(columns[0]->children());
  }
};

// The first of the greatest (least) elements that are not NULL.
struct Extreme {
  bool greatest;

  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const AnyNull null(columns);
    std::vector<int32_t> at(static_cast<size_t>(count), -1);
    WithOrder(lists.elements, [&](auto greater) {
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) continue;
        const ListRef list = lists[i];
        int32_t best = -1;
        for (int32_t row = list.offset; row < list.end(); ++row) {
          if (lists.elements.IsNull(row)) continue;
          if (best < 0 || (greatest ? greater(row, best) : greater(best, row))) best = row;
        }
        at[static_cast<size_t>(i)] = best;
      }
    });
    return Gather(lists.elements, at.data(), count)->WithType(type);
  }
};

template <typename F>
Result<Node*> WithElement(Call& call) {
  if (call.arity() != 2 || !IsArray(call.operand_type(0))) {
    return call.Unsupported("only an array and an element are");
  }
  CASTOR_ASSIGN_OR_RETURN(Node * needle, AsComparable(call, 1, call.operand_type(0).children()[0]));
  return MakeColumnsCall(call, {call.operands[0], needle}, F{});
}

template <bool kGreatest>
Result<Node*> ArrayExtreme(Call& call) {
  if (call.arity() != 1 || !IsArray(call.operand_type(0)) ||
      IsNested(call.operand_type(0).children()[0])) {
    return call.Unsupported("only an array of comparable elements is");
  }
  return MakeColumnsCall(call, call.operands, Extreme{kGreatest});
}

constexpr FunctionEntry kFunctions[] = {
    {"ARRAY_CONTAINS", WithElement<Contains>}, {"ARRAY_POSITION", WithElement<Position>},
    {"ARRAY_REMOVE", WithElement<Remove>},     {"ARRAY_MAX", ArrayExtreme<true>},
    {"ARRAY_MIN", ArrayExtreme<false>},
};

}  // namespace

std::span<const FunctionEntry> CollectionSearchFunctions() { return kFunctions; }

}  // namespace castor::expr
