// CAST between numbers and text over batches of 2048 rows, with rows and bytes (of text read or
// written) per second. The standard library on the same values is their bound.
#include <charconv>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "expr/expression_bench.h"

namespace castor::expr {
namespace {

constexpr int32_t kRows = 2048;
constexpr std::string_view kString = "VARCHAR(2147483647)";

std::vector<std::string> Texts(const std::function<std::string(std::mt19937_64&)>& make) {
  std::mt19937_64 random(1);
  std::vector<std::string> texts;
  for (int32_t i = 0; i < kRows; ++i) texts.push_back(make(random));
  return texts;
}
// Prices from one to eight digits, as Nexmark's.
std::vector<std::string> Integers() {
  return Texts([](std::mt19937_64& random) {
    int64_t limit = 10;
    for (uint64_t digits = random() % 8; digits > 0; --digits) limit *= 10;
    return std::to_string(random() % static_cast<uint64_t>(limit));
  });
}
std::vector<std::string> Decimals() {
  return Texts([](std::mt19937_64& random) {
    return std::to_string(random() % 1'000'000) + "." + std::to_string(10 + random() % 90);
  });
}
std::vector<std::string> Timestamps() {
  return Texts([](std::mt19937_64& random) {
    const auto two = [&](uint64_t below) { return std::to_string(10 + random() % (below - 10)); };
    return "2026-" + two(13) + "-" + two(29) + " " + two(24) + ":" + two(60) + ":" + two(60) +
           ".123";
  });
}

int64_t BytesOf(const std::vector<std::string>& texts) {
  return std::accumulate(texts.begin(), texts.end(), int64_t{0}, [](int64_t sum, auto& text) {
    return sum + static_cast<int64_t>(text.size());
  });
}

void Cast(benchmark::State& state, const std::vector<std::string>& texts, std::string_view from,
          std::string_view to, const std::string& bound) {
  MeasureExpression(state, testing::Call("CAST", to, {testing::Ref(0, from)}),
                    testing::MakeBatch({testing::MakeColumn(from, texts)}), BytesOf(texts), bound);
}

template <typename T>
std::vector<std::string> TextsOf() {
  return std::is_integral_v<T> ? Integers() : Decimals();
}

template <typename T>
std::vector<T> Numbers(const std::vector<std::string>& texts) {
  std::vector<T> numbers(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    std::from_chars(texts[i].data(), texts[i].data() + texts[i].size(), numbers[i]);
  }
  return numbers;
}

template <typename T>
void ToChars(benchmark::State& state) {
  const std::vector<std::string> texts = TextsOf<T>();
  const std::vector<T> numbers = Numbers<T>(texts);
  char text[64];
  for (auto _ : state) {
    for (const T number : numbers) {
      benchmark::DoNotOptimize(std::to_chars(text, text + sizeof(text), number).ptr);
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * BytesOf(texts));
}

template <typename T>
void FromChars(benchmark::State& state) {
  const std::vector<std::string> texts = TextsOf<T>();
  for (auto _ : state) benchmark::DoNotOptimize(Numbers<T>(texts).data());
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * BytesOf(texts));
}

BENCHMARK(ToChars<int64_t>)->Name("Cast/to_chars_long");
BENCHMARK(ToChars<double>)->Name("Cast/to_chars_double");
BENCHMARK(FromChars<int64_t>)->Name("Cast/from_chars_long");
BENCHMARK(FromChars<double>)->Name("Cast/from_chars_double");

BENCHMARK_CAPTURE(Cast, , Integers(), "BIGINT", kString, "Cast/to_chars_long")
    ->Name("Cast/long_to_text");
BENCHMARK_CAPTURE(Cast, , Decimals(), "DOUBLE", kString, "Cast/to_chars_double")
    ->Name("Cast/double_to_text");
BENCHMARK_CAPTURE(Cast, , Decimals(), "DECIMAL(10, 2)", kString, "Cast/to_chars_long")
    ->Name("Cast/decimal_to_text");
BENCHMARK_CAPTURE(Cast, , Timestamps(), "TIMESTAMP(3)", kString, "Cast/to_chars_long")
    ->Name("Cast/timestamp_to_text");
BENCHMARK_CAPTURE(Cast, , Integers(), kString, "BIGINT", "Cast/from_chars_long")
    ->Name("Cast/text_to_long");
BENCHMARK_CAPTURE(Cast, , Decimals(), kString, "DOUBLE", "Cast/from_chars_double")
    ->Name("Cast/text_to_double");
BENCHMARK_CAPTURE(Cast, , Decimals(), kString, "DECIMAL(10, 2)", "Cast/from_chars_long")
    ->Name("Cast/text_to_decimal");
BENCHMARK_CAPTURE(Cast, , Timestamps(), kString, "TIMESTAMP(3)", "Cast/from_chars_long")
    ->Name("Cast/text_to_timestamp");

}  // namespace
}  // namespace castor::expr
