#include "platform/controller/state_fit.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

using Fate = StatePart::Fate;

constexpr const char* kBundle = R"json({
  "plan": {"nodes": [{"id": 1, "description": "Scan(orders)"}, {"id": 2, "description": "Calc(a)"},
                     {"id": 3, "description": "Count(a)"}, {"id": 4, "description": "Sink(totals)"}]},
  "operators": [
    {"nodeId": 1, "uid": "table-source-scan:orders", "stateful": true, "fingerprint": "f1"},
    {"nodeId": 2, "uid": "calc:totals<orders", "stateful": false},
    {"nodeId": 3, "uid": "count:totals", "aliases": ["count:others"], "stateful": true, "fingerprint": "f3"},
    {"nodeId": 4, "uid": "sink:totals", "stateful": true, "fingerprint": "f4"}]})json";

std::vector<Fate> Fates(const std::vector<HeldState>& held) {
  const auto parts = FitState(held, kBundle);
  EXPECT_TRUE(parts.ok()) << parts.status().message();
  std::vector<Fate> fates;
  for (const StatePart& part : *parts) fates.push_back(part.fate);
  return fates;
}

TEST(StateFitTest, TheSamePlanKeepsEverything) {
  const auto held = ReadPlanState(kBundle);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(held->size(), 3u);  // not the one without state
  EXPECT_EQ(Fates(*held), (std::vector<Fate>{Fate::kKept, Fate::kKept, Fate::kKept}));
  EXPECT_EQ(LossesOf(*FitState(*held, kBundle)), "");
}

TEST(StateFitTest, WhatIsMissingOrOfAnotherKindIsLost) {
  const std::vector<HeldState> held = {
      {.uid = "sink:gone", .aliases = {}, .fingerprint = "f4", .description = "Sink(gone)"},
      {.uid = "count:totals", .aliases = {}, .fingerprint = "f0", .description = "Count(b)"}};
  const auto parts = FitState(held, kBundle);
  ASSERT_TRUE(parts.ok());
  ASSERT_EQ(parts->size(), 5u);  // all of the new one begin without
  EXPECT_EQ((*parts)[0].reason, "the new version has no such operator");
  EXPECT_EQ((*parts)[1].reason, "in the new version it keeps another kind of state: Count(a)");
  EXPECT_EQ(LossesOf(*parts),
            "'sink:gone' (Sink(gone)): the new version has no such operator\n"
            "'count:totals' (Count(b)): in the new version it keeps another kind of state: "
            "Count(a)");
}

TEST(StateFitTest, AnyNameMatchesAndEachIsTakenOnce) {
  const HeldState other = {
      .uid = "count:others", .aliases = {}, .fingerprint = "f3", .description = ""};
  const HeldState own = {
      .uid = "count:totals", .aliases = {}, .fingerprint = "f3", .description = ""};
  EXPECT_EQ(Fates({other})[0], Fate::kKept);
  const std::vector<Fate> both = Fates({own, other});
  EXPECT_EQ(both[0], Fate::kKept);
  EXPECT_EQ(both[1], Fate::kLost);
}

TEST(StateFitTest, DeadLettersGoWithTheirTable) {
  const HeldState letters = {.uid = "table-source-scan:orders/bad-rows",
                             .aliases = {},
                             .fingerprint = "",
                             .description = ""};
  EXPECT_EQ(Fates({letters})[0], Fate::kKept);
}

TEST(StateFitTest, OfASnapshotOnlyWhatHasFilesCounts) {
  const auto held = ReadSnapshotState(
      "castor-snapshot 2 0123456789abcdef\n"
      R"({"operators": [{"uid": "a", "aliases": ["b"], "fingerprint": "f", "description": "A", "instances": []},
          {"uid": "c", "aliases": [], "fingerprint": "g", "description": "C", "instances": [{"subtask": 0}]},
          {"uid": "d", "aliases": [], "fingerprint": "h", "description": "D", "instances": [], "coordinator": {}}]})");
  ASSERT_TRUE(held.ok()) << held.status().message();
  ASSERT_EQ(held->size(), 2u);
  EXPECT_EQ((*held)[0].uid, "c");
  EXPECT_EQ((*held)[1].uid, "d");
  EXPECT_EQ(ReadSnapshotState("something else").status().code(), StatusCode::kIncompatible);
  EXPECT_EQ(ReadSnapshotState("castor-snapshot 2 0\n{").status().code(), StatusCode::kIncompatible);
}

}  // namespace
}  // namespace castor::platform
