#include "runtime/job/job.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "runtime/job/test_job.h"

namespace castor::runtime {
namespace {

using test::ExpectedCounts;
using test::TestJob;

// Runs the job with these options to its end.
Result<Job::State> RunJob(TestJob& job, int parallelism, int threads = 2,
                          const std::string& from = "") {
  job.configuration.Set("parallelism.default", std::to_string(parallelism));
  CASTOR_ASSIGN_OR_RETURN(auto blueprint, job.MakeBlueprint());
  JobOptions options;
  options.threads = threads;
  options.restore_from = from;
  CASTOR_ASSIGN_OR_RETURN(auto running, Job::Create(*blueprint, options));
  return running->Run();
}

TEST(Job, RunsOneChainToItsEnd) {
  TestJob job(false);
  job.scan().table.options["count"] = "5000";
  const auto end = RunJob(job, 1);
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(*end, Job::State::kFinished);
  EXPECT_EQ(job.committed.size(), 5000u);
  EXPECT_EQ(job.committed.finished, 1);
}

TEST(Job, CountsByKeyAtAnyParallelism) {
  for (const int parallelism : {1, 2, 5}) {
    TestJob job;
    job.scan().table.options["count"] = "20000";
    job.scan().table.options["keys"] = "37";
    const auto end = RunJob(job, parallelism);
    ASSERT_TRUE(end.ok()) << end.status().ToString();
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(20000, 37)) << parallelism;
  }
}

}  // namespace
}  // namespace castor::runtime
