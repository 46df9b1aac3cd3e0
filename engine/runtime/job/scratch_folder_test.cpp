#include "runtime/job/scratch_folder.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "runtime/job/running_job.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using test::TemporaryDirectory;

Configuration In(const std::string& directories) {
  return Configuration({{"io.tmp.dirs", directories}});
}

TEST(ScratchFolder, GoesAtTheEnd) {
  TemporaryDirectory directory;
  {
    const auto folder = ScratchFolder::Make(In(directory.path() + ",/nowhere"), "a");
    ASSERT_TRUE(folder.ok()) << folder.status().ToString();
    EXPECT_EQ((*folder)->path(), directory / "castor-job-a");
    std::ofstream((*folder)->path() + "/file") << "x";
  }
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

TEST(ScratchFolder, DeletesWhatAKilledProcessLeftAndNothingElse) {
  TemporaryDirectory directory;
  for (const char* name : {"castor-job-left", "castor-job-new", "other-left"}) {
    fs::create_directory(directory / name);
    if (name != std::string("castor-job-new")) std::ofstream(directory / name + "/lock") << "";
  }
  const auto in_use = ScratchFolder::Make(In(directory.path()), "used");
  ASSERT_TRUE(in_use.ok());
  const auto folder = ScratchFolder::Make(In(directory.path()), "a");
  EXPECT_FALSE(fs::exists(directory / "castor-job-left"));
  for (const char* name : {"castor-job-new", "castor-job-used", "castor-job-a", "other-left"}) {
    EXPECT_TRUE(fs::exists(directory / name)) << name;
  }
}

TEST(ScratchFolder, WithoutACheckpointDirectoryCheckpointsAreThere) {
  TemporaryDirectory directory;
  test::TestJob job;
  job.configuration.Set("io.tmp.dirs", directory.path());
  job.configuration.Set("execution.checkpointing.interval", "3ms");
  job.scan().table.options["count"] = "100000000";
  auto running = test::StartJob(job, 1);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  std::optional<std::string> latest;
  do {
    latest = (*running)->job->latest_checkpoint();
  } while (!latest.has_value() &&
           (*running)->end.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready);
  ASSERT_TRUE(latest.has_value());
  EXPECT_TRUE(latest->starts_with(directory / "castor-job-")) << *latest;
  (*running)->job->Cancel();
  EXPECT_TRUE((*running)->end.get().ok());
  running->reset();
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

}  // namespace
}  // namespace castor::runtime
