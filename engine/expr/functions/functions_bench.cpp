// Functions of text over batches of 2048 rows, with rows and bytes (of text read) per second.
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "column/string_arena.h"
#include "expr/expression_bench.h"

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

int64_t BytesOf(const std::vector<std::string>& texts) {
  return std::accumulate(texts.begin(), texts.end(), int64_t{0}, [](int64_t sum, auto& text) {
    return sum + static_cast<int64_t>(text.size());
  });
}

void Run(benchmark::State& state, const std::string& function, std::string_view type,
         std::vector<plan::ExpressionPtr> more, const std::string& bound) {
  const std::vector<std::string> urls = Urls();
  std::vector<plan::ExpressionPtr> operands{Url()};
  operands.insert(operands.end(), more.begin(), more.end());
  const Batch batch = testing::MakeBatch({testing::MakeColumn("VARCHAR(2147483647)", urls)});
  MeasureExpression(state, testing::Call(function, type, std::move(operands)), batch, BytesOf(urls),
                    bound);
}

constexpr std::string_view kString = "VARCHAR(2147483647)";

// What reading every byte takes: the bound of functions that search and measure.
void ReadText(benchmark::State& state) {
  const std::vector<std::string> urls = Urls();
  for (auto _ : state) {
    for (const std::string& url : urls) {
      int64_t sum = 0;
      for (const char c : url) sum += c;
      benchmark::DoNotOptimize(sum);
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * BytesOf(urls));
}
BENCHMARK(ReadText);
constexpr char kRead[] = "ReadText";

// What writing texts of the same sizes takes: the bound of functions that make text.
void CopyText(benchmark::State& state) {
  const std::vector<std::string> urls = Urls();
  std::vector<StringRef> refs(kRows);
  for (auto _ : state) {
    StringArena arena;
    for (size_t i = 0; i < urls.size(); ++i) refs[i] = arena.Add(urls[i]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * BytesOf(urls));
}
BENCHMARK(CopyText);
constexpr char kCopy[] = "CopyText";

void Upper(benchmark::State& state) { Run(state, "UPPER", kString, {}, kCopy); }
BENCHMARK(Upper);
void Lower(benchmark::State& state) { Run(state, "LOWER", kString, {}, kCopy); }
BENCHMARK(Lower);
void CharLength(benchmark::State& state) { Run(state, "CHAR_LENGTH", "INT", {}, kRead); }
BENCHMARK(CharLength);
void LikeInfix(benchmark::State& state) {
  Run(state, "LIKE", "BOOLEAN", {Text("%channel%")}, kRead);
}
BENCHMARK(LikeInfix);
void LikeGeneral(benchmark::State& state) {
  Run(state, "LIKE", "BOOLEAN", {Text("%nexmark%item_htm%")}, kRead);
}
BENCHMARK(LikeGeneral);
void SplitIndex(benchmark::State& state) {
  Run(state, "SPLIT_INDEX", kString, {Text("/"), Number("4")}, kRead);
}
BENCHMARK(SplitIndex);
void Substring(benchmark::State& state) {
  Run(state, "SUBSTRING", kString, {Number("9"), Number("15")}, kRead);
}
BENCHMARK(Substring);
void Concat(benchmark::State& state) { Run(state, "CONCAT", kString, {Text("#"), Url()}, kCopy); }
BENCHMARK(Concat);
void Replace(benchmark::State& state) {
  Run(state, "REPLACE", kString, {Text("c"), Text("")}, kCopy);
}
BENCHMARK(Replace);
void ReplaceText(benchmark::State& state) {
  Run(state, "REPLACE", kString, {Text("nexmark"), Text("example")}, kCopy);
}
BENCHMARK(ReplaceText);
void Trim(benchmark::State& state) { Run(state, "BTRIM", kString, {}, kRead); }
BENCHMARK(Trim);
void StartsWith(benchmark::State& state) {
  Run(state, "LIKE", "BOOLEAN", {Text("https://%")}, kRead);
}
BENCHMARK(StartsWith);
void LeftPad(benchmark::State& state) {
  Run(state, "LPAD", kString, {Number("100"), Text("*")}, kCopy);
}
BENCHMARK(LeftPad);
void Position(benchmark::State& state) { Run(state, "INSTR", "INT", {Text("channel_id")}, kRead); }
BENCHMARK(Position);
void Regexp(benchmark::State& state) {
  Run(state, "REGEXP", "BOOLEAN", {Text("[?&]channel_id=\\d")}, kRead);
}
BENCHMARK(Regexp);
void RegexpExtract(benchmark::State& state) {
  Run(state, "REGEXP_EXTRACT", kString, {Text("(&|^)channel_id=([^&]*)"), Number("2")}, kRead);
}
BENCHMARK(RegexpExtract);
void RegexpReplace(benchmark::State& state) {
  Run(state, "REGEXP_REPLACE", kString, {Text("[aeiou]"), Text("*")}, kCopy);
}
BENCHMARK(RegexpReplace);
void Md5(benchmark::State& state) { Run(state, "MD5", "CHAR(32)", {}, kCopy); }
BENCHMARK(Md5);
void Sha256(benchmark::State& state) { Run(state, "SHA256", "CHAR(64)", {}, kCopy); }
BENCHMARK(Sha256);
void ToBase64(benchmark::State& state) { Run(state, "TO_BASE64", kString, {}, kCopy); }
BENCHMARK(ToBase64);
void ParseUrl(benchmark::State& state) {
  Run(state, "PARSE_URL", kString, {Text("QUERY"), Text("channel_id")}, kRead);
}
BENCHMARK(ParseUrl);

}  // namespace
}  // namespace castor::expr
