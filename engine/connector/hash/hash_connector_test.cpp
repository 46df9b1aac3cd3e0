#include "connector/hash/hash_connector.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "column/test_columns.h"

namespace castor::connector::hash {
namespace {

class HashConnectorTest : public ::testing::Test {
 protected:
  HashConnectorTest() {
    table_.identifier = "t";
    table_.options = {{"path", directory_.string()}, {"sum-columns", "b"}};
    std::filesystem::remove_all(directory_);
  }
  ~HashConnectorTest() override { std::filesystem::remove_all(directory_); }

  Result<std::unique_ptr<Sink>> MakeSink(LogicalType type) {
    return HashConnector().make_sink({table_, std::move(type), {}, {}, false, {}, bundle_});
  }

  std::unique_ptr<SinkWriter> MakeWriter(int32_t subtask = 0) {
    const LogicalType type =
        LogicalType::Row({{"a", LogicalType::String()}, {"b", LogicalType::BigInt()}});
    auto sink = MakeSink(type);
    EXPECT_TRUE(sink.ok()) << sink.status().ToString();
    auto writer = (*sink)->MakeWriter();
    EXPECT_TRUE(writer.ok());
    WriterContext context;
    context.subtask = subtask;
    EXPECT_TRUE((*writer)->Open(context).ok());
    return std::move(*writer);
  }

  static Batch MakeBatch(const std::vector<int64_t>& numbers, const std::vector<RowKind>& kinds) {
    std::vector<std::optional<std::string>> texts;
    std::vector<std::optional<int64_t>> values;
    for (const int64_t number : numbers) {
      texts.push_back(std::to_string(number));
      values.push_back(number);
    }
    Batch batch(static_cast<int32_t>(numbers.size()),
                {MakeStrings(texts), MakeColumn<int64_t>(LogicalType::BigInt(), values)});
    if (!kinds.empty()) {
      batch.row_kinds = Buffer::Allocate(kinds.size());
      std::copy(kinds.begin(), kinds.end(), batch.row_kinds->as<RowKind>());
    }
    return batch;
  }

  std::string Finish(SinkWriter* writer, int32_t subtask = 0) {
    EXPECT_TRUE(writer->PrepareCommit().ok());
    EXPECT_TRUE(writer->Close().ok());
    std::ifstream file(directory_ / ("part-" + std::to_string(subtask) + ".json"));
    std::string line;
    std::getline(file, line);
    return line;
  }

  static std::string HashIn(const std::string& line) { return line.substr(0, line.find(',')); }

  const std::filesystem::path directory_ = std::filesystem::path(::testing::TempDir()) /
                                           ("hash_connector_test-" + std::to_string(::getpid()));
  plan::Table table_;
  plan::Bundle bundle_;
};

constexpr RowKind kI = RowKind::kInsert, kUb = RowKind::kUpdateBefore, kUa = RowKind::kUpdateAfter,
                  kD = RowKind::kDelete;

TEST_F(HashConnectorTest, RetractionsCancelOut) {
  auto updated = MakeWriter();
  ASSERT_TRUE(updated->Write(MakeBatch({1, 2, 1, 5, 2}, {kI, kI, kUb, kUa, kD})).ok());
  const std::string line = Finish(updated.get());
  EXPECT_NE(line.find(R"("+I":2,"-U":1,"+U":1,"-D":1,"sums":{"b":"5"}})"), std::string::npos)
      << line;

  auto direct = MakeWriter();
  ASSERT_TRUE(direct->Write(MakeBatch({5}, {})).ok());
  EXPECT_EQ(HashIn(Finish(direct.get())), HashIn(line));
}

TEST_F(HashConnectorTest, OrderAndBatchesDoNotMatter) {
  auto one = MakeWriter();
  ASSERT_TRUE(one->Write(MakeBatch({1, 2, 3, -4}, {})).ok());
  auto other = MakeWriter(1);
  ASSERT_TRUE(other->Write(MakeBatch({-4, 2}, {})).ok());
  ASSERT_TRUE(other->Write(MakeBatch({3}, {})).ok());
  ASSERT_TRUE(other->Write(MakeBatch({1}, {})).ok());
  EXPECT_EQ(Finish(one.get()), Finish(other.get(), 1));
}

TEST_F(HashConnectorTest, SnapshotsMerge) {
  auto all = MakeWriter();
  ASSERT_TRUE(all->Write(MakeBatch({1, 2, 3}, {kI, kI, kD})).ok());
  const std::string expected = Finish(all.get());

  auto first = MakeWriter(), second = MakeWriter(1), restored = MakeWriter();
  ASSERT_TRUE(first->Write(MakeBatch({1}, {})).ok());
  ASSERT_TRUE(second->Write(MakeBatch({2}, {})).ok());
  ASSERT_TRUE(restored->Restore(*first->Snapshot()).ok());
  ASSERT_TRUE(restored->Restore(*second->Snapshot()).ok());
  ASSERT_TRUE(restored->Write(MakeBatch({3}, {kD})).ok());
  EXPECT_EQ(Finish(restored.get()), expected);

  EXPECT_EQ(restored->Restore("1234").code(), StatusCode::kIncompatible);
}

TEST_F(HashConnectorTest, ErrorsNameTableAndColumn) {
  table_.options["sum-columns"] = "a";
  const Status status = MakeSink(LogicalType::Row({{"a", LogicalType::String()}})).status();
  EXPECT_EQ(status.message(),
            "table t: hash: sum-columns names a, which is not a column of integer type");
}

}  // namespace
}  // namespace castor::connector::hash
