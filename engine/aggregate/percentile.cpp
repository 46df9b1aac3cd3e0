// PERCENTILE(value, percentage [, frequency]): Flink's SinglePercentileAggFunction. The values in
// ascending order, each with how often it is there.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "aggregate/numeric_dispatch.h"
#include "aggregate/row_by_row.h"
#include "aggregate/value_order.h"
#include "expr/decimal.h"

namespace castor::aggregate {
namespace {

struct Counted {
  double value;
  int64_t count;
};

bool Before(const Counted& a, double b) { return CompareValues(a.value, b) < 0; }

// What the accumulator holds beside the values: the percentage of the first row.
struct Percentage {
  double value;
  int64_t known;
};

template <typename T>
class Percentile final : public RowByRow<Percentile<T>, double, /*kNullable=*/true> {
 public:
  using Base = RowByRow<Percentile, double, true>;

  explicit Percentile(const FunctionSpec& spec)
      : Base(spec.call.type, "PERCENTILE"),
        argument_(spec.argument_types[0]),
        has_frequency_(spec.argument_types.size() == 3) {}

  void Declare(LayoutBuilder* layout) override {
    layout->AddBlob(&counts_);
    layout->AddStruct(sizeof(Percentage), alignof(Percentage), &percentage_);
  }

 private:
  friend Base;

  Status ResetRecord(std::byte* record) {
    FieldAt<Percentage>(record, percentage_) = {};
    return Base::SetBlob(record, counts_, {});
  }

  void Read(const std::byte* record, std::vector<Counted>* counts) const {
    const std::string_view bytes = Base::BlobOf(record, counts_);
    counts->resize(bytes.size() / sizeof(Counted));
    if (!bytes.empty()) std::memcpy(counts->data(), bytes.data(), bytes.size());
  }
  Status Set(std::byte* record, const std::vector<Counted>& counts) {
    return Base::SetBlob(
        record, counts_,
        {reinterpret_cast<const char*>(counts.data()), counts.size() * sizeof(Counted)});
  }

  double ValueAt(const Column& column, int32_t row) const {
    if constexpr (std::is_same_v<T, int128_t>) {
      return expr::DecimalToDouble(column.values<T>()[row], argument_.precision(),
                                   argument_.scale());
    } else {
      return static_cast<double>(column.values<T>()[row]);
    }
  }
  static int64_t FrequencyAt(const Column& column, int32_t row) {
    return DispatchPhysical(column.physical(), [&]<typename N>() -> int64_t {
      if constexpr (std::is_integral_v<N> && !std::is_same_v<N, int128_t>) {
        return static_cast<int64_t>(column.values<N>()[row]);
      } else {
        return 0;
      }
    });
  }

  Status Apply(std::span<const ColumnPtr> arguments, const CallRows& rows, int32_t row) {
    const RowOp op = Base::OpOf(rows, row);
    std::byte* record = rows.records[row];
    if (op == RowOp::kNone) return Status::OK();
    if (op == RowOp::kReset) return ResetRecord(record);
    auto& percentage = FieldAt<Percentage>(record, percentage_);
    if (op == RowOp::kAdd && percentage.known == 0) {
      percentage = {arguments[1]->template values<double>()[row], 1};
      if (!(percentage.value >= 0 && percentage.value <= 1)) {
        return Status::DataError(
            "Percentage of PERCENTILE should be between [0.0, 1.0], but was '" +
            std::to_string(percentage.value) + "'.");
      }
    }
    const int64_t frequency = has_frequency_ ? FrequencyAt(*arguments[2], row) : 1;
    if (frequency <= 0) return Status::OK();
    Read(record, &counted_);
    Count(ValueAt(*arguments[0], row), op == RowOp::kAdd ? frequency : -frequency, &counted_);
    return Set(record, counted_);
  }

  static void Count(double value, int64_t count, std::vector<Counted>* counts) {
    const auto place = std::lower_bound(counts->begin(), counts->end(), value, Before);
    if (place == counts->end() || CompareValues(place->value, value) != 0) {
      counts->insert(place, {value, count});
    } else if ((place->count += count) == 0) {
      counts->erase(place);
    }
  }

  void Put(const std::byte* record, std::string* bytes) const {
    const auto& percentage = FieldAt<Percentage>(record, percentage_);
    bytes->append(reinterpret_cast<const char*>(&percentage), sizeof(percentage));
    bytes->append(Base::BlobOf(record, counts_));
  }

  Status MergeOne(std::byte* record, std::string_view bytes) {
    Percentage percentage;
    std::memcpy(&percentage, bytes.data(), sizeof(percentage));
    bytes.remove_prefix(sizeof(percentage));
    auto& own = FieldAt<Percentage>(record, percentage_);
    if (own.known == 0) own = percentage;
    Read(record, &counted_);
    for (size_t offset = 0; offset < bytes.size(); offset += sizeof(Counted)) {
      Counted other;
      std::memcpy(&other, bytes.data() + offset, sizeof(other));
      Count(other.value, other.count, &counted_);
    }
    return Set(record, counted_);
  }

  // PercentileAccumulator.getValue
  bool Get(const std::byte* record, std::string*, double* value) const {
    if (record == nullptr) return false;
    const auto& percentage = FieldAt<Percentage>(record, percentage_);
    std::vector<Counted> counts;
    Read(record, &counts);
    int64_t total = 0;
    for (const Counted& counted : counts) total += counted.count;
    if (percentage.known == 0 || total <= 0) return false;
    const double position = percentage.value * static_cast<double>(total - 1) + 1;
    const auto lower = static_cast<int64_t>(std::floor(position));
    const auto higher = static_cast<int64_t>(std::ceil(position));
    size_t at = 0;
    int64_t passed = counts[0].count;
    while (passed < lower) passed += counts[++at].count;
    *value = passed >= higher ? counts[at].value
                              : (static_cast<double>(higher) - position) * counts[at].value +
                                    (position - static_cast<double>(lower)) * counts[at + 1].value;
    return true;
  }

  const LogicalType argument_;
  const bool has_frequency_;
  int32_t counts_ = 0;  // offsets
  int32_t percentage_ = 0;
  std::vector<Counted> counted_;
};

}  // namespace

std::unique_ptr<Function> MakePercentile(const FunctionSpec& spec) {
  const size_t arguments = spec.argument_types.size();
  if (arguments < 2 || arguments > 3) return nullptr;
  if (spec.argument_types[1].kind() != TypeKind::kDouble) return nullptr;
  if (arguments == 3) {
    switch (spec.argument_types[2].kind()) {
      case TypeKind::kTinyInt:
      case TypeKind::kSmallInt:
      case TypeKind::kInteger:
      case TypeKind::kBigInt:
        break;
      default:
        return nullptr;
    }
  }
  return DispatchNumeric(spec.argument_types[0], [&]<typename T>() -> std::unique_ptr<Function> {
    return std::make_unique<Percentile<T>>(spec);
  });
}

}  // namespace castor::aggregate
