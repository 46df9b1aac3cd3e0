// Functions of text over batches of 2048 rows, with rows and bytes (of text read) per second;
// counting the bytes of the same texts is the yardstick for what memory gives.
#include <benchmark/benchmark.h>

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "expr/program.h"
#include "expr/testing.h"

namespace castor::expr {
namespace {

constexpr int32_t kRows = 2048;

// As Nexmark's: some 70 bytes, a channel in half of them.
std::vector<std::string> Urls() {
  std::mt19937_64 random(1);
  std::vector<std::string> urls;
  for (int32_t i = 0; i < kRows; ++i) {
    std::string url = "https://www.nexmark.com/";
    for (int part = 0; part < 3; ++part) {
      for (int c = 0; c < 4; ++c) url += static_cast<char>('a' + random() % 26);
      url += part < 2 ? '/' : '_';
    }
    url += "/item.htm?query=1";
    if (i % 2 == 0) url += "&channel_id=" + std::to_string(random() % 10'000'000);
    urls.push_back(url);
  }
  return urls;
}

plan::ExpressionPtr Url() { return testing::Ref(0, "VARCHAR(2147483647)"); }
plan::ExpressionPtr Text(std::string_view text) {
  return testing::Lit(text, "VARCHAR(2147483647) NOT NULL");
}
plan::ExpressionPtr Number(std::string_view text) { return testing::Lit(text, "INT NOT NULL"); }

void Run(benchmark::State& state, const std::string& function, std::string_view type,
         std::vector<plan::ExpressionPtr> more) {
  const std::vector<std::string> urls = Urls();
  std::vector<plan::ExpressionPtr> operands{Url()};
  operands.insert(operands.end(), more.begin(), more.end());
  const plan::ExpressionPtr call = testing::Call(function, type, std::move(operands));
  CompileOptions options;
  options.input_row = LogicalType::Row({{"url", LogicalType::String()}});
  auto program = Program::Compile({&call, 1}, options);
  if (!program.ok()) return state.SkipWithError(program.status().ToString().c_str());
  const Batch batch = testing::MakeBatch({testing::MakeColumn("VARCHAR(2147483647)", urls)});
  for (auto _ : state) {
    auto result = (*program)->Evaluate(0, batch, {nullptr, kRows}, {});
    benchmark::DoNotOptimize(result);
  }
  const auto bytes =
      std::accumulate(urls.begin(), urls.end(), int64_t{0},
                      [](int64_t sum, auto& u) { return sum + static_cast<int64_t>(u.size()); });
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * bytes);
}

constexpr std::string_view kString = "VARCHAR(2147483647)";

void Yardstick(benchmark::State& state) {
  const std::vector<std::string> urls = Urls();
  int64_t bytes = 0;
  for (auto _ : state) {
    bytes = 0;
    for (const std::string& url : urls) {
      bytes += static_cast<int64_t>(url.size());
      int64_t sum = 0;
      for (const char c : url) sum += c;
      benchmark::DoNotOptimize(sum);
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * bytes);
}
BENCHMARK(Yardstick);

void Upper(benchmark::State& state) { Run(state, "UPPER", kString, {}); }
BENCHMARK(Upper);
void Lower(benchmark::State& state) { Run(state, "LOWER", kString, {}); }
BENCHMARK(Lower);
void CharLength(benchmark::State& state) { Run(state, "CHAR_LENGTH", "INT", {}); }
BENCHMARK(CharLength);
void LikeInfix(benchmark::State& state) { Run(state, "LIKE", "BOOLEAN", {Text("%channel%")}); }
BENCHMARK(LikeInfix);
void LikeGeneral(benchmark::State& state) {
  Run(state, "LIKE", "BOOLEAN", {Text("%nexmark%item_htm%")});
}
BENCHMARK(LikeGeneral);
void SplitIndex(benchmark::State& state) {
  Run(state, "SPLIT_INDEX", kString, {Text("/"), Number("4")});
}
BENCHMARK(SplitIndex);
void Substring(benchmark::State& state) {
  Run(state, "SUBSTRING", kString, {Number("9"), Number("15")});
}
BENCHMARK(Substring);
void Concat(benchmark::State& state) { Run(state, "CONCAT", kString, {Text("#"), Url()}); }
BENCHMARK(Concat);
void Replace(benchmark::State& state) { Run(state, "REPLACE", kString, {Text("c"), Text("")}); }
BENCHMARK(Replace);
void Position(benchmark::State& state) { Run(state, "INSTR", "INT", {Text("channel_id")}); }
BENCHMARK(Position);
void Regexp(benchmark::State& state) {
  Run(state, "REGEXP", "BOOLEAN", {Text("[?&]channel_id=\\d")});
}
BENCHMARK(Regexp);
void RegexpExtract(benchmark::State& state) {
  Run(state, "REGEXP_EXTRACT", kString, {Text("(&|^)channel_id=([^&]*)"), Number("2")});
}
BENCHMARK(RegexpExtract);
void RegexpReplace(benchmark::State& state) {
  Run(state, "REGEXP_REPLACE", kString, {Text("[aeiou]"), Text("*")});
}
BENCHMARK(RegexpReplace);
void Md5(benchmark::State& state) { Run(state, "MD5", "CHAR(32)", {}); }
BENCHMARK(Md5);
void Sha256(benchmark::State& state) { Run(state, "SHA256", "CHAR(64)", {}); }
BENCHMARK(Sha256);
void ToBase64(benchmark::State& state) { Run(state, "TO_BASE64", kString, {}); }
BENCHMARK(ToBase64);
void ParseUrl(benchmark::State& state) {
  Run(state, "PARSE_URL", kString, {Text("QUERY"), Text("channel_id")});
}
BENCHMARK(ParseUrl);

}  // namespace
}  // namespace castor::expr
