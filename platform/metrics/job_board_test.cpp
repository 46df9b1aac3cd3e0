#include "platform/metrics/job_board.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

JobFigures At(int64_t now_ms, int64_t records, int64_t started_at_ms = 1) {
  cli::JobStatus status;
  status.now_ms = now_ms;
  status.started_at_ms = started_at_ms;
  status.records_in = records;
  cli::OperatorStatus op;
  op.node = 7;
  op.records_out = 2 * records;
  status.operators.push_back(op);
  return {"default", "d", "name", "j", std::make_shared<const cli::JobStatus>(status)};
}

std::optional<double> RecordsIn(const JobFigures& of) {
  return PerSecond(of.before.get(), *of.status,
                   [](const cli::JobStatus& status) { return status.records_in; });
}

TEST(JobBoardTest, RatesAreThoseOfTheLastSeconds) {
  JobBoard board;
  board.Show(At(1'000, 0));
  EXPECT_EQ(RecordsIn(*board.Find("j")), std::nullopt);
  for (int64_t second = 2; second <= 60; ++second) {
    board.Show(At(second * 1'000, second < 30 ? 0 : (second - 30) * 100));
  }
  const JobFigures figures = *board.Find("j");
  EXPECT_DOUBLE_EQ(*RecordsIn(figures), 100);
  EXPECT_DOUBLE_EQ(*PerSecond(figures.before.get(), *figures.status, figures.status->operators[0],
                              &cli::OperatorStatus::records_out),
                   200);
}

TEST(JobBoardTest, AnotherProcessCountsAnew) {
  JobBoard board;
  board.Show(At(1'000, 5'000));
  board.Show(At(3'000, 7'000));
  board.Show(At(5'000, 10, 2));
  EXPECT_EQ(RecordsIn(*board.Find("j")), std::nullopt);
  board.Show(At(6'000, 30, 2));
  EXPECT_DOUBLE_EQ(*RecordsIn(*board.Find("j")), 20);
}

TEST(JobBoardTest, WhatIsSaidAgainIsNoStandstill) {
  JobBoard board;
  board.Show(At(1'000, 0));
  board.Show(At(2'000, 50));
  board.Show(At(2'000, 50));
  EXPECT_DOUBLE_EQ(*RecordsIn(board.All().at(0)), 50);
  board.Remove("j");
  EXPECT_TRUE(board.All().empty());
}

}  // namespace
}  // namespace castor::platform
