// Reading and writing CSV that looks like Nexmark's bids; bytes_per_second counts CSV text.
#include <benchmark/benchmark.h>

#include "format/csv/csv_decoder.h"
#include "format/csv/csv_encoder.h"

namespace castor::format::csv {
namespace {

constexpr int32_t kBatchRows = 1024;

std::string BidLines(size_t bytes) {
  std::string text;
  for (uint64_t i = 0; text.size() < bytes; ++i) {
    const std::string number = std::to_string(1000 + i * 7919 % 100000);
    text += number + "," + std::to_string(2000 + i % 977) + "," +
            std::to_string(i * 104729 % 10000000) + ",channel-" + number +
            ",\"https://www.nexmark.com/abo/" + number + "/item.htm?query=1&channel_id=" + number +
            "\",\"2020-12-30 12:13:" + std::to_string(10 + i % 50) +
            ".123\",\"IkjgvtJqMbOyNcdkljVTHLslfVzyN\"\n";
  }
  text.append(kBlockPadding, '\0');
  return text;
}

LogicalType Bid() {
  return *LogicalType::Parse(
      "ROW<`auction` BIGINT, `bidder` BIGINT, `price` BIGINT, `channel` VARCHAR(2147483647), "
      "`url` VARCHAR(2147483647), `dateTime` TIMESTAMP(3), `extra` VARCHAR(2147483647)>");
}

DecodeSpec Fields(int64_t count) {
  DecodeSpec spec = DecodeSpec::All(Bid());
  spec.projection.resize(static_cast<size_t>(count));
  auto fields = spec.produced_row.fields();
  fields.resize(static_cast<size_t>(count));
  spec.produced_row = LogicalType::Row(fields);
  return spec;
}

void ReadCsv(benchmark::State& state) {
  const std::string text = BidLines(256 * 1024);
  const size_t size = text.size() - kBlockPadding;
  auto decoder = MakeCsvDecoder(Fields(state.range(0)), {});
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
BENCHMARK(ReadCsv)->Arg(7)->Arg(3)->Arg(1)->ArgName("fields");

void WriteCsv(benchmark::State& state) {
  const std::string text = BidLines(256 * 1024);
  auto decoder = MakeCsvDecoder(Fields(7), {});
  Decoded decoded;
  if (!(*decoder)
           ->Decode({text.data(), text.size() - kBlockPadding}, true, kBatchRows, &decoded)
           .ok()) {
    state.SkipWithError("cannot decode");
  }
  auto encoder = MakeCsvEncoder(Bid(), {});
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
BENCHMARK(WriteCsv);

}  // namespace
}  // namespace castor::format::csv
