// BITMAP_BUILD_AGG, BITMAP_AND_AGG, BITMAP_OR_AGG, BITMAP_XOR_AGG and the same with _CARDINALITY:
// Flink's AbstractBitmapXxxAggFunction and AbstractBitmapXxxWithRetractAggFunction.
#include "aggregate/bitmap_accumulators.h"
#include "aggregate/bitmap_function.h"

namespace castor::aggregate {
namespace {

using roaring::Bitmap;

// --- of inserts ---

struct Build {
  using Accumulator = CombinedSet;
  using Input = int32_t;

  static void Change(CombinedSet& built, int32_t value, int32_t) {
    built.set.Add(static_cast<uint32_t>(value));
  }
  static void Merge(CombinedSet& built, const CombinedSet& other) { built.set.Or(other.set); }
  static bool HasValue(const CombinedSet& built) { return !built.set.empty(); }
  static Bitmap& Result(CombinedSet& built) { return built.set; }
};

// The first set is the accumulator, the others are combined with it.
template <void (Bitmap::*combine)(const Bitmap&)>
struct Combine {
  using Accumulator = CombinedSet;
  using Input = StringRef;

  static void Change(CombinedSet& combined, const StringRef& bytes, int32_t) {
    Take(combined, Bitmap::Of(bytes.view()));
  }
  static void Merge(CombinedSet& combined, CombinedSet& other) {
    if (other.count > 0) Take(combined, std::move(other.set));
  }
  static bool HasValue(const CombinedSet& combined) { return combined.count > 0; }
  static Bitmap& Result(CombinedSet& combined) { return combined.set; }

 private:
  static void Take(CombinedSet& combined, Bitmap set) {
    if (combined.count > 0) {
      (combined.set.*combine)(set);
    } else {
      combined.set = std::move(set);
    }
    combined.count = 1;
  }
};

// --- with retraction ---

// Xor takes a set back by doing it again.
struct RetractableXor {
  using Accumulator = CombinedSet;
  using Input = StringRef;

  static void Change(CombinedSet& combined, const StringRef& bytes, int32_t by) {
    combined.count += by;
    combined.set.Xor(Bitmap::Of(bytes.view()));
  }
  static void Merge(CombinedSet& combined, const CombinedSet& other) {
    combined.count += other.count;
    combined.set.Xor(other.set);
  }
  static bool HasValue(const CombinedSet& combined) { return combined.count > 0; }
  static Bitmap& Result(CombinedSet& combined) { return combined.set; }
};

struct Counting {
  using Accumulator = CountedValues;

  static void Merge(CountedValues& counted, const CountedValues& other) {
    counted.count += other.count;
    for (const auto& [value, times] : other.times) counted.Change(value, times);
  }

 protected:
  // The values that are there as often as `kept` wants it.
  template <typename Kept>
  static Bitmap ValuesWhere(const CountedValues& counted, Kept&& kept) {
    Bitmap set;
    for (const auto& [value, times] : counted.times) {
      if (kept(times)) set.Add(value);
    }
    return set;
  }
  static Bitmap ValuesThere(const CountedValues& counted) {
    return ValuesWhere(counted, [](int32_t times) { return times > 0; });
  }
};

struct RetractableBuild : Counting {
  using Input = int32_t;

  static void Change(CountedValues& counted, int32_t value, int32_t by) {
    counted.Change(static_cast<uint32_t>(value), by);
  }
  static bool HasValue(const CountedValues& counted) {
    for (const auto& [value, times] : counted.times) {
      if (times > 0) return true;
    }
    return false;
  }
  static Bitmap Result(const CountedValues& counted) { return ValuesThere(counted); }
};

struct CountingSets : Counting {
  using Input = StringRef;

  static void Change(CountedValues& counted, const StringRef& bytes, int32_t by) {
    counted.count += by;
    for (const uint32_t value : Bitmap::Of(bytes.view()).Values()) counted.Change(value, by);
  }
  static bool HasValue(const CountedValues& counted) { return counted.count > 0; }
};

struct RetractableOr : CountingSets {
  static Bitmap Result(const CountedValues& counted) { return ValuesThere(counted); }
};

struct RetractableAnd : CountingSets {
  static Bitmap Result(const CountedValues& counted) {
    return ValuesWhere(counted, [&](int32_t times) { return times == counted.count; });
  }
};

template <typename Inserts, typename Retractable>
std::unique_ptr<Function> Make(const FunctionSpec& spec, std::string_view name) {
  std::string schema(name);
  if (spec.retracts) schema += " retractable";
  const LogicalType& type = spec.call.type;
  const auto of_output = [&]<typename Output>() -> std::unique_ptr<Function> {
    if (spec.retracts) return std::make_unique<BitmapFunction<Retractable, Output>>(type, schema);
    return std::make_unique<BitmapFunction<Inserts, Output>>(type, schema);
  };
  if (type.kind() == TypeKind::kBitmap) return of_output.template operator()<StringRef>();
  return of_output.template operator()<int64_t>();
}

}  // namespace

std::unique_ptr<Function> MakeBitmapAgg(const FunctionSpec& spec) {
  const std::string& name = spec.call.function;
  const TypeKind argument = spec.argument_types[0].kind();
  if (name.starts_with("BITMAP_BUILD_")) {
    if (argument != TypeKind::kInteger) return nullptr;
    return Make<Build, RetractableBuild>(spec, "BITMAP_BUILD_AGG");
  }
  if (argument != TypeKind::kBitmap) return nullptr;
  if (name.starts_with("BITMAP_AND_")) {
    return Make<Combine<&Bitmap::And>, RetractableAnd>(spec, "BITMAP_AND_AGG");
  }
  if (name.starts_with("BITMAP_OR_")) {
    return Make<Combine<&Bitmap::Or>, RetractableOr>(spec, "BITMAP_OR_AGG");
  }
  return Make<Combine<&Bitmap::Xor>, RetractableXor>(spec, "BITMAP_XOR_AGG");
}

}  // namespace castor::aggregate
