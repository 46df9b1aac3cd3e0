#include <algorithm>

#include "connector/filesystem/test_sink.h"

namespace castor::connector::filesystem {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(FilesystemSinkTest, FilesAppearWithTheCommit) {
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1, 2}, {"x", std::nullopt})).ok());
  EXPECT_THAT(ReadAll(), IsEmpty());
  auto committables = writer->PrepareCommit();
  ASSERT_TRUE(committables.ok());
  EXPECT_THAT(Names(), ElementsAre(".part-A-0-0.inprogress"));
  EXPECT_THAT(ReadAll(), IsEmpty());
  ASSERT_TRUE(committer_->Commit(*committables).ok());
  ASSERT_TRUE(committer_->Commit(*committables).ok());
  EXPECT_THAT(Names(), ElementsAre("part-A-0-0"));
  EXPECT_EQ(*io::ReadWholeFile(fs_, directory_ + "/part-A-0-0"), "+I[1, \"x\"]\n+I[2, NULL]\n");
  EXPECT_THAT(*writer->PrepareCommit(), IsEmpty());
}

TEST_F(FilesystemSinkTest, ALostFileIsAnErrorThatNamesIt) {
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  auto committables = writer->PrepareCommit();
  ASSERT_TRUE(fs_.DeleteFile(directory_ + "/.part-A-0-0.inprogress").ok());
  Status status = committer_->Commit(*committables);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_THAT(status.message(), HasSubstr("part-A-0-0"));
}

TEST_F(FilesystemSinkTest, PartitionsGetTheirOwnFiles) {
  table_.partition_keys = {"b"};
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1, 2, 3, 4}, {"x/y", "z", "x/y", std::nullopt})).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_THAT(Names(), ElementsAre("b=__DEFAULT_PARTITION__", "b=x%2Fy", "b=z"));
  auto rows = ReadAll();
  std::sort(rows.begin(), rows.end());
  EXPECT_THAT(rows, ElementsAre("+I[1, \"x/y\"]", "+I[2, \"z\"]", "+I[3, \"x/y\"]", "+I[4, NULL]"));
}

TEST_F(FilesystemSinkTest, RollsBySizeAndTime) {
  table_.options["sink.rolling-policy.file-size"] = "20 b";
  table_.options["sink.rolling-policy.rollover-interval"] = "10 s";
  table_.options["sink.rolling-policy.check-interval"] = "4 s";
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1, 2}, {"x", "y"})).ok());
  ASSERT_TRUE(writer->Write(Rows({3}, {"z"})).ok());
  clock_.Advance(11'999);  // looked at after 4 and 8 seconds
  ASSERT_TRUE(writer->Write(Rows({4}, {"z"})).ok());
  clock_.Advance(1);
  ASSERT_TRUE(writer->Write(Rows({5}, {"z"})).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_EQ(Content("part-A-0-0"), "+I[1, \"x\"]\n+I[2, \"y\"]\n");
  EXPECT_EQ(Content("part-A-0-1"), "+I[3, \"z\"]\n+I[4, \"z\"]\n");
  EXPECT_EQ(Content("part-A-0-2"), "+I[5, \"z\"]\n");
}

TEST_F(FilesystemSinkTest, PartitionsAreCommittedWhenEveryWriterHasPassedTheirTime) {
  table_.partition_keys = {"b"};
  table_.options["sink.partition-commit.policy.kind"] = "success-file";
  table_.options["sink.partition-commit.trigger"] = "partition-time";
  table_.options["sink.partition-commit.delay"] = "1 s";
  MakeSink();
  std::unique_ptr<SinkWriter> writers[2];
  for (int32_t i = 0; i < 2; ++i) {
    writers[i] = std::move(sink_->MakeWriter()).value();
    WriterContext context;
    context.subtask = i;
    context.parallelism = 2;
    context.attempt_id = "A";
    context.clock = &clock_;
    ASSERT_TRUE(writers[i]->Open(context).ok());
  }
  const auto commit = [&] {
    std::vector<std::string> all;
    for (auto& writer : writers) {
      const auto prepared = writer->PrepareCommit();
      all.insert(all.end(), prepared->begin(), prepared->end());
    }
    ASSERT_TRUE(committer_->Commit(all).ok());
  };
  ASSERT_TRUE(writers[0]->Write(Rows({1, 2}, {"1970-01-01", "1970-01-01 00:00:10"})).ok());
  ASSERT_TRUE(writers[0]->OnWatermark(5'000).ok());
  commit();  // the other writer has no watermark yet
  EXPECT_THAT(Names("b=1970-01-01"), ElementsAre("part-A-0-1"));
  ASSERT_TRUE(writers[1]->OnWatermark(1'000).ok());
  commit();  // not beyond the delay
  EXPECT_THAT(Names("b=1970-01-01"), ElementsAre("part-A-0-1"));
  ASSERT_TRUE(writers[1]->OnWatermark(1'001).ok());
  commit();
  EXPECT_THAT(Names("b=1970-01-01"), ElementsAre("_SUCCESS", "part-A-0-1"));
  EXPECT_THAT(Names("b=1970-01-01 00%3A00%3A10"), ElementsAre("part-A-0-0"));
  // What is pending goes on with a restored writer; what was committed does not.
  const std::string state = *writers[0]->Snapshot();
  auto restored = std::move(sink_->MakeWriter()).value();
  ASSERT_TRUE(restored->Restore(state).ok());
  WriterContext context;
  context.attempt_id = "B";
  context.clock = &clock_;
  ASSERT_TRUE(restored->Open(context).ok());
  ASSERT_TRUE(restored->OnWatermark(kMaxWatermark).ok());
  ASSERT_TRUE(committer_->Commit(*restored->PrepareCommit()).ok());
  EXPECT_THAT(Names("b=1970-01-01 00%3A00%3A10"), ElementsAre("_SUCCESS", "part-A-0-0"));
}

TEST_F(FilesystemSinkTest, PartitionsThatWaitAreCommittedAtTheEnd) {
  table_.partition_keys = {"b"};
  table_.options["sink.partition-commit.policy.kind"] = "success-file";
  table_.options["sink.partition-commit.delay"] = "1 d";
  table_.options["sink.partition-commit.success-file.name"] = "_done";
  clock_.Set(Clock::System().NowMs());
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_THAT(Names("b=x"), ElementsAre("part-A-0-0"));
  ASSERT_TRUE(committer_->Finish().ok());
  EXPECT_THAT(Names("b=x"), ElementsAre("_done", "part-A-0-0"));
}

TEST_F(FilesystemSinkTest, RefusesWhatItCannotDo) {
  MakeSink();
  auto writer = Writer("A");
  Batch batch = Rows({1}, {"x"});
  batch.row_kinds = Buffer::Allocate(1);
  batch.row_kinds->as<RowKind>()[0] = RowKind::kDelete;
  EXPECT_EQ(writer->Write(batch).code(), StatusCode::kUnsupported);
  table_.options["auto-compaction"] = "true";
  EXPECT_THAT(TryMakeSink().status().message(), HasSubstr("auto-compaction"));
  table_.options.erase("auto-compaction");
  table_.options["sink.partition-commit.policy.kind"] = "success-file,metastore";
  EXPECT_THAT(TryMakeSink().status().message(), HasSubstr("'metastore' is for Hive"));
  table_.options["sink.partition-commit.policy.kind"] = "custom";
  EXPECT_THAT(TryMakeSink().status().message(), HasSubstr("Java class"));
  table_.options["sink.partition-commit.watermark-time-zone"] = "Mars";
  EXPECT_THAT(TryMakeSink().status().message(), HasSubstr("'Mars' is no time zone"));
}

}  // namespace
}  // namespace castor::connector::filesystem
