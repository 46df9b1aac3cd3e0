#include "connector/nexmark/event_generator.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "column/column.h"

namespace castor::connector::nexmark {
namespace {

using Json = nlohmann::json;

Json Value(const Column& column, int32_t row) {
  const Column* at = nullptr;
  const int32_t i = column.Resolve(row, &at);
  if (i < 0) return nullptr;
  if (at->physical() == PhysicalType::kString) {
    return std::string(at->values<StringRef>()[i].view());
  }
  return at->values<int64_t>()[i];
}

// The event of `row` as the golden file has it: its type, and the fields of its own row.
Json Event(const Batch& batch, int32_t row) {
  const int32_t kind = batch.columns[0]->values<int32_t>()[row];
  Json event = {{"event_type", kind}};
  for (int32_t other = 0; other < 3; ++other) {
    const Column* at = nullptr;
    const int32_t i = batch.columns[static_cast<size_t>(other) + 1]->Resolve(row, &at);
    EXPECT_EQ(i >= 0, other == kind) << "exactly the row of its kind is set";
    if (other != kind || i < 0) continue;
    for (size_t field = 0; field < at->children().size(); ++field) {
      event[at->type().fields()[field].name] = Value(*at->children()[field], i);
    }
  }
  return event;
}

Options MakeOptions(const Json& golden) {
  std::map<std::string, std::string> given;
  for (const auto& [key, value] : golden.items()) given[key] = value.dump();
  Result<Options> options = Options::Parse(given);
  EXPECT_TRUE(options.ok()) << options.status().ToString();
  return *options;
}

EventGenerator MakeGenerator(const Options& options) {
  return EventGenerator(options, EventGenerator::MakeTexts(options), EventType());
}

TEST(EventGeneratorTest, GoldenEvents) {
  std::ifstream file(CASTOR_GOLDEN "/nexmark_events.jsonl");
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const Json golden = Json::parse(line);
    const Options options = MakeOptions(golden.value("options", Json::object()));
    const int64_t n = golden["n"];
    const int64_t epoch = n / options.epoch_size(), offset = n % options.epoch_size();
    const EpochRun run{epoch, offset, offset + 1};
    const Batch batch = MakeGenerator(options).Generate({&run, 1});
    ASSERT_EQ(batch.num_rows, 1);
    EXPECT_EQ(Event(batch, 0), golden["event"]) << line;
  }
  EXPECT_GT(lines, 30);
}

TEST(EventGeneratorTest, ABatchHoldsTheEventsOfItsRuns) {
  const Options options = MakeOptions(Json::object());
  EventGenerator generator = MakeGenerator(options);
  // Cached layouts of whole epochs must not leak into batches of parts.
  for (const std::vector<EpochRun>& runs :
       std::vector<std::vector<EpochRun>>{{{0, 0, 50}, {7, 0, 50}},
                                          {{8, 0, 50}, {9, 0, 50}},
                                          {{3, 2, 30}},
                                          {{4, 0, 1}, {5, 49, 50}},
                                          {{8, 0, 50}, {9, 0, 50}}}) {
    const Batch batch = generator.Generate(runs);
    int32_t row = 0;
    for (const EpochRun& run : runs) {
      for (int64_t offset = run.from; offset < run.to; ++offset, ++row) {
        const EpochRun alone{run.epoch, offset, offset + 1};
        const Batch one = MakeGenerator(options).Generate({&alone, 1});
        EXPECT_EQ(Event(batch, row), Event(one, 0)) << "epoch " << run.epoch << " + " << offset;
      }
    }
    EXPECT_EQ(batch.num_rows, row);
  }
}

TEST(TimeWalkerTest, AgreesWithTheDivision) {
  for (const int64_t rate : {1, 7, 999, 1000, 1001, 10'000, 1'000'000}) {
    Options options;
    options.rate = rate;
    for (const int64_t start : {int64_t{0}, int64_t{123'456'789}}) {
      TimeWalker walker(options, start);
      for (int64_t n = start; n < start + 3000; ++n) {
        ASSERT_EQ(walker.Next(), options.TimeOf(n)) << "rate " << rate << ", event " << n;
      }
    }
  }
}

TEST(OptionsTest, ErrorsNameTheOption) {
  const auto error = [](std::map<std::string, std::string> options) {
    return Options::Parse(options).status().ToString();
  };
  EXPECT_NE(error({{"bid.hot-ratio.bidders", "0"}}).find("bid.hot-ratio.bidders is 0"),
            std::string::npos);
  EXPECT_NE(error({{"next-event.rate", "7"}}).find("next-event.rate must equal"),
            std::string::npos);
  EXPECT_NE(error({{"events.num", "many"}}).find("events.num"), std::string::npos);
  EXPECT_NE(
      error({{"first-event.rate", "1"}, {"auction.proportion", "1"}, {"bid.proportion", "900000"}})
          .find("auction horizon"),
      std::string::npos);
}

}  // namespace
}  // namespace castor::connector::nexmark
