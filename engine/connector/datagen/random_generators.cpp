#include <ctime>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "column/gather.h"
#include "column/string_arena.h"
#include "connector/datagen/generators.h"
#include "connector/datagen/random_bits.h"
#include "format/api/java_number.h"

namespace castor::connector::datagen {
namespace {

constexpr int64_t kDefaultLength = 100;  // of strings and bytes without a declared one
constexpr uint64_t kNullSalt = 0x9d39247e33776d41ULL;

// Integers of [min, max], both included.
template <typename T>
class RandomIntegers final : public ColumnGenerator {
 public:
  RandomIntegers(LogicalType type, int64_t min, int64_t max, uint64_t salt, double null_rate)
      : type_(std::move(type)),
        min_(static_cast<uint64_t>(min)),
        range_(static_cast<uint64_t>(max) - static_cast<uint64_t>(min) + 1),
        salt_(salt),
        null_rate_(null_rate) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    T* values = column->mutable_values<T>();
    for (int32_t i = 0; i < rows.count; ++i) {
      values[i] = static_cast<T>(min_ + Below(BitsAt(rows.seed, salt_, rows.row(i)), range_));
    }
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

 private:
  const LogicalType type_;
  const uint64_t min_;
  const uint64_t range_;
  const uint64_t salt_;
  const double null_rate_;
};

// FLOAT and DOUBLE between min and max.
template <typename T>
class RandomReals final : public ColumnGenerator {
 public:
  RandomReals(LogicalType type, double min, double max, uint64_t salt, double null_rate)
      : type_(std::move(type)), min_(min), max_(max), salt_(salt), null_rate_(null_rate) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    T* values = column->mutable_values<T>();
    for (int32_t i = 0; i < rows.count; ++i) {
      const double u = Fraction(BitsAt(rows.seed, salt_, rows.row(i)));
      values[i] = static_cast<T>(u * max_ + (1 - u) * min_);
    }
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

 private:
  const LogicalType type_;
  const double min_;
  const double max_;
  const uint64_t salt_;
  const double null_rate_;
};

class RandomDecimals final : public ColumnGenerator {
 public:
  RandomDecimals(LogicalType type, double min, double max, uint64_t salt, double null_rate)
      : type_(std::move(type)), salt_(salt), null_rate_(null_rate) {
    // All nines is the largest value, and the bounds may be wider than the type.
    for (int32_t i = 0; i < type_.precision(); ++i) largest_ = largest_ * 10 + 9;
    const double scale = std::pow(10.0, type_.scale());
    min_ = std::max(min * scale, -static_cast<double>(largest_));
    max_ = std::min(max * scale, static_cast<double>(largest_));
  }

  ColumnPtr Generate(const RowRange& rows) const override {
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    auto* values = column->mutable_values<int128_t>();
    for (int32_t i = 0; i < rows.count; ++i) {
      const double u = Fraction(BitsAt(rows.seed, salt_, rows.row(i)));
      values[i] = std::clamp(static_cast<int128_t>(u * max_ + (1 - u) * min_), -largest_, largest_);
    }
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

 private:
  const LogicalType type_;
  int128_t largest_ = 0;
  double min_;
  double max_;
  const uint64_t salt_;
  const double null_rate_;
};

// Strings of hexadecimal digits, and random bytes.
class RandomTexts final : public ColumnGenerator {
 public:
  RandomTexts(LogicalType type, int64_t length, bool variable, uint64_t salt, double null_rate)
      : type_(std::move(type)),
        length_(length),
        variable_(variable),
        salt_(salt),
        null_rate_(null_rate) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    StringArena arena(64 * 1024);
    auto* values = column->mutable_values<StringRef>();
    std::string text;
    for (int32_t i = 0; i < rows.count; ++i) {
      const uint64_t bits = BitsAt(rows.seed, salt_, rows.row(i));
      // Flink draws variable lengths from [1, length).
      const int64_t length =
          variable_ && length_ > 1
              ? 1 + static_cast<int64_t>(Below(Mix(bits), static_cast<uint64_t>(length_ - 1)))
              : length_;
      text.resize(static_cast<size_t>(length));
      Fill(bits, &text);
      values[i] = arena.Add(text);
    }
    arena.Finish(column.get());
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

 private:
  void Fill(uint64_t bits, std::string* text) const {
    constexpr char kHex[] = "0123456789abcdef";
    const bool digits = type_.IsString();
    const size_t per_word = digits ? 16 : 8;
    for (size_t at = 0; at < text->size(); at += per_word) {
      uint64_t word = bits = Mix(bits);
      const size_t end = std::min(at + per_word, text->size());
      for (size_t k = at; k < end; ++k) {
        (*text)[k] = digits ? kHex[word & 15] : static_cast<char>(word);
        word >>= digits ? 4 : 8;
      }
    }
  }

  const LogicalType type_;
  const int64_t length_;
  const bool variable_;
  const uint64_t salt_;
  const double null_rate_;
};

// Timestamps at most `max_past` before now.
class PastTimestamps final : public ColumnGenerator {
 public:
  PastTimestamps(LogicalType type, int64_t max_past_ms, uint64_t salt, double null_rate)
      : type_(std::move(type)), max_past_ms_(max_past_ms), salt_(salt), null_rate_(null_rate) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    auto* values = column->mutable_values<int64_t>();
    const int64_t per_ms = type_.TicksPerSecond() / 1000;
    for (int32_t i = 0; i < rows.count; ++i) {
      const int64_t past = max_past_ms_ > 0
                               ? static_cast<int64_t>(Below(BitsAt(rows.seed, salt_, rows.row(i)),
                                                            static_cast<uint64_t>(max_past_ms_)))
                               : 0;
      values[i] = (rows.now - past) * per_ms;
    }
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

 private:
  const LogicalType type_;
  const int64_t max_past_ms_;
  const uint64_t salt_;
  const double null_rate_;
};

// LocalDate.now() and LocalTime.now(), in the time zone of the machine as in Flink.
class CurrentDateOrTime final : public ColumnGenerator {
 public:
  explicit CurrentDateOrTime(LogicalType type) : type_(std::move(type)) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    constexpr int64_t kMillisPerDay = 86'400'000;
    const std::time_t seconds = rows.now / 1000;
    std::tm local = {};
    ::localtime_r(&seconds, &local);
    const int64_t millis = rows.now + local.tm_gmtoff * 1000;
    MutableColumnPtr column = Column::MakeConstant(type_, rows.count);
    column->mutable_values<int32_t>()[0] = static_cast<int32_t>(
        type_.kind() == TypeKind::kDate ? millis / kMillisPerDay : millis % kMillisPerDay);
    return column;
  }

 private:
  const LogicalType type_;
};

class RandomRows final : public ColumnGenerator {
 public:
  RandomRows(LogicalType type, std::vector<std::unique_ptr<ColumnGenerator>> children,
             uint64_t salt, double null_rate)
      : type_(std::move(type)),
        children_(std::move(children)),
        salt_(salt),
        null_rate_(null_rate) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    std::vector<ColumnPtr> columns;
    for (const auto& child : children_) columns.push_back(Flatten(child->Generate(rows)));
    MutableColumnPtr column = Column::MakeRow(type_, rows.count, nullptr, std::move(columns));
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

  int64_t row_limit() const override {
    int64_t limit = INT64_MAX;
    for (const auto& child : children_) limit = std::min(limit, child->row_limit());
    return limit;
  }

 private:
  const LogicalType type_;
  const std::vector<std::unique_ptr<ColumnGenerator>> children_;
  const uint64_t salt_;
  const double null_rate_;
};

template <typename T>
std::unique_ptr<ColumnGenerator> Integers(const std::string& name, const LogicalType& type,
                                          int64_t default_min, int64_t default_max, uint64_t salt,
                                          double null_rate, format::OptionReader* reader) {
  const int64_t min = reader->Int(name + ".min", default_min);
  const int64_t max = reader->Int(name + ".max", default_max);
  if (min < std::numeric_limits<T>::min()) {
    reader->Refuse(name + ".min", "below the range of " + type.ToString());
  }
  if (max > std::numeric_limits<T>::max()) {
    reader->Refuse(name + ".max", "above the range of " + type.ToString());
  }
  if (min > max) reader->Refuse(name + ".max", "is less than the minimum");
  return std::make_unique<RandomIntegers<T>>(type, min, max, salt, null_rate);
}

std::unique_ptr<ColumnGenerator> Reals(const std::string& name, const LogicalType& type,
                                       uint64_t salt, double null_rate,
                                       format::OptionReader* reader) {
  // Java's MIN_VALUE of a floating type is its smallest positive value; that is Flink's default.
  const bool single = type.kind() == TypeKind::kFloat;
  const double min =
      reader->Double(name + ".min", single ? std::numeric_limits<float>::denorm_min()
                                           : std::numeric_limits<double>::denorm_min());
  const double max = reader->Double(name + ".max", single ? std::numeric_limits<float>::max()
                                                          : std::numeric_limits<double>::max());
  if (!(min < max)) reader->Refuse(name + ".max", "is not greater than the minimum");
  if (type.kind() == TypeKind::kDecimal) {
    return std::make_unique<RandomDecimals>(type, min, max, salt, null_rate);
  }
  if (single) return std::make_unique<RandomReals<float>>(type, min, max, salt, null_rate);
  return std::make_unique<RandomReals<double>>(type, min, max, salt, null_rate);
}

std::unique_ptr<ColumnGenerator> Texts(const std::string& name, const LogicalType& type,
                                       uint64_t salt, double null_rate,
                                       format::OptionReader* reader) {
  const int64_t declared = type.length() == INT32_MAX ? kDefaultLength : type.length();
  const int64_t length = reader->Int(name + ".length", declared);
  const bool variable = reader->Bool(name + ".var-len", false);
  // Flink takes no null-rate for bytes.
  return std::make_unique<RandomTexts>(type, length, variable, salt,
                                       type.IsString() ? null_rate : 0);
}

}  // namespace

std::unique_ptr<ColumnGenerator> MakeRandom(const std::string& name, const LogicalType& type,
                                            uint64_t salt, format::OptionReader* reader) {
  const double null_rate = reader->Double(name + ".null-rate", 0);
  constexpr int64_t kMaxPeriodMonths = 120'000;
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return std::make_unique<RandomIntegers<uint8_t>>(type, 0, 1, salt, null_rate);
    case TypeKind::kTinyInt:
      return Integers<int8_t>(name, type, INT8_MIN, INT8_MAX, salt, null_rate, reader);
    case TypeKind::kSmallInt:
      return Integers<int16_t>(name, type, INT16_MIN, INT16_MAX, salt, null_rate, reader);
    case TypeKind::kInteger:
      return Integers<int32_t>(name, type, INT32_MIN, INT32_MAX, salt, null_rate, reader);
    case TypeKind::kIntervalYearMonth:
      return Integers<int32_t>(name, type, 0, kMaxPeriodMonths, salt, null_rate, reader);
    case TypeKind::kBigInt:
    case TypeKind::kIntervalDayTime:
      return Integers<int64_t>(name, type, INT64_MIN, INT64_MAX, salt, null_rate, reader);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
      return Reals(name, type, salt, null_rate, reader);
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return Texts(name, type, salt, null_rate, reader);
    case TypeKind::kDate:
    case TypeKind::kTime:
      return std::make_unique<CurrentDateOrTime>(type);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return std::make_unique<PastTimestamps>(type, reader->DurationMs(name + ".max-past", 0), salt,
                                              null_rate);
    default:
      return nullptr;
  }
}

void SetNulls(const RowRange& rows, uint64_t salt, double rate, Column* column) {
  if (rate <= 0) return;
  for (int32_t i = 0; i < rows.count; ++i) {
    if (Fraction(BitsAt(rows.seed, salt ^ kNullSalt, rows.row(i))) < rate) column->SetNull(i);
  }
}

std::unique_ptr<ColumnGenerator> MakeRowGenerator(
    const LogicalType& type, std::vector<std::unique_ptr<ColumnGenerator>> children, uint64_t salt,
    double null_rate) {
  return std::make_unique<RandomRows>(type, std::move(children), salt, null_rate);
}

}  // namespace castor::connector::datagen
