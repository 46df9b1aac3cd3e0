#include "heartbeat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "format/api/row_text.h"

namespace samples::heartbeat {
namespace {

using castor::LogicalType;
using castor::connector::PollState;
using castor::connector::Split;

class HeartbeatTest : public ::testing::Test {
 protected:
  void SetUp() override {
    RegisterHeartbeat(&registry_, nullptr, nullptr);
    table_.identifier = "t";
    table_.options = {{"connector", "heartbeat"}, {"interval", "10 ms"}, {"count", "3"}};
    Columns("`n` BIGINT, `at` TIMESTAMP(3) WITH LOCAL TIME ZONE");
  }

  void Columns(const std::string& columns) {
    table_.columns.clear();
    const auto row = LogicalType::Parse("ROW<" + columns + ">");
    for (const auto& field : row->fields()) {
      table_.columns.push_back({field.name, field.type, {}, "", false});
    }
  }

  castor::Result<std::unique_ptr<castor::connector::Source>> Make() {
    return registry_.MakeSource({table_, abilities_, configuration_});
  }

  std::unique_ptr<castor::connector::SourceReader> MakeReader(std::vector<Split> splits) {
    auto reader = std::move((*Make())->MakeReader()).value();
    castor::connector::ReaderContext context;
    context.clock = &clock_;
    EXPECT_TRUE(reader->Open(context).ok());
    EXPECT_TRUE(reader->AddSplits(std::move(splits)).ok());
    return reader;
  }

  std::string Poll(castor::connector::SourceReader* reader) {
    auto polled = reader->Poll();
    if (!polled.ok()) return polled.status().message();
    if (polled->state == PollState::kPending) return "pending";
    if (polled->state == PollState::kFinished) return "finished";
    std::string rows;
    for (int32_t i = 0; i < polled->batch.num_rows; ++i) {
      castor::format::AppendRowText(polled->batch, i, &rows);
    }
    return rows;
  }

  castor::connector::ConnectorRegistry registry_;
  castor::plan::Table table_;
  castor::plan::ScanAbilities abilities_;
  castor::Configuration configuration_;
  castor::ManualClock clock_{0};
};

TEST_F(HeartbeatTest, BeatsByTheClockAndGoesOnWhereItWas) {
  auto discovery = (*(*Make())->MakeEnumerator(1, ""))->Discover();
  auto first = MakeReader(discovery->splits);
  EXPECT_EQ(Poll(first.get()), "+I[1, 1970-01-01 00:00:00.000Z]");
  EXPECT_EQ(Poll(first.get()), "pending");
  const auto splits = first->SnapshotSplits();
  clock_.Advance(50);
  auto second = MakeReader(*splits);
  EXPECT_EQ(Poll(second.get()), "+I[2, 1970-01-01 00:00:00.050Z]");
  clock_.Advance(10);
  EXPECT_EQ(Poll(second.get()), "+I[3, 1970-01-01 00:00:00.060Z]");
  EXPECT_EQ(Poll(second.get()), "finished");
}

TEST_F(HeartbeatTest, RefusesOtherColumns) {
  Columns("`n` INT");
  EXPECT_THAT(Make().status().message(), ::testing::HasSubstr("table t: a 'heartbeat' table has"));
}

}  // namespace
}  // namespace samples::heartbeat
