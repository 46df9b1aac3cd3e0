// A process is killed while its checkpoints share files; the next one goes on from what is left.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <set>

#include "runtime/checkpoint/fault_points.h"
#include "runtime/job/file_job.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using test::FileJob;
using test::From;
using test::kCount;
using test::RunJob;
using test::Snapshots;
using test::TemporaryDirectory;

constexpr const char* kDirectory = "CASTOR_TEST_DIRECTORY";

JobOptions FromWhatIsLeft(const std::string& directory, ClaimMode mode) {
  return Snapshots(directory).empty() ? JobOptions{} : From(directory, mode);
}

// What the killed process runs.
TEST(SharedCrash, DISABLED_Victim) {
  const char* directory = std::getenv(kDirectory);
  ASSERT_NE(directory, nullptr);
  FileJob job(directory);
  const bool claims = std::getenv("CASTOR_TEST_CLAIM") != nullptr;
  const auto mode = claims ? ClaimMode::kClaim : ClaimMode::kNoClaim;
  EXPECT_TRUE(RunJob(job, 2, FromWhatIsLeft(directory, mode)).ok());
}

// Whether it was killed there.
bool Kill(const std::string& directory, std::string_view point, int hit, bool claims = true) {
  const std::string fault = std::string(point) + ":" + std::to_string(hit);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv(kDirectory, directory.c_str(), 1);
    ::setenv("CASTOR_FAULT", fault.c_str(), 1);
    if (claims) ::setenv("CASTOR_TEST_CLAIM", "1", 1);
    ::execl("/proc/self/exe", "runtime_test", "--gtest_also_run_disabled_tests", "--gtest_brief=1",
            "--gtest_filter=SharedCrash.DISABLED_Victim", nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

// Each key is counted on from where the last checkpoint was, up to the end.
void ExpectTheRest(test::Committed& committed) {
  std::map<int64_t, std::vector<int64_t>> counts;
  for (const auto& [key, count] : committed.Sorted()) counts[key].push_back(count);
  EXPECT_EQ(counts.size(), 10u);
  for (const auto& [key, of_key] : counts) {
    EXPECT_EQ(of_key.back(), kCount / 10) << key;
    EXPECT_EQ(of_key.back() - of_key.front() + 1, static_cast<int64_t>(of_key.size())) << key;
  }
}

// The folders of runs that were killed before their first checkpoint. Unless a snapshot shares
// files with one, nobody can tell it from others'.
std::set<std::string> Orphans(const std::string& directory) {
  std::set<std::string> folders;
  for (const auto& run : fs::directory_iterator(directory)) folders.insert(run.path());
  for (const std::string& snapshot : Snapshots(directory)) {
    folders.erase(fs::path(snapshot).parent_path());
  }
  return folders;
}

TEST(SharedCrash, NothingIsLostAndNothingStays) {
  // Each so late that most often a checkpoint has been taken.
  constexpr std::pair<std::string_view, int> kPoints[] = {
      {fault::kBeforeSharedFile, 9},    {fault::kBeforeSharedDelete, 9},
      {fault::kBeforeAcknowledge, 9},   {fault::kBeforeMetadataRename, 2},
      {fault::kBeforeDirectorySync, 2}, {fault::kBeforeCleanup, 2}};
  for (const auto& [point, hit] : kPoints) {
    TemporaryDirectory directory;
    ASSERT_TRUE(Kill(directory.path(), fault::kBeforeCleanup, 2)) << point;
    EXPECT_TRUE(Kill(directory.path(), point, hit)) << point;
    const std::set<std::string> orphans = Orphans(directory.path());
    FileJob job(directory.path());
    const auto end = RunJob(job, 3, From(directory.path(), ClaimMode::kClaim));
    ASSERT_TRUE(end.ok()) << point << ": " << end.status().ToString();
    ExpectTheRest(job.committed);
    EXPECT_TRUE(Snapshots(directory.path()).empty()) << point;
    EXPECT_THAT(orphans, testing::IsSupersetOf(Orphans(directory.path()))) << point;
  }
}

TEST(SharedCrash, WhileFilesOfOthersAreBroughtIn) {
  TemporaryDirectory directory;
  ASSERT_TRUE(Kill(directory.path(), fault::kBeforeCleanup, 2));
  EXPECT_TRUE(Kill(directory.path(), fault::kBeforeRestoreFiles, 2, false));
  FileJob job(directory.path());
  const auto end = RunJob(job, 3, From(directory.path(), ClaimMode::kNoClaim));
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  ExpectTheRest(job.committed);
}

}  // namespace
}  // namespace castor::runtime
