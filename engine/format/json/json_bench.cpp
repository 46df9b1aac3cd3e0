// Reading and writing JSON lines that look like Nexmark's bids, or like its events, of which a bid
// is a nested row beside two that are left out. Run with the memory's bandwidth in mind:
// bytes_per_second counts JSON text.
#include <benchmark/benchmark.h>

#include "format/json/json_decoder.h"
#include "format/json/json_encoder.h"

namespace castor::format::json {
namespace {

constexpr int32_t kBatchRows = 1024;

// `before` and `behind` stand around every bid.
std::string BidLines(size_t bytes, const std::string& before = "", const std::string& behind = "") {
  std::string text;
  for (uint64_t i = 0; text.size() < bytes; ++i) {
    const std::string number = std::to_string(1000 + i * 7919 % 100000);
    text += before + "{\"auction\":" + number + ",\"bidder\":" + std::to_string(2000 + i % 977) +
            ",\"price\":" + std::to_string(i * 104729 % 10000000) + ",\"channel\":\"channel-" +
            number + "\",\"url\":\"https://www.nexmark.com/abo/" + number +
            "/item.htm?query=1&channel_id=" + number +
            "\",\"dateTime\":\"2020-12-30 12:13:" + std::to_string(10 + i % 50) + ".123\"" +
            ",\"extra\":\"IkjgvtJqMbOyNcdkljVTHLslfVzyN\"}" + behind + "\n";
  }
  text.append(kBlockPadding, '\0');
  return text;
}

constexpr const char* kBid =
    "ROW<`auction` BIGINT, `bidder` BIGINT, `price` BIGINT, `channel` VARCHAR(2147483647), "
    "`url` VARCHAR(2147483647), `dateTime` TIMESTAMP(3), `extra` VARCHAR(2147483647)>";

LogicalType Bid() { return *LogicalType::Parse(kBid); }

LogicalType Event() {
  const std::string text = "VARCHAR(2147483647)";
  return *LogicalType::Parse(
      "ROW<`event_type` INT, `person` ROW<`id` BIGINT, `name` " + text + ", `emailAddress` " +
      text + ", `creditCard` " + text + ", `city` " + text + ", `state` " + text +
      ", `dateTime` TIMESTAMP(3), `extra` " + text + ">, `auction` ROW<`id` BIGINT, `itemName` " +
      text + ", `description` " + text + ", `initialBid` BIGINT, `reserve` BIGINT, " +
      "`dateTime` TIMESTAMP(3), `expires` TIMESTAMP(3), `seller` BIGINT, `category` BIGINT, " +
      "`extra` " + text + ">, `bid` " + kBid + ">");
}

DecodeSpec Fields(int64_t count) {
  DecodeSpec spec = DecodeSpec::All(Bid());
  spec.projection.resize(static_cast<size_t>(count));
  auto fields = spec.produced_row.fields();
  fields.resize(static_cast<size_t>(count));
  spec.produced_row = LogicalType::Row(fields);
  return spec;
}

void Read(benchmark::State& state, const std::string& text, const DecodeSpec& spec) {
  const size_t size = text.size() - kBlockPadding;
  auto decoder = MakeJsonDecoder(spec, {});
  int64_t rows = 0;
  for (auto _ : state) {
    for (size_t at = 0; at < size;) {
      Decoded decoded;
      if (!(*decoder)->Decode({text.data() + at, size - at}, true, kBatchRows, &decoded).ok()) {
        state.SkipWithError("cannot decode");
      }
      at += decoded.consumed;
      rows += decoded.batch.num_rows;
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(size));
  state.SetItemsProcessed(rows);
}

void ReadJson(benchmark::State& state) {
  Read(state, BidLines(256 * 1024), Fields(state.range(0)));
}
BENCHMARK(ReadJson)->Arg(7)->Arg(3)->Arg(1)->ArgName("fields");

void ReadEvents(benchmark::State& state) {
  const std::string before = R"({"event_type":2,"bid":)";
  Read(state, BidLines(256 * 1024, before, "}"), DecodeSpec::All(Event()));
}
BENCHMARK(ReadEvents);

void WriteJson(benchmark::State& state) {
  const std::string text = BidLines(256 * 1024);
  auto decoder = MakeJsonDecoder(Fields(7), {});
  Decoded decoded;
  if (!(*decoder)
           ->Decode({text.data(), text.size() - kBlockPadding}, true, kBatchRows, &decoded)
           .ok()) {
    state.SkipWithError("cannot decode");
  }
  auto encoder = MakeJsonEncoder(Bid(), {});
  std::string out;
  int64_t bytes = 0;
  for (auto _ : state) {
    out.clear();
    if (!(*encoder)->Encode(decoded.batch, nullptr, decoded.batch.num_rows, &out).ok()) {
      state.SkipWithError("cannot encode");
    }
    bytes += static_cast<int64_t>(out.size());
  }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(state.iterations() * decoded.batch.num_rows);
}
BENCHMARK(WriteJson);

}  // namespace
}  // namespace castor::format::json
