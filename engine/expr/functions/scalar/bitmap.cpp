// BITMAP: sets of integers, by org.apache.flink.table.runtime.functions.scalar.BitmapXxxFunction.
#include "roaring/bitmap.h"

#include <limits>
#include <string>
#include <vector>

#include "expr/functions/collection_shared.h"
#include "expr/functions/registry.h"
#include "expr/row_call.h"
#include "roaring/portable_form.h"

namespace castor::expr {
namespace {

using roaring::Bitmap;
using Columns = std::vector<ColumnPtr>;

bool AreBitmaps(const Call& call, size_t arity) {
  for (const Node* operand : call.operands) {
    if (operand->type().kind() != TypeKind::kBitmap) return false;
  }
  return call.arity() == arity;
}

template <void (Bitmap::*combine)(const Bitmap&)>
struct Combine {
  bool operator()(RowScope& scope, const StringRef& left, const StringRef& right,
                  StringRef* out) const {
    Bitmap set = Bitmap::Of(left.view());
    (set.*combine)(Bitmap::Of(right.view()));
    std::string bytes;
    set.Write(&bytes);
    *out = scope.arena().Add(bytes);
    return true;
  }
};

template <void (Bitmap::*combine)(const Bitmap&)>
Result<Node*> MakeCombine(Call& call) {
  if (!AreBitmaps(call, 2)) return call.Unsupported("only two bitmaps are");
  return call.builder.Make<RowNode<Combine<combine>, StringRef, StringRef, StringRef>>(
      call.type(), call.operands);
}

struct CardinalityOfBitmap {
  bool operator()(RowScope&, const StringRef& bytes, int64_t* out) const {
    *out = static_cast<int64_t>(roaring::CardinalityOf(bytes.view()));
    return true;
  }
};

Result<Node*> MakeCardinality(Call& call) {
  if (!AreBitmaps(call, 1)) return call.Unsupported("only a bitmap is");
  return call.builder.Make<RowNode<CardinalityOfBitmap, int64_t, StringRef>>(call.type(),
                                                                             call.operands);
}

struct FromBytes {
  bool operator()(RowScope& scope, const StringRef& bytes, StringRef* out) const {
    auto set = Bitmap::Read(bytes.view());
    if (!set) return scope.Fail([] { return "Failed to deserialize bitmap from bytes."; });
    std::string written;
    set->WriteAsRead(&written);
    *out = scope.arena().Add(written);
    return true;
  }
};

Result<Node*> MakeFromBytes(Call& call) {
  const TypeKind kind = call.arity() == 1 ? call.operand_type(0).kind() : TypeKind::kNull;
  if (kind != TypeKind::kBinary && kind != TypeKind::kVarBinary) {
    return call.Unsupported("only bytes are");
  }
  return call.builder.Make<RowNode<FromBytes, StringRef, StringRef>>(call.type(), call.operands,
                                                                     FromBytes{}, OnError::kFail);
}

// What a column holds of a bitmap, and what its cast to STRING gives.
Result<Node*> MakeConversion(Call& call) {
  if (!AreBitmaps(call, 1)) return call.Unsupported("only a bitmap is");
  return call.builder.Cast(call.operands[0], call.type());
}

// NULL elements are left out.
struct Build {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const auto* elements = lists.elements.values<int32_t>();
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    StringArena arena;
    std::vector<uint32_t> values;
    std::string bytes;
    for (int32_t i = 0; i < count; ++i) {
      bytes.clear();
      if (null(i)) {
        result->SetNull(i);
      } else {
        values.clear();
        for (int32_t row = lists[i].offset; row < lists[i].end(); ++row) {
          if (!lists.elements.IsNull(row)) values.push_back(static_cast<uint32_t>(elements[row]));
        }
        Bitmap set;
        set.AddAll(values);
        set.Write(&bytes);
      }
      result->mutable_values<StringRef>()[i] = arena.Add(bytes);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }
};

Result<Node*> MakeBuild(Call& call) {
  const bool fits = call.arity() == 1 && IsArray(call.operand_type(0)) &&
                    call.operand_type(0).children()[0].kind() == TypeKind::kInteger;
  if (!fits) return call.Unsupported("only an array of INT is");
  return MakeColumnsCall(call, call.operands, Build{});
}

struct ToArray {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const Operand<StringRef> bitmaps(*columns[0]);
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    std::vector<uint32_t> all;
    for (int32_t i = 0; i < count; ++i) {
      const size_t first = all.size();
      if (null(i)) {
        result->SetNull(i);
      } else {
        const std::string_view bytes = bitmaps[i].view();
        if (first + roaring::CardinalityOf(bytes) > std::numeric_limits<int32_t>::max()) {
          return Status::DataError("Failed to convert bitmap to an array. (row " +
                                   std::to_string(i) + " of the batch)");
        }
        const std::vector<uint32_t> values = Bitmap::Of(bytes).Values();
        all.insert(all.end(), values.begin(), values.end());
      }
      result->mutable_values<ListRef>()[i] = {static_cast<int32_t>(first),
                                              static_cast<int32_t>(all.size() - first)};
    }
    MutableColumnPtr elements =
        Column::MakeFlat(type.children()[0], static_cast<int32_t>(all.size()));
    std::copy(all.begin(), all.end(), elements->mutable_values<int32_t>());
    result->mutable_children()[0] = std::move(elements);
    return ColumnPtr(std::move(result));
  }
};

Result<Node*> MakeToArray(Call& call) {
  if (!AreBitmaps(call, 1)) return call.Unsupported("only a bitmap is");
  return MakeColumnsCall(call, call.operands, ToArray{}, true);
}

constexpr FunctionEntry kFunctions[] = {
    {"BITMAP_AND", MakeCombine<&Bitmap::And>},
    {"BITMAP_ANDNOT", MakeCombine<&Bitmap::AndNot>},
    {"BITMAP_BUILD", MakeBuild},
    {"BITMAP_CARDINALITY", MakeCardinality},
    {"BITMAP_FROM_BYTES", MakeFromBytes},
    {"BITMAP_OR", MakeCombine<&Bitmap::Or>},
    {"BITMAP_TO_ARRAY", MakeToArray},
    {"BITMAP_TO_BYTES", MakeConversion},
    {"BITMAP_TO_STRING", MakeConversion},
    {"BITMAP_XOR", MakeCombine<&Bitmap::Xor>},
};

}  // namespace

std::span<const FunctionEntry> BitmapFunctions() { return kFunctions; }

}  // namespace castor::expr
