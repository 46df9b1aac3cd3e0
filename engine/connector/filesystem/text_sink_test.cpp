// Part files of text formats: open over checkpoints, and what a restored writer makes of them.
#include "connector/filesystem/partition_commit.h"
#include "connector/filesystem/test_sink.h"

namespace castor::connector::filesystem {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TextSinkTest : public FilesystemSinkTest {
 protected:
  void SetUp() override {
    FilesystemSinkTest::SetUp();
    table_.options["format"] = "test";
  }
};

TEST_F(TextSinkTest, AFileStaysOpenOverCheckpoints) {
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  EXPECT_THAT(*writer->PrepareCommit(), IsEmpty());
  EXPECT_EQ(Content(".part-A-0-0.inprogress"), "+I[1, \"x\"]\n");  // durable all the same
  ASSERT_TRUE(writer->Write(Rows({2}, {"y"})).ok());
  End(*writer);
  EXPECT_THAT(Names(), ElementsAre("part-A-0-0"));
  EXPECT_EQ(Content("part-A-0-0"), "+I[1, \"x\"]\n+I[2, \"y\"]\n");
}

TEST_F(TextSinkTest, ALargeFileIsRolledAtTheCheckpoint) {
  table_.options["sink.rolling-policy.file-size"] = "20 b";
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  EXPECT_THAT(*writer->PrepareCommit(), IsEmpty());
  ASSERT_TRUE(writer->Write(Rows({2}, {"y"})).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_THAT(Names(), ElementsAre("part-A-0-0"));
}

TEST_F(TextSinkTest, AFileWithoutNewRowsIsRolled) {
  table_.options["sink.rolling-policy.inactivity-interval"] = "90 s";
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  clock_.Advance(119'999);  // looked at every minute
  EXPECT_THAT(*writer->PrepareCommit(), IsEmpty());
  clock_.Advance(1);
  EXPECT_EQ(writer->PrepareCommit()->size(), 1u);
}

TEST_F(TextSinkTest, ARestoredWriterGoesOnBehindTheCheckpoint) {
  MakeSink();
  std::string state;
  {
    auto writer = Writer("A");
    ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
    state = Checkpoint(*writer);
    ASSERT_TRUE(writer->Write(Rows({2}, {"lost"})).ok());
    ASSERT_TRUE(writer->PrepareCommit().ok());  // of a checkpoint that does not complete
  }
  EXPECT_THAT(Content(".part-A-0-0.inprogress"), HasSubstr("lost"));
  auto writer = Writer("B", {state});
  EXPECT_EQ(Content(".part-A-0-0.inprogress"), "+I[1, \"x\"]\n");
  ASSERT_TRUE(writer->Write(Rows({2}, {"again"})).ok());
  End(*writer);
  EXPECT_THAT(Names(), ElementsAre("part-A-0-0"));
  EXPECT_EQ(Content("part-A-0-0"), "+I[1, \"x\"]\n+I[2, \"again\"]\n");
}

TEST_F(TextSinkTest, AFileThatWasRolledAfterTheCheckpointIsOpenAgain) {
  MakeSink();
  std::string state;
  {
    auto writer = Writer("A");
    ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
    state = Checkpoint(*writer);
    writer->EndInput();
    ASSERT_EQ(writer->PrepareCommit()->size(), 1u);  // never committed
  }
  auto writer = Writer("B", {state});
  ASSERT_TRUE(writer->Write(Rows({2}, {"y"})).ok());
  End(*writer);
  EXPECT_EQ(Content("part-A-0-0"), "+I[1, \"x\"]\n+I[2, \"y\"]\n");
}

TEST_F(TextSinkTest, FilesOfSeveralOldWritersAreTakenOver) {
  MakeSink();
  std::vector<std::string> states;
  for (const char* attempt : {"A", "B"}) {
    auto writer = Writer(attempt);
    ASSERT_TRUE(writer->Write(Rows({1}, {attempt})).ok());
    states.push_back(Checkpoint(*writer));
  }
  auto writer = Writer("C", states);
  ASSERT_TRUE(writer->Write(Rows({2}, {"C"})).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_EQ(Content("part-B-0-0"), "+I[1, \"B\"]\n");
  End(*writer);
  EXPECT_EQ(Content("part-A-0-0"), "+I[1, \"A\"]\n+I[2, \"C\"]\n");
}

TEST_F(TextSinkTest, ASnapshotWhoseFileWasCompletedLaterIsRefused) {
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  const std::string state = Checkpoint(*writer);
  End(*writer);
  auto restored = std::move(sink_->MakeWriter()).value();
  ASSERT_TRUE(restored->Restore(state).ok());
  const Status opened = Open(*restored, "B");
  EXPECT_EQ(opened.code(), StatusCode::kCorruption);
  EXPECT_THAT(opened.message(), HasSubstr("completed after the snapshot"));
  EXPECT_THAT(opened.message(), HasSubstr(".part-A-0-0.inprogress"));
}

TEST_F(TextSinkTest, AFileThatLostBytesIsRefused) {
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1}, {"x"})).ok());
  const std::string state = Checkpoint(*writer);
  Write(".part-A-0-0.inprogress", "+I");
  auto restored = std::move(sink_->MakeWriter()).value();
  ASSERT_TRUE(restored->Restore(state).ok());
  EXPECT_EQ(Open(*restored, "B").code(), StatusCode::kCorruption);
}

TEST_F(TextSinkTest, AnUnreadableStateIsRefused) {
  MakeSink();
  for (const char* text : {"", "{}", R"({"partitions": {}, "parts": [{"partition": "x"}]})"}) {
    auto writer = std::move(sink_->MakeWriter()).value();
    EXPECT_EQ(writer->Restore(text).code(), StatusCode::kCorruption) << text;
  }
}

TEST_F(TextSinkTest, APartitionIsCommittedWithItsFile) {
  table_.partition_keys = {"b"};
  table_.options["sink.partition-commit.policy.kind"] = "success-file";
  table_.options["sink.partition-commit.trigger"] = "partition-time";
  MakeSink();
  auto writer = Writer("A");
  ASSERT_TRUE(writer->Write(Rows({1, 2}, {"1970-01-01", "1970-01-02"})).ok());
  ASSERT_TRUE(writer->OnWatermark(0).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_THAT(Names("b=1970-01-01"), ElementsAre(".part-A-0-0.inprogress"));
  ASSERT_TRUE(writer->OnWatermark(1).ok());
  ASSERT_TRUE(committer_->Commit(*writer->PrepareCommit()).ok());
  EXPECT_THAT(Names("b=1970-01-01"), ElementsAre("_SUCCESS", "part-A-0-0"));
  EXPECT_THAT(Names("b=1970-01-02"), ElementsAre(".part-A-0-1.inprogress"));
}

TEST_F(TextSinkTest, APartitionThatAnotherWriterHasOpenWaits) {
  table_.partition_keys = {"b"};
  table_.options["sink.partition-commit.policy.kind"] = "success-file";
  table_.options["sink.partition-commit.delay"] = "5 s";
  clock_.Set(Clock::System().NowMs() - 6'000);
  MakeSink();
  auto early = Writer("A");
  ASSERT_TRUE(early->Write(Rows({1}, {"x"})).ok());
  clock_.Advance(5'001);
  auto late = Writer("B");
  ASSERT_TRUE(late->Write(Rows({2}, {"x"})).ok());
  const auto commit = [&] {
    auto all = *early->PrepareCommit();
    const auto prepared = late->PrepareCommit();
    for (std::string each : *prepared) {
      if (PartitionReport report; PartitionReport::FromText(each, &report)) {
        report.subtask = 1;
        each = report.ToText();
      }
      all.push_back(std::move(each));
    }
    ASSERT_TRUE(committer_->Commit(all).ok());
  };
  commit();
  EXPECT_THAT(Names("b=x"), ElementsAre(".part-B-0-0.inprogress", "part-A-0-0"));
  clock_.Advance(5'001);
  commit();
  EXPECT_THAT(Names("b=x"), ElementsAre("_SUCCESS", "part-A-0-0", "part-B-0-0"));
}

}  // namespace
}  // namespace castor::connector::filesystem
