// PERCENTILE(value, percentage [, frequency]): Flink's SinglePercentileAggFunction, and with an
// array of percentages MultiPercentileAggFunction. The values in ascending order, each with how
// often it is there.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "aggregate/encoded_values.h"
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

template <typename T>
std::string_view BytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <typename T>
void ReadValues(std::string_view bytes, std::vector<T>* values) {
  values->resize(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values->data(), bytes.data(), bytes.size());
}

// PercentileAccumulator.getValue: in the order of `percentages`; none of no values.
std::vector<double> PercentilesOf(const std::vector<Counted>& counts,
                                  const std::vector<double>& percentages) {
  int64_t total = 0;
  for (const Counted& counted : counts) total += counted.count;
  if (total <= 0) return {};
  std::vector<size_t> order(percentages.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return percentages[a] < percentages[b]; });
  std::vector<double> percentiles(percentages.size());
  size_t at = 0;
  int64_t passed = counts[0].count;
  for (const size_t i : order) {
    const double position = percentages[i] * static_cast<double>(total - 1) + 1;
    const auto lower = static_cast<int64_t>(std::floor(position));
    const auto higher = static_cast<int64_t>(std::ceil(position));
    while (passed < lower) passed += counts[++at].count;
    percentiles[i] = passed >= higher
                         ? counts[at].value
                         : (static_cast<double>(higher) - position) * counts[at].value +
                               (position - static_cast<double>(lower)) * counts[at + 1].value;
  }
  return percentiles;
}

// The accumulator has the values with their counts, and the percentages of the first row. `Output`
// is double for one percentage, ValueList for an array of them.
template <typename T, typename Output>
class Percentile final : public RowByRow<Percentile<T, Output>, Output, /*kNullable=*/true> {
 public:
  using Base = RowByRow<Percentile, Output, true>;

  explicit Percentile(const FunctionSpec& spec)
      : Base(spec.call.type, "PERCENTILE"),
        argument_(spec.argument_types[0]),
        has_frequency_(spec.argument_types.size() == 3) {}

  void Declare(LayoutBuilder* layout) override {
    layout->AddBlob(&counts_);
    layout->AddBlob(&percentages_);
  }

 private:
  friend Base;

  Status ResetRecord(std::byte* record) {
    CASTOR_RETURN_NOT_OK(Base::SetBlob(record, percentages_, {}));
    return Base::SetBlob(record, counts_, {});
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
    if (op == RowOp::kAdd && Base::BlobOf(record, percentages_).empty()) {
      CASTOR_RETURN_NOT_OK(SetPercentages(record, *arguments[1], row));
    }
    const int64_t frequency = has_frequency_ ? FrequencyAt(*arguments[2], row) : 1;
    if (frequency <= 0) return Status::OK();
    ReadValues(Base::BlobOf(record, counts_), &counted_);
    Count(ValueAt(*arguments[0], row), op == RowOp::kAdd ? frequency : -frequency, &counted_);
    return Base::SetBlob(record, counts_, BytesOf(counted_));
  }

  Status SetPercentages(std::byte* record, const Column& column, int32_t row) {
    std::vector<double> percentages;
    if constexpr (std::is_same_v<Output, double>) {
      percentages = {column.values<double>()[row]};
    } else {
      const ListRef list = column.values<ListRef>()[row];
      const double* values = column.children()[0]->template values<double>();
      percentages.assign(values + list.offset, values + list.end());
    }
    for (const double percentage : percentages) {
      if (percentage >= 0 && percentage <= 1) continue;
      return Status::DataError("Percentage of PERCENTILE should be between [0.0, 1.0], but was '" +
                               std::to_string(percentage) + "'.");
    }
    return Base::SetBlob(record, percentages_, BytesOf(percentages));
  }

  static void Count(double value, int64_t count, std::vector<Counted>* counts) {
    const auto place = std::lower_bound(counts->begin(), counts->end(), value, Before);
    if (place == counts->end() || CompareValues(place->value, value) != 0) {
      counts->insert(place, {value, count});
    } else if ((place->count += count) == 0) {
      counts->erase(place);
    }
  }

  // {u32 bytes of the percentages, percentages, counts}
  void Put(const std::byte* record, std::string* bytes) const {
    const std::string_view percentages = Base::BlobOf(record, percentages_);
    const auto size = static_cast<uint32_t>(percentages.size());
    bytes->append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes->append(percentages);
    bytes->append(Base::BlobOf(record, counts_));
  }

  Status MergeOne(std::byte* record, std::string_view bytes) {
    uint32_t size;
    std::memcpy(&size, bytes.data(), sizeof(size));
    if (size > 0 && Base::BlobOf(record, percentages_).empty()) {
      CASTOR_RETURN_NOT_OK(Base::SetBlob(record, percentages_, bytes.substr(sizeof(size), size)));
    }
    std::vector<Counted> others;
    ReadValues(bytes.substr(sizeof(size) + size), &others);
    ReadValues(Base::BlobOf(record, counts_), &counted_);
    for (const Counted& other : others) Count(other.value, other.count, &counted_);
    return Base::SetBlob(record, counts_, BytesOf(counted_));
  }

  bool Get(const std::byte* record, std::string* scratch, Output* value) const {
    if (record == nullptr) return false;
    std::vector<double> percentages;
    std::vector<Counted> counts;
    ReadValues(Base::BlobOf(record, percentages_), &percentages);
    ReadValues(Base::BlobOf(record, counts_), &counts);
    const std::vector<double> percentiles = PercentilesOf(counts, percentages);
    if (percentiles.empty()) return false;
    if constexpr (std::is_same_v<Output, double>) {
      *value = percentiles[0];
    } else {
      scratch->clear();
      for (const double& one : percentiles) {
        ValueList::Append(true, {reinterpret_cast<const char*>(&one), sizeof(one)}, scratch);
      }
      *value = ValueList(*scratch);
    }
    return true;
  }

  const LogicalType argument_;
  const bool has_frequency_;
  int32_t counts_ = 0;  // offsets
  int32_t percentages_ = 0;
  std::vector<Counted> counted_;
};

}  // namespace

std::unique_ptr<Function> MakePercentile(const FunctionSpec& spec) {
  const size_t arguments = spec.argument_types.size();
  if (arguments < 2 || arguments > 3) return nullptr;
  const LogicalType& percentage = spec.argument_types[1];
  const bool several = percentage.kind() == TypeKind::kArray;
  if ((several ? percentage.children()[0] : percentage).kind() != TypeKind::kDouble) return nullptr;
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
    if (several) return std::make_unique<Percentile<T, ValueList>>(spec);
    return std::make_unique<Percentile<T, double>>(spec);
  });
}

}  // namespace castor::aggregate
