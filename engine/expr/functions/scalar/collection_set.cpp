// Arrays as sets: ARRAY_DISTINCT, ARRAY_UNION, ARRAY_EXCEPT, ARRAY_INTERSECT
// (org.apache.flink.table.runtime.functions.scalar.Array*Function). The first two compare element
// with element by `=`, the others look elements up by hash.
#include <algorithm>

#include "column/gather.h"
#include "expr/element_order.h"
#include "expr/functions/collection_shared.h"
#include "expr/functions/registry.h"
#include "expr/list_result.h"

namespace castor::expr {
namespace {

using Columns = std::vector<ColumnPtr>;

// Whether a run of rows holds an element that is `row`'s equal; NULL equals NULL.
template <typename Equal>
class Holds {
 public:
  Holds(const Column& elements, Equal equal) : elements_(elements), equal_(equal) {}

  bool operator()(const int32_t* begin, const int32_t* end, int32_t row) const {
    const bool null = elements_.IsNull(row);
    return std::any_of(begin, end, [&](int32_t other) {
      const bool other_null = elements_.IsNull(other);
      return null || other_null ? null && other_null : equal_(row, other);
    });
  }
  bool operator()(ListRef list, int32_t row) const {
    const bool null = elements_.IsNull(row);
    for (int32_t other = list.offset; other < list.end(); ++other) {
      const bool other_null = elements_.IsNull(other);
      if (null || other_null ? null && other_null : equal_(row, other)) return true;
    }
    return false;
  }

 private:
  const Column& elements_;
  const Equal equal_;
};

// Adds what the list being made does not hold yet.
template <typename Equal>
void AddNew(const Holds<Equal>& holds, ListRef list, ListResult* result) {
  for (int32_t row = list.offset; row < list.end(); ++row) {
    if (!holds(result->begin(), result->end(), row)) result->Add(row);
  }
}

// The elements of one or several arrays, each once.
struct Union {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const JoinedElements joined = JoinedElements::Of(type, columns);
    const Column& elements = *joined.children[0];
    const AnyNull null(columns);
    ListResult result(type, count);
    WithEquality(elements, elements, [&](auto equal) {
      const Holds holds(elements, equal);
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) {
          result.EndNull();
          continue;
        }
        for (size_t k = 0; k < columns.size(); ++k) {
          const ListRef list = ListOperand(*columns[k])[i];
          AddNew(holds, {list.offset + joined.offsets[k], list.size}, &result);
        }
        result.EndList();
      }
    });
    return std::move(result).Finish(joined.children);
  }
};

// The elements of the first array, each once, that the second one holds, or does not hold.
struct Select {
  bool held;

  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const JoinedElements joined = JoinedElements::Of(type, columns);
    const Column& elements = *joined.children[0];
    const AnyNull null(columns);
    const ListOperand first(*columns[0]);
    const ListOperand second(*columns[1]);
    ListResult result(type, count);
    WithHashedEquality(elements, [&](auto equal) {
      const Holds holds(elements, equal);
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) {
          result.EndNull();
          continue;
        }
        const ListRef other{second[i].offset + joined.offsets[1], second[i].size};
        for (int32_t row = first[i].offset; row < first[i].end(); ++row) {
          if (holds(other, row) != held) continue;
          if (!holds(result.begin(), result.end(), row)) result.Add(row);
        }
        result.EndList();
      }
    });
    return std::move(result).Finish(joined.children);
  }
};

template <size_t kArity>
Result<std::vector<Node*>> Arrays(Call& call) {
  if (call.arity() != kArity || !IsArray(call.type())) return call.Unsupported("only arrays are");
  return AllAs(call, call.type());
}

Result<Node*> ArrayDistinct(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, Arrays<1>(call));
  return MakeColumnsCall(call, std::move(operands), Union{});
}
Result<Node*> ArrayUnion(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, Arrays<2>(call));
  return MakeColumnsCall(call, std::move(operands), Union{});
}
template <bool kHeld>
Result<Node*> ArraySelect(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, Arrays<2>(call));
  return MakeColumnsCall(call, std::move(operands), Select{kHeld});
}

constexpr FunctionEntry kFunctions[] = {
    {"ARRAY_DISTINCT", ArrayDistinct},
    {"ARRAY_UNION", ArrayUnion},
    {"ARRAY_EXCEPT", ArraySelect<false>},
    {"ARRAY_INTERSECT", ArraySelect<true>},
};

}  // namespace

std::span<const FunctionEntry> CollectionSetFunctions() { return kFunctions; }

}  // namespace castor::expr
