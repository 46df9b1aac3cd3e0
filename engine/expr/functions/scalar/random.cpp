// RAND, RAND_INTEGER and UUID: RandCallGen. A literal seed starts one sequence for the operator,
// which every evaluated row takes the next number of; any other seed starts one for its row.
#include <cstring>
#include <optional>
#include <random>

#include "expr/functions/registry.h"
#include "expr/java_random.h"
#include "expr/kernels.h"
#include "expr/row_call.h"
#include "expr/text_encoding.h"

namespace castor::expr {
namespace {

int64_t AnySeed() {
  std::random_device device;
  return static_cast<int64_t>(static_cast<uint64_t>(device()) << 32 | device());
}

// Operands: [seed,] [bound], integers.
template <typename T>
class RandomNode final : public Node {
 public:
  static constexpr bool kBounded = std::is_same_v<T, int32_t>;

  RandomNode(LogicalType type, std::vector<Node*> operands, std::optional<int64_t> sequence_seed)
      : Node(std::move(type), std::move(operands)),
        seeded_by_row_(!sequence_seed),
        random_(sequence_seed.value_or(0)) {}
  bool IsConstant() const override { return false; }
  bool CanFail() const override { return kBounded || Node::CanFail(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      if (IsConstantNull(*column)) return Column::MakeNull(type(), rows.count);
      columns.push_back(std::move(column));
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    T* out = result->template mutable_values<T>();
    const BufferPtr validity = CombinedValidity(columns.data(), columns.size(), rows.count);
    for (int32_t i = 0; i < rows.count; ++i) {
      out[i] = T{};
      if (validity != nullptr && !bitmap::Get(validity->data(), i)) continue;
      if (seeded_by_row_) random_ = JavaRandom(Value(*columns.front(), i));
      if constexpr (kBounded) {
        const int32_t bound = Value(*columns.back(), i);
        if (bound <= 0) return Status::DataError("RAND_INTEGER: the bound must be positive");
        out[i] = random_.NextInt(bound);
      } else {
        out[i] = random_.NextDouble();
      }
    }
    result->set_validity(validity);
    return ColumnPtr(std::move(result));
  }

 private:
  static int32_t Value(const Column& column, int32_t row) {
    return column.values<int32_t>()[column.is_constant() ? 0 : row];
  }

  const bool seeded_by_row_;
  JavaRandom random_;
};

template <typename T>
Result<Node*> MakeRandom(Call& call) {
  const size_t bounds = RandomNode<T>::kBounded ? 1 : 0;
  const bool seeded = call.arity() == bounds + 1;
  if (!seeded && call.arity() != bounds) return call.Unsupported("it takes a seed and a bound");
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    CASTOR_ASSIGN_OR_RETURN(
        operand, call.builder.Cast(operand, LogicalType::Integer(operand->type().nullable())));
    operands.push_back(operand);
  }
  std::optional<int64_t> seed = seeded ? std::nullopt : std::optional<int64_t>(AnySeed());
  if (seeded && call.IsLiteral(0)) {
    const ColumnPtr literal = call.builder.ConstantValue(operands[0]);
    if (literal != nullptr && !IsConstantNull(*literal)) seed = literal->values<int32_t>()[0];
  }
  return call.builder.Make<RandomNode<T>>(call.type(), std::move(operands), seed);
}

// Version 4, variant 1.
class UuidNode final : public Node {
 public:
  explicit UuidNode(LogicalType type) : Node(std::move(type)) {}
  bool IsConstant() const override { return false; }

 protected:
  Result<ColumnPtr> Compute(Frame&, const Rows& rows) override {
    constexpr size_t kSize = 36;
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    StringArena arena;
    for (int32_t i = 0; i < rows.count; ++i) {
      char* text = arena.Reserve(kSize);
      Write(text);
      out[i] = StringRef(text, kSize);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  void Write(char* text) {
    char bytes[16], digits[32];
    const uint64_t words[] = {random_(), random_()};
    std::memcpy(bytes, words, sizeof(bytes));
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    EncodeHex({bytes, sizeof(bytes)}, HexDigits::kLower, digits);
    for (int i = 0; i < 32; ++i) {
      if (i == 8 || i == 12 || i == 16 || i == 20) *text++ = '-';
      *text++ = digits[i];
    }
  }

  std::mt19937_64 random_{static_cast<uint64_t>(AnySeed())};
};

Result<Node*> Uuid(Call& call) {
  if (call.arity() != 0) return call.Unsupported("it takes no operands");
  return call.builder.Make<UuidNode>(call.type());
}

constexpr FunctionEntry kFunctions[] = {
    {"RAND", MakeRandom<double>},
    {"RAND_INTEGER", MakeRandom<int32_t>},
    {"UUID", Uuid},
};

}  // namespace

std::span<const FunctionEntry> RandomFunctions() { return kFunctions; }

}  // namespace castor::expr
