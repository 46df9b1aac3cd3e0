#include "connector/filesystem/test_table.h"

namespace castor::connector::filesystem {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using FilesystemSourceTest = FilesystemTest;

TEST_F(FilesystemSourceTest, ReadsADirectoryWithoutHiddenFiles) {
  Columns("`a` INT");
  Write("b/one", "[2]\n");
  Write("a", "[1]");
  Write("_hidden/x", "[9]");
  Write(".x", "[9]");
  Write("c", "");
  EXPECT_THAT(ReadAll(), ElementsAre("+I[1]", "+I[2]"));
}

TEST_F(FilesystemSourceTest, ReadsAFileAndPathsOfAPattern) {
  Columns("`a` INT");
  Write("x1", "[1]\n");
  Write("y1", "[2]\n");
  table_.options["source.path.regex-pattern"] = ".*/y\\d";
  EXPECT_THAT(ReadAll(), ElementsAre("+I[2]"));
  table_.options.erase("source.path.regex-pattern");
  table_.options["path"] = "file://" + directory_ + "/x1";
  EXPECT_THAT(ReadAll(), ElementsAre("+I[1]"));
}

TEST_F(FilesystemSourceTest, MissingPathAndUnknownFormat) {
  Columns("`a` INT");
  table_.options["path"] = directory_ + "/none";
  auto source = MakeSource();
  auto discovery = (*source->MakeEnumerator(1, ""))->Discover();
  ASSERT_FALSE(discovery.ok());
  EXPECT_EQ(discovery.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(discovery.status().message(), HasSubstr("table t, option 'path'"));
  EXPECT_THAT(discovery.status().message(), HasSubstr(directory_ + "/none"));
  table_.options["format"] = "xml";
  auto refused = MakeFilesystemSource({table_, abilities_, configuration_}, formats_, systems_);
  EXPECT_THAT(refused.status().message(), HasSubstr("there is no format 'xml'"));
}

TEST_F(FilesystemSourceTest, PartitionsMetadataAndProjection) {
  Columns("`a` INT, `p` INT, `q` VARCHAR(9), `b` INT");
  table_.partition_keys = {"p", "q"};
  Write("p=1/q=x%3Ay/f", "[1, 2]\n");
  Write("p=2/q=__DEFAULT_PARTITION__/f", "[3, 4]\n");
  EXPECT_THAT(ReadAll(), ElementsAre("+I[1, 1, \"x:y\", 2]", "+I[3, 2, NULL, 4]"));

  abilities_.projected = true;
  abilities_.projected_fields = {{3}, {1}};
  abilities_.metadata_keys = {"file.name", "file.size"};
  abilities_.produced_type = *LogicalType::Parse(
      "ROW<`b` INT, `p` INT, `$n` VARCHAR(2147483647) NOT NULL, `$s` BIGINT NOT NULL>");
  abilities_.has_partitions = true;
  abilities_.partitions = {{{"p", "1"}, {"q", "x:y"}}};
  EXPECT_THAT(ReadAll(), ElementsAre("+I[2, 1, \"f\", 7]"));

  Write("p=z/q=x/f", "[1, 2]\n");
  abilities_.has_partitions = false;
  ReadAll();
  EXPECT_THAT(error_, HasSubstr("partition key 'p': partition value 'z' is not of type INT"));
}

TEST_F(FilesystemSourceTest, ResumesBehindTheLastBatch) {
  Columns("`a` INT");
  std::string text;
  for (int i = 0; i < 10; ++i) text += "[" + std::to_string(i) + "]\n";
  Write("f", text);
  Write("g", "[10]\n");
  auto source = MakeSource();
  auto first = MakeReader(source.get(), Discover(source.get()), 3);
  EXPECT_EQ(Drain(first.get(), 2).size(), 6u);
  auto second = MakeReader(source.get(), *first->SnapshotSplits(), 100);
  EXPECT_THAT(Drain(second.get()), ElementsAre("+I[6]", "+I[7]", "+I[8]", "+I[9]", "+I[10]"));
  EXPECT_THAT(*second->SnapshotSplits(), IsEmpty());
}

TEST_F(FilesystemSourceTest, RangesOfAFileGiveEachRecordOnce) {
  Columns("`a` INT");
  std::string text;
  for (int i = 0; i < 40; ++i) text += "[" + std::to_string(i) + "]\n";
  text += "[40]";
  Write("f", text);
  auto source = MakeSource();
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t cut = 1; cut < size; cut += 3) {
    std::vector<Split> splits = Discover(source.get());
    ASSERT_EQ(splits.size(), 1u);
    Split left = splits[0], right = splits[0];
    const std::string whole = "\"end\":" + std::to_string(size);
    left.state.replace(left.state.find(whole), whole.size(), "\"end\":" + std::to_string(cut));
    right.state.replace(right.state.find("\"start\":0"), 9, "\"start\":" + std::to_string(cut));
    auto reader = MakeReader(source.get(), {left, right}, 7);
    EXPECT_EQ(Drain(reader.get()).size(), 41u) << cut;
  }
}

TEST_F(FilesystemSourceTest, CutsLargeFilesForSeveralSubtasks) {
  Columns("`a` INT");
  const std::string line = "[1" + std::string(100, ' ') + "]\n";
  std::string large;
  while (large.size() < (40u << 20)) large += line;
  Write("f", large);
  auto source = MakeSource();
  EXPECT_EQ(Discover(source.get(), 1).size(), 1u);
  std::vector<Split> splits = Discover(source.get(), 2);
  EXPECT_EQ(splits.size(), 2u);
  auto reader = MakeReader(source.get(), splits);
  EXPECT_EQ(Drain(reader.get()).size(), large.size() / line.size());
}

TEST_F(FilesystemSourceTest, RecordsLargerThanABlock) {
  Columns("`a` VARCHAR(2147483647)");
  const std::string value(600'000, 'x');
  Write("f", "[\"" + value + "\"]\n[\"y\"]\n");
  const auto rows = ReadAll();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0], "+I[\"" + value + "\"]");
}

TEST_F(FilesystemSourceTest, BadRowsFailWithTheirPlace) {
  Columns("`a` INT");
  Write("f", "[1]\n[2]\noops\n[3]\n");
  ReadAll();
  EXPECT_THAT(error_, HasSubstr("table t: " + directory_ + "/f, line 3, byte offset 8: "));
  EXPECT_THAT(error_, HasSubstr("oops"));
}

TEST_F(FilesystemSourceTest, BadRowsAreSkippedOrHandedOn) {
  Columns("`a` INT");
  Write("f", "[1]\noops\n[3]\n");
  table_.options["castor.bad-rows"] = "skip";
  EXPECT_THAT(ReadAll(), ElementsAre("+I[1]", "+I[3]"));
  EXPECT_EQ(skipped_rows_, 1);
  EXPECT_THAT(bad_rows_, IsEmpty());
  table_.options["castor.bad-rows"] = "dead-letter";
  table_.options["castor.bad-rows.path"] = directory_;
  EXPECT_THAT(ReadAll(), ElementsAre("+I[1]", "+I[3]"));
  ASSERT_EQ(bad_rows_.size(), 1u);
  EXPECT_EQ(bad_rows_[0].record, "oops");
  EXPECT_THAT(bad_rows_[0].origin, HasSubstr("byte offset 4"));
}

TEST_F(FilesystemSourceTest, LinesOfBadRowsAreCountedOnce) {
  Columns("`a` INT");
  std::string text;
  for (int i = 0; i < 3000; ++i) text += i % 3 == 0 ? "oops\n" : "[1]\n";
  Write("f", text);
  table_.options["castor.bad-rows"] = "dead-letter";
  table_.options["castor.bad-rows.path"] = directory_;
  EXPECT_EQ(ReadAll().size(), 2000u);
  ASSERT_EQ(bad_rows_.size(), 1000u);
  for (size_t i = 0; i < bad_rows_.size(); ++i) {
    EXPECT_THAT(bad_rows_[i].origin, HasSubstr(", line " + std::to_string(3 * i + 1) + ","));
  }
}

TEST_F(FilesystemSourceTest, FilesThatChangeUnderTheReader) {
  Columns("`a` INT");
  Write("f", "[1]\n[2]\n");
  auto source = MakeSource();
  const std::vector<Split> splits = Discover(source.get());
  Write("f", "[1]\n[2]\n[3]\n");  // grown: what was there is read
  EXPECT_THAT(Drain(MakeReader(source.get(), splits).get()), ElementsAre("+I[1]", "+I[2]"));
  Write("f", "[1]\n");
  Drain(MakeReader(source.get(), splits).get());
  EXPECT_THAT(error_, HasSubstr("table t: '" + directory_ + "/f' became shorter"));
  EXPECT_THAT(error_, HasSubstr("had 8 bytes and now ends at byte 4"));
  ASSERT_TRUE(fs_.DeleteFile(directory_ + "/f").ok());
  Drain(MakeReader(source.get(), splits).get());
  EXPECT_THAT(error_, HasSubstr("table t: cannot open '" + directory_ + "/f'"));
  EXPECT_THAT(error_, HasSubstr("put it back"));
}

TEST_F(FilesystemSourceTest, LimitAndCompressedFiles) {
  Columns("`a` INT");
  Write("f", "[1]\n[2]\n[3]\n");
  abilities_.limit = 2;
  EXPECT_THAT(ReadAll(), ElementsAre("+I[1]", "+I[2]"));
  Write("g.gz", "");
  auto discovery = (*MakeSource()->MakeEnumerator(1, ""))->Discover();
  EXPECT_EQ(discovery.status().code(), StatusCode::kUnsupported);
}

TEST_F(FilesystemSourceTest, WatchingFindsNewFilesOnce) {
  Columns("`a` INT");
  table_.options["source.monitor-interval"] = "1 s";
  table_.options["path"] = directory_ + "/later";
  auto source = MakeSource();
  EXPECT_FALSE(source->bounded());
  auto enumerator = std::move(source->MakeEnumerator(1, "")).value();
  EXPECT_EQ(enumerator->discovery_interval_ms(), 1000);
  EXPECT_THAT(enumerator->Discover()->splits, IsEmpty());
  Write("later/f", "[1]\n");
  auto found = enumerator->Discover();
  EXPECT_EQ(found->splits.size(), 1u);
  EXPECT_FALSE(found->finished);
  auto restored = std::move(source->MakeEnumerator(1, enumerator->Snapshot())).value();
  EXPECT_THAT(restored->Discover()->splits, IsEmpty());
  Write("later/g", "[2]\n");
  EXPECT_EQ(restored->Discover()->splits.size(), 1u);
}

}  // namespace
}  // namespace castor::connector::filesystem
