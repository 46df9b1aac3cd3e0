#include "platform/metrics/metric_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "platform/metrics/metric_recorder.h"

namespace castor::platform {
namespace {

using testing::ElementsAre;
using testing::Optional;

constexpr int64_t kMinute = MetricStore::kMinuteMs;
constexpr int64_t kBegin = 1'000 * kMinute;

class MetricStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    Open();
  }
  void Open(int64_t max_bytes = MetricStore::kMaxBytes) {
    store_.reset();
    auto opened = MetricStore::Open(path_ + "/metrics.db", max_bytes);
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    store_ = std::move(*opened);
  }

  // Rows in a second, and how often the job has been restarted.
  void Record(int64_t now, double rows, double restarts, const std::string& deployment = "d") {
    MetricStore::Sample sample = {deployment,
                                  std::vector<std::optional<double>>(AllJobSeries().size(), 0.1)};
    for (size_t i = 0; i < AllJobSeries().size(); ++i) {
      if (&AllJobSeries()[i] == rows_) sample.values[i] = rows;
      if (&AllJobSeries()[i] == restarts_) sample.values[i] = restarts;
    }
    ASSERT_TRUE(store_->Record(now, {sample}).ok());
  }
  auto Read(int64_t from, int64_t to, int64_t step) {
    return *store_->Read({"d", {rows_, restarts_}, from, to, step});
  }

  const std::string path_ = testing::TempDir() + "metric-store-" + std::to_string(::getpid());
  const JobSeries* const rows_ = FindJobSeries("numRecordsInPerSecond");
  const JobSeries* const restarts_ = FindJobSeries("numRestarts");
  std::unique_ptr<MetricStore> store_;
};

TEST_F(MetricStoreTest, SamplesAreGatheredByStepsAndGapsStay) {
  Record(kBegin, 10, 1);
  Record(kBegin + 5'000, 30, 2);
  Record(kBegin + 5'000, 99, 9, "other");
  Record(kBegin + 25'000, 50, 2);
  const auto all = Read(kBegin, kBegin + 30'000, 10'000);
  EXPECT_THAT(all.at(0), ElementsAre(Optional(20.0), std::nullopt, Optional(50.0)));
  EXPECT_THAT(all.at(1), ElementsAre(Optional(2.0), std::nullopt, Optional(2.0)));
}

TEST_F(MetricStoreTest, MinutesOutliveSamplesAndTheServer) {
  for (int64_t at = 0; at < 3 * kMinute; at += 5'000) {
    Record(kBegin + at, static_cast<double>(at / kMinute), 0);
    if (at == kMinute) Open();
  }
  // The last minute has not passed.
  const auto recent = Read(kBegin, kBegin + 3 * kMinute, kMinute);
  EXPECT_THAT(recent.at(0), ElementsAre(Optional(0.0), Optional(1.0), Optional(2.0)));
  Record(kBegin + 2 * MetricStore::kSamplesKeptMs, 7, 0);
  Open();
  EXPECT_EQ(Read(kBegin, kBegin + 3 * kMinute, kMinute), recent);
  EXPECT_THAT(Read(kBegin, kBegin + 10'000, 5'000).at(0), ElementsAre(std::nullopt, std::nullopt));
  Record(kBegin + MetricStore::kMinutesKeptMs + 2 * kMinute, 8, 0);
  EXPECT_THAT(Read(kBegin, kBegin + 3 * kMinute, kMinute).at(0),
              ElementsAre(std::nullopt, std::nullopt, Optional(2.0)));
}

TEST_F(MetricStoreTest, OldMinutesMakeRoom) {
  constexpr int64_t kMinutes = 300;
  Open(50'000);
  for (int64_t i = 0; i < kMinutes; ++i) {
    Record(kBegin + i * kMinute, static_cast<double>(i), 0);
  }
  const auto all = Read(kBegin, kBegin + kMinutes * kMinute, kMinute);
  EXPECT_EQ(all.at(0).front(), std::nullopt);
  EXPECT_THAT(all.at(0).back(), Optional(kMinutes - 1.0));
  EXPECT_LT(std::filesystem::file_size(path_ + "/metrics.db"), 150'000U);
}

TEST(MetricRecorderTest, AWorkerThatSaysNothingNewLeavesAGap) {
  JobBoard board;
  cli::JobStatus status;
  status.state = "RUNNING";
  status.now_ms = 1'000;
  const auto show = [&] {
    board.Show({"default", "d", "name", "j", std::make_shared<const cli::JobStatus>(status)});
  };
  std::map<std::string, int64_t> seen;
  EXPECT_TRUE(TakeSamples(board, &seen).empty());
  show();
  EXPECT_EQ(TakeSamples(board, &seen).size(), 1U);
  show();
  EXPECT_TRUE(TakeSamples(board, &seen).empty());
  status.now_ms = 2'000;
  show();
  const auto samples = TakeSamples(board, &seen);
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].deployment, "d");
  EXPECT_EQ(samples[0].values.size(), AllJobSeries().size());
}

}  // namespace
}  // namespace castor::platform
