// HASH_CODE, which Flink's planner uses to split DISTINCT aggregates: CodeGenUtils.hashCodeForType,
// of text SqlFunctionUtils.hashCode.
#include "column/binary_row.h"
#include "column/visit.h"
#include "expr/date_time.h"
#include "expr/decimal.h"
#include "expr/functions/registry.h"
#include "expr/java_hash.h"
#include "expr/row_function.h"
#include "expr/utf16.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

// String.hashCode() without its sign, as Math.abs has it; ASCII is its own UTF-16.
int32_t HashText(std::string_view text) {
  uint32_t hash = 0;
  if (IsAscii(text)) {
    for (const char c : text) hash = 31 * hash + static_cast<unsigned char>(c);
  } else {
    for (const char16_t unit : ToUtf16(text)) hash = 31 * hash + unit;
  }
  return static_cast<int32_t>(hash > INT32_MAX ? 0 - hash : hash);
}

// `unit`: the scale of a DECIMAL, the ticks per second of a timestamp; else without meaning.
template <typename T>
struct HashCode {
  TypeKind kind;
  int64_t unit;

  bool operator()(RowScope&, T x, int32_t* hash) const {
    *hash = Of(x);
    return true;
  }

  int32_t Of(T x) const {
    if constexpr (std::is_same_v<T, StringRef>) {
      return kind == TypeKind::kBinary || kind == TypeKind::kVarBinary ? HashBytes(x.view())
                                                                       : HashText(x.view());
    } else if constexpr (std::is_same_v<T, int128_t>) {
      return HashDecimal(x, static_cast<int32_t>(unit));
    } else if constexpr (std::is_same_v<T, double>) {
      return HashDouble(x);
    } else if constexpr (std::is_same_v<T, float>) {
      return HashFloat(x);
    } else if constexpr (std::is_same_v<T, int64_t>) {
      if (unit == 0) return HashLong(x);
      const Instant instant = TicksToInstant(x, unit);  // TimestampData.hashCode()
      const auto millis = static_cast<uint32_t>(HashLong(instant.millis));
      return static_cast<int32_t>(31 * millis + static_cast<uint32_t>(instant.nanos));
    } else {
      if (kind == TypeKind::kBoolean) return HashBoolean(x != 0);
      return static_cast<int32_t>(x);
    }
  }
};

int64_t UnitOf(const LogicalType& type) {
  if (type.kind() == TypeKind::kDecimal) return type.scale();
  return type.IsTimestamp() ? type.TicksPerSecond() : 0;
}

Result<Node*> MakeHashCode(Call& call) {
  if (call.arity() != 1) return call.Unsupported("it takes one operand");
  const LogicalType& type = call.operand_type(0);
  if (type.physical() == PhysicalType::kRow || type.physical() == PhysicalType::kList) {
    return call.Unsupported("of " + type.ToString());
  }
  Node* node = nullptr;
  DispatchPhysical(type.physical(), [&]<typename T>() {
    node = call.builder.Make<RowNode<HashCode<T>, int32_t, T>>(
        call.type(), std::vector<Node*>{call.operands[0]}, HashCode<T>{type.kind(), UnitOf(type)},
        OnError::kNull);
  });
  return node;
}

constexpr FunctionEntry kFunctions[] = {{"HASH_CODE", MakeHashCode}};

}  // namespace

std::span<const FunctionEntry> HashCodeFunctions() { return kFunctions; }

}  // namespace castor::expr
