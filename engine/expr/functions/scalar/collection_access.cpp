// ARRAY[...] and MAP[...], access to an element (ITEM, ELEMENT) and CARDINALITY:
// ScalarOperatorGens.generateArray, generateMap, generateArrayElementAt, generateMapGet,
// generateArrayElement. ITEM of a ROW is in row.cpp.
#include <algorithm>

#include "column/gather.h"
#include "expr/element_order.h"
#include "expr/functions/collection_access.h"
#include "expr/functions/collection_shared.h"
#include "expr/functions/registry.h"
#include "expr/row_function.h"

namespace castor::expr {
namespace {

// Of `width` columns, the values of row after row: list i is the rows [i * width, (i + 1) * width).
ColumnPtr Interleave(const LogicalType& type, const std::vector<ColumnPtr>& columns, size_t first,
                     size_t step, int32_t count) {
  std::vector<ColumnPtr> parts;
  for (size_t i = first; i < columns.size(); i += step) parts.push_back(columns[i]);
  if (parts.empty()) return Column::MakeFlat(type, 0);
  const auto width = static_cast<int32_t>(parts.size());
  std::vector<int32_t> order(static_cast<size_t>(count) * parts.size());
  for (int32_t i = 0; i < count * width; ++i) {
    order[static_cast<size_t>(i)] = i % width * count + i / width;
  }
  const ColumnPtr joined = Concat(parts);
  return Flatten(Gather(*joined, order.data(), count * width))->WithType(type);
}

// `step` columns make one element or entry.
struct Construct {
  size_t step;

  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const auto width = static_cast<int32_t>(columns.size() / step);
    BufferPtr refs = Buffer::Allocate(static_cast<size_t>(count) * sizeof(ListRef));
    for (int32_t i = 0; i < count; ++i) refs->as<ListRef>()[i] = {i * width, width};
    const std::vector<LogicalType> types = type.ChildTypes();
    std::vector<ColumnPtr> children;
    for (size_t i = 0; i < step; ++i) {
      children.push_back(Interleave(types[i], columns, i, step, count));
    }
    return ColumnPtr(Column::MakeList(type, count, std::move(refs), nullptr, std::move(children)));
  }
};

Result<Node*> Array(Call& call) {
  if (!IsArray(call.type())) return call.Unsupported("it makes no " + call.type().ToString());
  const LogicalType element = call.type().children()[0].WithNullable(true);
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    CASTOR_ASSIGN_OR_RETURN(Node * cast, call.builder.Cast(operand, element));
    operands.push_back(cast);
  }
  return MakeColumnsCall(call, std::move(operands), Construct{1});
}

// A key that stands there twice, as an expression, has the value that comes last.
Result<Node*> Map(Call& call) {
  if (!IsMap(call.type()) || call.arity() % 2 != 0) {
    return call.Unsupported("it makes no " + call.type().ToString());
  }
  std::vector<std::pair<Node*, Node*>> entries;
  for (size_t i = 0; i < call.arity(); i += 2) {
    const auto same = std::ranges::find(entries, call.operands[i], &std::pair<Node*, Node*>::first);
    if (same == entries.end()) {
      entries.emplace_back(call.operands[i], call.operands[i + 1]);
    } else {
      same->second = call.operands[i + 1];
    }
  }
  std::vector<Node*> operands;
  for (const auto& [key, value] : entries) {
    const auto& types = call.type().children();
    CASTOR_ASSIGN_OR_RETURN(Node * k, call.builder.Cast(key, types[0].WithNullable(true)));
    CASTOR_ASSIGN_OR_RETURN(Node * v, call.builder.Cast(value, types[1].WithNullable(true)));
    operands.push_back(k);
    operands.push_back(v);
  }
  return MakeColumnsCall(call, std::move(operands), Construct{2});
}

// --- access ---

struct ElementAt {
  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const Operand<int32_t> index(*columns[1]);
    const AnyNull null(columns);
    std::vector<int32_t> at(static_cast<size_t>(count), -1);
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) continue;
      const ListRef list = lists[i];
      const int32_t position = index[i];
      if (position >= 1 && position <= list.size) {
        at[static_cast<size_t>(i)] = list.offset + position - 1;
      }
    }
    return Gather(lists.elements, at.data(), count)->WithType(type);
  }
};

struct ValueOf {
  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand maps(*columns[0]);
    const Column& key = *columns[1];
    const AnyNull null(columns);
    std::vector<int32_t> at(static_cast<size_t>(count), -1);
    WithEquality(maps.elements, key, [&](auto equal) {
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) continue;
        const ListRef map = maps[i];
        const int32_t key_row = key.is_constant() ? 0 : i;
        for (int32_t entry = map.offset; entry < map.end(); ++entry) {
          if (maps.elements.IsNull(entry) || !equal(entry, key_row)) continue;
          at[static_cast<size_t>(i)] = entry;
          break;
        }
      }
    });
    return Gather(*columns[0]->children()[1], at.data(), count)->WithType(type);
  }
};

struct OnlyElement {
  Result<ColumnPtr> operator()(const LogicalType& type, const std::vector<ColumnPtr>& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const AnyNull null(columns);
    std::vector<int32_t> at(static_cast<size_t>(count), -1);
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) continue;
      const ListRef list = lists[i];
      if (list.size > 1) {
        return Status::DataError("ELEMENT: the array has more than one element (row " +
                                 std::to_string(i) + " of the batch)");
      }
      if (list.size == 1) at[static_cast<size_t>(i)] = list.offset;
    }
    return Gather(lists.elements, at.data(), count)->WithType(type);
  }
};

Result<Node*> Element(Call& call) {
  if (call.arity() != 1 || !IsArray(call.operand_type(0))) {
    return call.Unsupported("only an array is");
  }
  return MakeColumnsCall(call, call.operands, OnlyElement{}, true);
}

struct SizeOf {
  int32_t operator()(const ListRef& list) const { return list.size; }
};

Result<Node*> Cardinality(Call& call) {
  if (call.arity() != 1 || call.operand_type(0).physical() != PhysicalType::kList) {
    return call.Unsupported("only an array, a map or a multiset is");
  }
  return call.builder.Make<MapNode<SizeOf, int32_t, ListRef>>(call.type(), call.operands);
}

constexpr FunctionEntry kFunctions[] = {
    {"ARRAY", Array},
    {"MAP", Map},
    {"ELEMENT", Element},
    {"CARDINALITY", Cardinality},
};

}  // namespace

namespace {

// Flink refuses it while it generates the code (ScalarOperatorGens.generateArrayElementAt).
Status CheckIndex(Call& call, Node* index) {
  const bool literal = call.IsLiteral(1) && call.operand_type(1).kind() == TypeKind::kInteger;
  const ColumnPtr value = literal ? call.builder.ConstantValue(index) : nullptr;
  if (value == nullptr || IsConstantNull(*value) || value->values<int32_t>()[0] >= 1) {
    return Status::OK();
  }
  return Status::InvalidArgument("Array element access needs an index starting at 1 but was " +
                                 std::to_string(value->values<int32_t>()[0]) + ".");
}

}  // namespace

Result<Node*> MakeCollectionItem(Call& call) {
  const LogicalType& collection = call.operand_type(0);
  if (call.arity() != 2 || (!IsArray(collection) && !IsMap(collection))) {
    return call.Unsupported("only an array with an index or a map with a key is");
  }
  const LogicalType key = IsArray(collection) ? LogicalType::Integer() : collection.children()[0];
  CASTOR_ASSIGN_OR_RETURN(Node * index, AsComparable(call, 1, key));
  if (IsArray(collection)) CASTOR_RETURN_NOT_OK(CheckIndex(call, index));
  std::vector<Node*> operands{call.operands[0], index};
  return IsArray(collection) ? MakeColumnsCall(call, std::move(operands), ElementAt{})
                             : MakeColumnsCall(call, std::move(operands), ValueOf{});
}

std::span<const FunctionEntry> CollectionAccessFunctions() { return kFunctions; }

}  // namespace castor::expr
