// MAP_KEYS, MAP_VALUES, MAP_ENTRIES, MAP_FROM_ARRAYS, MAP_UNION
// (org.apache.flink.table.runtime.functions.scalar.Map*Function).
#include "column/gather.h"
#include "expr/element_order.h"
#include "expr/functions/collection_shared.h"
#include "expr/functions/registry.h"
#include "expr/list_result.h"

namespace castor::expr {
namespace {

using Columns = std::vector<ColumnPtr>;

// The lists of `flat` over other children.
ColumnPtr WithChild(const Column& flat, const LogicalType& type, const ColumnPtr& child) {
  return Column::MakeList(type, flat.size(), flat.values_buffer(), flat.validity_buffer(),
                          {child->WithType(type.children()[0])});
}

struct Side {
  size_t child;

  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns, int32_t) const {
    const ColumnPtr maps = Flatten(columns[0]);
    return WithChild(*maps, type, maps->children()[child]);
  }
};

struct Entries {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns, int32_t) const {
    const ColumnPtr maps = Flatten(columns[0]);
    const LogicalType& row = type.children()[0];
    Columns fields = maps->children();
    for (size_t i = 0; i < fields.size(); ++i) {
      fields[i] = fields[i]->WithType(row.fields()[i].type);
    }
    const int32_t entries = fields[0]->size();
    return WithChild(*maps, type, Column::MakeRow(row, entries, nullptr, std::move(fields)));
  }
};

struct FromArrays {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const AnyNull null(columns);
    BufferPtr validity = AllValid(count);
    for (int32_t i = 0; i < count; ++i) {
      if (null(i)) bitmap::Clear(validity->data(), i);
    }
    const ColumnPtr keys = Compact(columns[0], validity);
    const ColumnPtr values = Compact(columns[1], validity);
    for (int32_t i = 0; i < count; ++i) {
      const int32_t key_count = keys->values<ListRef>()[i].size;
      const int32_t value_count = values->values<ListRef>()[i].size;
      if (key_count != value_count) return Mismatch(key_count, value_count);
    }
    const std::vector<LogicalType> types = type.ChildTypes();
    return ColumnPtr(Column::MakeList(
        type, count, keys->values_buffer(), std::move(validity),
        {keys->children()[0]->WithType(types[0]), values->children()[0]->WithType(types[1])}));
  }

 private:
  // Both arrays of a row then stand at the same place of their children.
  static ColumnPtr Compact(const ColumnPtr& lists, const BufferPtr& validity) {
    auto masked = std::make_shared<Column>(*Flatten(lists));
    masked->set_validity(validity);
    return CompactLists(masked);
  }
  static Status Mismatch(int32_t keys, int32_t values) {
    return Status::DataError("MAP_FROM_ARRAYS: the array of keys has " + std::to_string(keys) +
                             " elements, the array of values " + std::to_string(values));
  }
};

// The entries of the later map come first, then those of the earlier one whose keys it has not.
struct Union {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const JoinedElements joined = JoinedElements::Of(type, columns);
    const Column& keys = *joined.children[0];
    const AnyNull null(columns);
    ListResult result(type, count);
    std::vector<int32_t> entries;
    WithEquality(keys, keys, [&](auto equal) {
      for (int32_t i = 0; i < count; ++i) {
        if (null(i)) {
          result.EndNull();
          continue;
        }
        entries.clear();
        for (size_t k = 0; k < columns.size(); ++k) {
          const ListRef map = ListOperand(*columns[k])[i];
          Merge(keys, {map.offset + joined.offsets[k], map.size}, equal, &entries);
        }
        for (const int32_t entry : entries) result.Add(entry);
        result.EndList();
      }
    });
    return std::move(result).Finish(joined.children);
  }

 private:
  template <typename Equal>
  static void Merge(const Column& keys, ListRef map, Equal equal, std::vector<int32_t>* entries) {
    if (map.size == 0) return;
    std::vector<int32_t> merged;
    for (int32_t entry = map.offset; entry < map.end(); ++entry) merged.push_back(entry);
    for (const int32_t earlier : *entries) {
      bool found = false;
      for (int32_t entry = map.offset; entry < map.end() && !found; ++entry) {
        const bool null = keys.IsNull(entry), earlier_null = keys.IsNull(earlier);
        found = null || earlier_null ? null && earlier_null : equal(earlier, entry);
      }
      if (!found) merged.push_back(earlier);
    }
    *entries = std::move(merged);
  }
};

template <size_t kChild>
Result<Node*> MapSide(Call& call) {
  if (call.arity() != 1 || !IsMap(call.operand_type(0))) return call.Unsupported("only a map is");
  return MakeColumnsCall(call, call.operands, Side{kChild});
}

Result<Node*> MapEntries(Call& call) {
  if (call.arity() != 1 || !IsMap(call.operand_type(0))) return call.Unsupported("only a map is");
  return MakeColumnsCall(call, call.operands, Entries{});
}

Result<Node*> MapFromArrays(Call& call) {
  const bool arrays =
      call.arity() == 2 && IsArray(call.operand_type(0)) && IsArray(call.operand_type(1));
  if (!arrays) return call.Unsupported("only two arrays are");
  return MakeColumnsCall(call, call.operands, FromArrays{}, true);
}

Result<Node*> MapUnion(Call& call) {
  if (!IsMap(call.type())) return call.Unsupported("only maps are");
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, AllAs(call, call.type()));
  return MakeColumnsCall(call, std::move(operands), Union{});
}

constexpr FunctionEntry kFunctions[] = {
    {"MAP_KEYS", MapSide<0>},           {"MAP_VALUES", MapSide<1>}, {"MAP_ENTRIES", MapEntries},
    {"MAP_FROM_ARRAYS", MapFromArrays}, {"MAP_UNION", MapUnion},
};

}  // namespace

std::span<const FunctionEntry> CollectionMapFunctions() { return kFunctions; }

}  // namespace castor::expr
