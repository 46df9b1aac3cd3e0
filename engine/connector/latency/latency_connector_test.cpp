#include "connector/latency/latency_connector.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "column/test_columns.h"

namespace castor::connector::latency {
namespace {

class LatencyConnectorTest : public ::testing::Test {
 protected:
  LatencyConnectorTest() {
    table_.identifier = "t";
    table_.options = {{"path", directory_.string()}, {"column", "due"}};
    std::filesystem::remove_all(directory_);
  }
  ~LatencyConnectorTest() override { std::filesystem::remove_all(directory_); }

  Result<std::unique_ptr<Sink>> MakeSink(int32_t precision = 3) {
    const LogicalType type = LogicalType::Row({{"due", LogicalType::Timestamp(precision)}});
    return LatencyConnector().make_sink({table_, type, {}, {}, false, {}, bundle_});
  }

  // What the part file says of rows that were due so long ago.
  std::string Run(const std::vector<std::optional<int64_t>>& ages_ms,
                  const std::vector<RowKind>& kinds = {}) {
    const int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
    std::vector<std::optional<int64_t>> due;
    for (const auto& age : ages_ms) due.push_back(age ? std::optional(now - *age) : age);
    Batch batch(static_cast<int32_t>(due.size()),
                {MakeColumn<int64_t>(LogicalType::Timestamp(3), due)});
    if (!kinds.empty()) {
      batch.row_kinds = Buffer::Allocate(kinds.size());
      std::copy(kinds.begin(), kinds.end(), batch.row_kinds->as<RowKind>());
    }
    auto sink = MakeSink();
    EXPECT_TRUE(sink.ok()) << sink.status().ToString();
    auto writer = (*sink)->MakeWriter();
    EXPECT_TRUE((*writer)->Open({}).ok());
    EXPECT_TRUE((*writer)->Write(batch).ok());
    EXPECT_TRUE((*writer)->Close().ok());
    std::ifstream file(directory_ / "part-0.json");
    std::string line;
    std::getline(file, line);
    return line;
  }

  const std::filesystem::path directory_ = std::filesystem::path(::testing::TempDir()) /
                                           ("latency_connector_test-" + std::to_string(::getpid()));
  plan::Table table_;
  plan::Bundle bundle_;
};

TEST_F(LatencyConnectorTest, CountsFromTheTimeThatARowWasDue) {
  // An hour is a bucket of over half a minute: the time the test takes does not leave it.
  const std::string line = Run({3'600'000, 3'600'000, std::nullopt});
  EXPECT_EQ(line.substr(0, 9), R"({"rows":2)");
  const uint64_t lower = std::stoull(line.substr(line.find("[[") + 2));
  EXPECT_GE(lower, 3'500'000'000u);
  EXPECT_LE(lower, 3'700'000'000u);
}

TEST_F(LatencyConnectorTest, RetractionsAreNotResults) {
  const std::string line = Run({5, 5, 5, 5}, {RowKind::kInsert, RowKind::kUpdateBefore,
                                              RowKind::kUpdateAfter, RowKind::kDelete});
  EXPECT_EQ(line.substr(0, 9), R"({"rows":2)");
}

TEST_F(LatencyConnectorTest, WarmUpIsNotCounted) {
  table_.options["warm-up"] = "2 s";
  const std::string line = Run({10'000, 9'000, 8'000, 7'000});
  EXPECT_EQ(line.substr(0, 9), R"({"rows":2)");
}

TEST_F(LatencyConnectorTest, ErrorsNameTableAndColumn) {
  EXPECT_EQ(MakeSink(6).status().message(),
            "table t: latency: column 'due' is not a column of type TIMESTAMP(3)");
}

}  // namespace
}  // namespace castor::connector::latency
