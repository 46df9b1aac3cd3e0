#include "operator/session_window_aggregate/session_window_aggregate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "operator/api/operator_test_harness.h"

namespace castor::session_window_aggregate {
namespace {

using Rows = std::vector<std::string>;
using Property = plan::WindowProperty::Kind;

const LogicalType kTime = LogicalType::Timestamp(3);
const LogicalType kLocalTime(TypeKind::kTimestampLtz, true, 3);
const LogicalType kInput = LogicalType::Row(
    {{"k", LogicalType::BigInt()}, {"v", LogicalType::BigInt()}, {"t", kTime}, {"s", kTime}});

plan::AggregateCall Call(const std::string& function, std::vector<int32_t> args) {
  plan::AggregateCall call;
  call.name = call.function = call.function_id = function;
  call.args = std::move(args);
  call.type = LogicalType::BigInt(function != "COUNT");
  return call;
}

// SELECT k, COUNT(*), SUM(v), window_start, window_end, rowtime with a gap of 10 ms.
plan::WindowAggregate MakeNode() {
  plan::WindowAggregate node;
  node.grouping = {0};
  node.calls = {Call("COUNT", {}), Call("SUM", {1})};
  node.windowing.window.kind = plan::WindowSpec::Kind::kSession;
  node.windowing.window.gap_ms = 10;
  node.windowing.time_attribute = 2;
  node.windowing.time_attribute_type = kTime;
  node.properties = {{"s", Property::kStart}, {"e", Property::kEnd}, {"r", Property::kRowtime}};
  node.output_type = LogicalType::Row({{"k", LogicalType::BigInt()},
                                       {"count", LogicalType::BigInt(false)},
                                       {"sum", LogicalType::BigInt()},
                                       {"s", kTime},
                                       {"e", kTime},
                                       {"r", kTime}});
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(const plan::WindowAggregate& node,
                                             const std::string& zone = "UTC") {
  Configuration configuration;
  configuration.Set("table.local-time-zone", zone);
  return std::make_unique<OperatorTestHarness>(
      [node] { return std::make_unique<SessionWindowAggregate>(node, kInput); }, configuration);
}

struct Row {
  int64_t key;
  int64_t value;
  TimestampMs time;
  RowKind kind = RowKind::kInsert;
};

Batch MakeRows(const std::vector<Row>& rows) {
  std::vector<std::optional<int64_t>> columns[3];
  std::vector<RowKind> kinds;
  for (const Row& row : rows) {
    columns[0].push_back(row.key);
    columns[1].push_back(row.value);
    columns[2].push_back(row.time);
    kinds.push_back(row.kind);
  }
  if (std::all_of(kinds.begin(), kinds.end(), [](RowKind k) { return k == RowKind::kInsert; })) {
    kinds.clear();
  }
  std::vector<ColumnPtr> made;
  for (const auto& values : columns) {
    made.push_back(MakeColumn<int64_t>(LogicalType::BigInt(), values));
  }
  made[2] = made[2]->WithType(kTime);
  made.push_back(made[2]);
  return MakeBatch(made, kinds);
}

TEST(SessionWindowAggregate, SessionsGrowWithTheirRows) {
  const auto sessions = Harness(MakeNode());
  EXPECT_EQ(sessions->Process(0, MakeRows({{1, 1, 0}, {1, 2, 8}, {2, 4, 3}, {1, 8, 30}})), Rows{});
  EXPECT_EQ(sessions->Watermark(11), Rows{"W(11)"});
  EXPECT_EQ(sessions->Process(0, MakeRows({{2, 16, 5}})), Rows{});
  EXPECT_EQ(sessions->Watermark(17), (Rows{"+I(2,2,20,3,15,14)", "+I(1,2,3,0,18,17)", "W(17)"}));
  EXPECT_EQ(sessions->Watermark(kMaxWatermark), (Rows{"+I(1,1,8,30,40,39)", "W(max)"}));
}

TEST(SessionWindowAggregate, ARowMergesTheSessionsThatItTouches) {
  const auto sessions = Harness(MakeNode());
  sessions->Process(0, MakeRows({{1, 1, 0}}));
  sessions->Process(0, MakeRows({{1, 2, 20}}));
  sessions->SaveAndRestore();
  sessions->Process(0, MakeRows({{1, 4, 10}}));  // touches both
  EXPECT_EQ(sessions->Watermark(28), Rows{"W(28)"});
  EXPECT_EQ(sessions->Watermark(29), (Rows{"+I(1,3,7,0,30,29)", "W(29)"}));
  EXPECT_EQ(sessions->Watermark(kMaxWatermark), Rows{"W(max)"});
}

// SELECT k, COUNT(DISTINCT v), MAX(v), window_start, window_end, rowtime over a changelog.
TEST(SessionWindowAggregate, MapsOfMergingSessionsBecomeOne) {
  plan::WindowAggregate node = MakeNode();
  node.calls = {Call("COUNT", {1}), Call("MAX", {1})};
  node.calls[0].distinct = true;
  node.need_retraction = true;
  const auto sessions = Harness(node);
  sessions->Process(0, MakeRows({{1, 1, 0}, {1, 9, 2}, {2, 5, 1}}));
  sessions->Process(0, MakeRows({{1, 1, 20}, {1, 3, 21}}));
  sessions->SaveAndRestore();
  sessions->Process(0, MakeRows({{1, 1, 10}}));  // touches both
  sessions->Process(0, MakeRows({{1, 9, 2, RowKind::kDelete}, {2, 5, 1, RowKind::kDelete}}));
  EXPECT_EQ(sessions->Watermark(30), (Rows{"+I(1,2,3,0,31,30)", "W(30)"}));
  // Nothing of a session that is over is left.
  sessions->Process(0, MakeRows({{1, 3, 50}, {1, 2, 50}}));
  EXPECT_EQ(sessions->Watermark(kMaxWatermark), (Rows{"+I(1,2,3,50,60,59)", "W(max)"}));
}

TEST(SessionWindowAggregate, ALateRowIsKeptWhereItTouchesAnOpenSession) {
  const auto sessions = Harness(MakeNode());
  sessions->Process(0, MakeRows({{1, 1, 12}}));
  sessions->Watermark(20);
  sessions->SaveAndRestore();
  sessions->Process(0, MakeRows({{1, 2, 5}, {1, 4, 1}, {2, 8, 5}, {2, 16, 11}}));
  EXPECT_EQ(sessions->context().metrics().Counter("numLateRecordsDropped")->Get(), 2);
  EXPECT_EQ(sessions->Watermark(21), (Rows{"+I(1,3,7,1,22,21)", "W(21)"}));
}

TEST(SessionWindowAggregate, SessionsWithoutRowsLeftAreNotEmitted) {
  plan::WindowAggregate node = MakeNode();
  node.need_retraction = true;
  const auto sessions = Harness(node);
  sessions->Process(0, MakeRows({{1, 1, 0}, {2, 2, 0}, {2, 3, 5}}));
  sessions->Process(0, MakeRows({{1, 1, 0, RowKind::kDelete}, {2, 2, 0, RowKind::kUpdateBefore}}));
  EXPECT_EQ(sessions->Watermark(100), (Rows{"+I(2,1,3,0,15,14)", "W(100)"}));
}

TEST(SessionWindowAggregate, AttachedSessionsAreNotMerged) {
  plan::WindowAggregate node = MakeNode();
  node.windowing.kind = plan::WindowingStrategy::Kind::kWindowAttached;
  node.windowing.window_start = 2;
  node.windowing.window_end = 3;
  const auto sessions = Harness(node);
  const auto rows = [](const std::vector<std::optional<int64_t>>& starts,
                       const std::vector<std::optional<int64_t>>& ends) {
    const auto ones = MakeColumn<int64_t>(LogicalType::BigInt(),
                                          std::vector<std::optional<int64_t>>(starts.size(), 1));
    return MakeBatch(
        {ones, ones, MakeColumn<int64_t>(kTime, starts), MakeColumn<int64_t>(kTime, ends)});
  };
  sessions->Process(0, rows({0, 5, 0}, {20, 30, 20}));
  sessions->SaveAndRestore();
  sessions->Process(0, rows({5, 0}, {30, 30}));
  EXPECT_EQ(sessions->Watermark(19), (Rows{"+I(1,2,2,0,20,19)", "W(19)"}));
  sessions->Process(0, rows({0}, {20}));
  EXPECT_EQ(sessions->context().metrics().Counter("numLateRecordsDropped")->Get(), 1);
  EXPECT_EQ(sessions->Watermark(29), (Rows{"+I(1,2,2,5,30,29)", "+I(1,1,1,0,30,29)", "W(29)"}));
}

TEST(SessionWindowAggregate, ProcessingTimeByTheClockOnTheWall) {
  plan::WindowAggregate node = MakeNode();
  node.windowing.is_rowtime = false;
  node.windowing.time_attribute_type = kLocalTime;
  node.properties[2].kind = Property::kProctime;
  const auto sessions = Harness(node, "GMT+01:00");
  sessions->context().manual_clock().Set(100);
  sessions->Process(0, MakeRows({{1, 1, 0}}));
  EXPECT_EQ(sessions->context().requested(), 109);
  sessions->context().manual_clock().Set(105);
  sessions->Process(0, MakeRows({{1, 2, 0}}));
  sessions->context().manual_clock().Set(106);
  sessions->Process(0, MakeRows({{2, 3, 0}}));
  EXPECT_EQ(sessions->Watermark(500), Rows{"W(500)"});
  sessions->SaveAndRestore();
  EXPECT_EQ(sessions->PassTime(113), Rows{});
  EXPECT_EQ(sessions->PassTime(120),
            (Rows{"+I(1,2,3,3600100,3600115,114)", "+I(2,1,3,3600106,3600116,115)"}));
}

// Flink's MergingWindowSet row by row, with nothing of state.
class Model {
 public:
  void Add(const Row& row, TimestampMs watermark) {
    Session merged{row.time, row.time + 10, 1, row.value};
    std::vector<Session>& sessions = keys_[row.key];
    std::vector<Session> rest;
    for (const Session& session : sessions) {
      if (session.start > row.time + 10 || session.end < row.time) {
        rest.push_back(session);
        continue;
      }
      merged.start = std::min(merged.start, session.start);
      merged.end = std::max(merged.end, session.end);
      merged.count += session.count;
      merged.sum += session.sum;
    }
    const bool touches = rest.size() < sessions.size();
    if (!touches && merged.end - 1 <= watermark) return;
    rest.push_back(merged);
    sessions = rest;
  }
  std::multiset<std::string> TakeDue(TimestampMs watermark) {
    std::multiset<std::string> due;
    for (auto& [key, sessions] : keys_) {
      std::erase_if(sessions, [&, k = key](const Session& s) {
        if (s.end - 1 > watermark) return false;
        std::string text = "+I(" + std::to_string(k);
        for (const int64_t value : {s.count, s.sum, s.start, s.end, s.end - 1}) {
          text += "," + std::to_string(value);
        }
        due.insert(text + ")");
        return true;
      });
    }
    return due;
  }

 private:
  struct Session {
    TimestampMs start, end;
    int64_t count, sum;
  };
  std::map<int64_t, std::vector<Session>> keys_;
};

TEST(SessionWindowAggregate, EqualsTheModelOnRandomRows) {
  std::mt19937_64 random(11);
  for (int run = 0; run < 40; ++run) {
    const auto sessions = Harness(MakeNode());
    sessions->context().set_batch_rows(1 + static_cast<int32_t>(random() % 5));
    Model model;
    TimestampMs watermark = 0;
    sessions->Watermark(watermark);
    const int64_t disorder = 5 + static_cast<int64_t>(random() % 60);
    for (int step = 0; step < 60; ++step) {
      std::vector<Row> rows;
      for (size_t i = 0; i < random() % 12; ++i) {
        rows.push_back({static_cast<int64_t>(random() % 3), static_cast<int64_t>(random() % 100),
                        watermark - disorder / 2 + static_cast<int64_t>(random() % 97) % disorder});
        model.Add(rows.back(), watermark);
      }
      if (!rows.empty()) sessions->Process(0, MakeRows(rows));
      if (random() % 4 == 0) sessions->SaveAndRestore();
      if (random() % 3 != 0) continue;
      watermark = step == 59 ? kMaxWatermark : watermark + static_cast<int64_t>(random() % 25);
      const Rows results = sessions->Watermark(watermark);
      ASSERT_EQ(std::multiset<std::string>(results.begin(), results.end() - 1),
                model.TakeDue(watermark))
          << "run " << run << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace castor::session_window_aggregate
