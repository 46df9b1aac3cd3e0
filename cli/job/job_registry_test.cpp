#include "cli/job/job_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/job/job_report.h"

namespace castor::cli {
namespace {

using testing::HasSubstr;

class JobRegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "job_registry_test-" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<JobEntry> Create(const std::string& name, int64_t started_at) {
    JobRecord record;
    record.name = name;
    record.started_at_ms = started_at;
    return JobEntry::Create(folder_, record);
  }

  std::string folder_;
};

TEST_F(JobRegistryTest, ListsJobsWhileTheyLive) {
  const auto second = Create("b", 20);
  {
    const auto first = Create("a", 10);
    ASSERT_TRUE(first.ok() && second.ok());
    const auto jobs = ListJobs(folder_);
    ASSERT_EQ(jobs.size(), 2U);
    EXPECT_EQ(jobs[0].name, "a");
    EXPECT_EQ(jobs[0].id, first->record().id);
    EXPECT_EQ(jobs[0].socket(), first->record().socket());
    EXPECT_EQ(jobs[1].name, "b");
  }
  EXPECT_EQ(ListJobs(folder_).size(), 1U);
}

TEST_F(JobRegistryTest, WhoInheritsAnEntryKeepsIt) {
  int inherited = -1;
  {
    auto entry = Create("a", 10);
    ASSERT_TRUE(entry.ok());
    inherited = ::dup(entry->fd());
    entry->Leave();
  }
  EXPECT_EQ(ListJobs(folder_).size(), 1U);
  ::close(inherited);
  EXPECT_TRUE(ListJobs(folder_).empty());
}

TEST_F(JobRegistryTest, RemovesWhatDeadJobsLeft) {
  for (const char* file : {"/abc123.json", "/abc123.sock", "/abc123.report", "/def456.report"}) {
    std::ofstream(folder_ + file) << R"({"id":"abc123","name":"dead"})";
  }
  EXPECT_TRUE(ListJobs(folder_).empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

// Whatever a live job has noted, others are still listed.
TEST_F(JobRegistryTest, LeavesOutWhatCannotBeRead) {
  const auto readable = Create("a", 10), strange = Create("b", 20);
  ASSERT_TRUE(readable.ok() && strange.ok());
  std::ofstream(folder_ + "/" + strange->record().id + ".json") << R"({"id": 5, "pid": "x"})";
  const auto jobs = ListJobs(folder_);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].name, "a");
}

TEST_F(JobRegistryTest, ReportsThatCannotBeReadAreNone) {
  const std::string path = folder_ + "/abcdef.report";
  for (const char* text : {"", "{", "[]", R"({"error": "x"})", R"({"error": {"message": 5}})"}) {
    std::ofstream(path) << text;
    EXPECT_FALSE(ReadJobReport(path)) << text;
  }
  std::ofstream(path) << R"({"error": {"message": "lost"}})";
  ASSERT_TRUE(ReadJobReport(path));
  EXPECT_EQ(ReadJobReport(path)->error, "lost");
}

// Of a command that was killed before its entry was whole.
TEST_F(JobRegistryTest, RemovesDraftsOfTheDead) {
  const std::string draft = folder_ + "/abcdef.json.new";
  std::ofstream(draft) << "{";
  EXPECT_TRUE(ListJobs(folder_).empty());
  EXPECT_FALSE(std::filesystem::exists(draft));
}

TEST_F(JobRegistryTest, FindsByIdPrefixAndName) {
  EXPECT_THAT(FindJob(folder_, "").status().message(), HasSubstr("no job is running"));
  const auto a = Create("same", 1);
  EXPECT_EQ(FindJob(folder_, "")->id, a->record().id);
  const auto b = Create("same", 2);
  const auto c = Create("other", 3);
  EXPECT_EQ(FindJob(folder_, "other")->id, c->record().id);
  EXPECT_EQ(FindJob(folder_, a->record().id)->id, a->record().id);
  EXPECT_THAT(FindJob(folder_, "same").status().message(), HasSubstr("means several jobs"));
  EXPECT_THAT(FindJob(folder_, "").status().message(), HasSubstr("say which"));
  EXPECT_THAT(FindJob(folder_, "nosuch").status().message(), HasSubstr(b->record().id));
}

}  // namespace
}  // namespace castor::cli
