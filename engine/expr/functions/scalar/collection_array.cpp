// Arrays made of arrays: ARRAY_APPEND, ARRAY_PREPEND, ARRAY_CONCAT, ARRAY_REVERSE, ARRAY_SLICE,
// ARRAY_SORT (org.apache.flink.table.runtime.functions.scalar.Array*Function).
#include <algorithm>

#include "column/gather.h"
#include "expr/element_order.h"
#include "expr/functions/collection_shared.h"
#include "expr/functions/registry.h"
#include "expr/java_sort.h"
#include "expr/list_result.h"

namespace castor::expr {
namespace {

using Columns = std::vector<ColumnPtr>;

struct Append {
  bool at_front;

  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const AnyNull null(columns, 0, 1);
    const Columns sources{lists.lists.children()[0], Flatten(columns[1])};
    const int32_t shift = lists.elements.size();
    ListResult result(type, count);
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) {
        result.EndNull();
        continue;
      }
      if (at_front) result.Add(shift + i);
      result.AddRun(lists[i]);
      if (!at_front) result.Add(shift + i);
      result.EndList();
    }
    return std::move(result).Finish({Concat(sources)});
  }
};

struct ConcatArrays {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const JoinedElements joined = JoinedElements::Of(type, columns);
    const AnyNull null(columns);
    ListResult result(type, count);
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) {
        result.EndNull();
        continue;
      }
      for (size_t k = 0; k < columns.size(); ++k) {
        const ListRef list = ListOperand(*columns[k])[i];
        result.AddRun({list.offset + joined.offsets[k], list.size});
      }
      result.EndList();
    }
    return std::move(result).Finish(joined.children);
  }
};

struct Reverse {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const AnyNull null(columns);
    ListResult result(type, count);
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) {
        result.EndNull();
        continue;
      }
      const ListRef list = lists[i];
      for (int32_t row = list.end() - 1; row >= list.offset; --row) result.Add(row);
      result.EndList();
    }
    return std::move(result).Finish(columns[0]->children());
  }
};

// The elements stay where they are.
struct SliceArrays {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const Operand<int32_t> from(*columns[1]);
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    auto* refs = result->mutable_values<ListRef>();
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) {
        result->SetNull(i);
        continue;
      }
      const ListRef list = lists[i];
      const int32_t to = columns.size() > 2 ? Operand<int32_t>(*columns[2])[i] : list.size;
      refs[i] = Sliced(list, from[i], to);
    }
    result->mutable_children() = columns[0]->WithType(type)->children();
    return ColumnPtr(std::move(result));
  }

 private:
  static ListRef Sliced(ListRef list, int64_t start, int64_t end) {
    if (list.size == 0) return list;
    if (start < 0) start += list.size + 1;
    if (end < 0) end += list.size + 1;
    start = std::max<int64_t>(1, start);
    end = end == 0 ? 1 : std::min<int64_t>(end, list.size);
    if (end < start) return {list.offset, 0};
    return {list.offset + static_cast<int32_t>(start - 1), static_cast<int32_t>(end - start + 1)};
  }
};

// Operands: the array, and perhaps whether ascending, and whether NULLs come first.
struct Sort {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const AnyNull null(columns);
    ListResult result(type, count);
    WithOrder(lists.elements, [&](auto greater) {
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) {
          result.EndNull();
          continue;
        }
        const bool ascending = columns.size() < 2 || Operand<uint8_t>(*columns[1])[i] != 0;
        const bool nulls_first =
            columns.size() < 3 ? ascending : Operand<uint8_t>(*columns[2])[i] != 0;
        AddSorted(lists, lists[i], ascending, nulls_first, greater, &result);
        result.EndList();
      }
    });
    return std::move(result).Finish(columns[0]->children());
  }

 private:
  template <typename Greater>
  static void AddSorted(const ListOperand& lists, ListRef list, bool ascending, bool nulls_first,
                        Greater greater, ListResult* result) {
    int32_t nulls = 0;
    for (int32_t row = list.offset; row < list.end(); ++row) nulls += lists.elements.IsNull(row);
    for (int32_t i = 0; nulls_first && i < nulls; ++i) result->Add(-1);
    const auto start = result->end() - result->begin();
    for (int32_t row = list.offset; row < list.end(); ++row) {
      if (!lists.elements.IsNull(row)) result->Add(row);
    }
    // ArraySortFunction's comparator never answers 0.
    JavaSort(result->mutable_begin() + start, list.size - nulls,
             [=](int32_t a, int32_t b) { return greater(a, b) == ascending ? 1 : -1; });
    for (int32_t i = 0; !nulls_first && i < nulls; ++i) result->Add(-1);
  }
};

Result<Node*> AppendTo(Call& call, bool at_front) {
  if (call.arity() != 2 || !IsArray(call.operand_type(0)) || !IsArray(call.type())) {
    return call.Unsupported("only an array and an element are");
  }
  const LogicalType& element = call.type().children()[0];
  CASTOR_ASSIGN_OR_RETURN(Node * array,
                          call.builder.Cast(call.operands[0], call.type().WithNullable(true)));
  CASTOR_ASSIGN_OR_RETURN(Node * added,
                          call.builder.Cast(call.operands[1], element.WithNullable(true)));
  return MakeColumnsCall(call, {array, added}, Append{at_front});
}
Result<Node*> ArrayAppend(Call& call) { return AppendTo(call, false); }
Result<Node*> ArrayPrepend(Call& call) { return AppendTo(call, true); }

Result<Node*> ArrayConcat(Call& call) {
  if (!IsArray(call.type())) return call.Unsupported("only arrays are");
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, AllAs(call, call.type()));
  return MakeColumnsCall(call, std::move(operands), ConcatArrays{});
}

// An array alone, or followed by operands of `kind`.
template <typename F, TypeKind kind, size_t kMin, size_t kMax>
Result<Node*> OfArray(Call& call) {
  bool fits = call.arity() >= kMin && call.arity() <= kMax && IsArray(call.operand_type(0));
  for (size_t i = 1; i < call.arity(); ++i) fits &= call.operand_type(i).kind() == kind;
  if (!fits) return call.Unsupported("its operands are of other types than Flink's");
  return MakeColumnsCall(call, call.operands, F{});
}

Result<Node*> ArraySort(Call& call) {
  if (call.arity() > 0 && IsArray(call.operand_type(0)) &&
      IsNested(call.operand_type(0).children()[0])) {
    return call.Unsupported("its elements have no order");
  }
  return OfArray<Sort, TypeKind::kBoolean, 1, 3>(call);
}

constexpr FunctionEntry kFunctions[] = {
    {"ARRAY_APPEND", ArrayAppend},
    {"ARRAY_PREPEND", ArrayPrepend},
    {"ARRAY_CONCAT", ArrayConcat},
    {"ARRAY_REVERSE", OfArray<Reverse, TypeKind::kNull, 1, 1>},
    {"ARRAY_SLICE", OfArray<SliceArrays, TypeKind::kInteger, 2, 3>},
    {"ARRAY_SORT", ArraySort},
};

}  // namespace

std::span<const FunctionEntry> CollectionArrayFunctions() { return kFunctions; }

}  // namespace castor::expr
