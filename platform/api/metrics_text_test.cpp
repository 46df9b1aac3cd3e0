#include "platform/api/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace castor::platform {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MetricsTextTest, JobsHaveFlinksNamesAndTheirDeployment) {
  JobFigures job = {"default", "d-1", "counts", "j-1", {}};
  job.status.name = "a \"job\"";
  job.status.restarts = 2;
  job.status.state = "RUNNING";
  job.status.started_at_ms = 1'000;
  job.status.now_ms = 4'000;
  const std::string text = MetricsText({job}, {});
  const std::string labels =
      R"({namespace="default",deployment_id="d-1",deployment_name="counts",job_id="j-1",)"
      R"(job_name="a \"job\""})";
  EXPECT_THAT(text, HasSubstr("# TYPE flink_jobmanager_job_numRestarts gauge\n"
                              "flink_jobmanager_job_numRestarts" +
                              labels + " 2\n"));
  EXPECT_THAT(text, HasSubstr("flink_jobmanager_job_uptime" + labels + " 3000\n"));
}

TEST(MetricsTextTest, DeploymentsAreCounted) {
  const std::string text = MetricsText({}, {{{"default", "RUNNING"}, 3}});
  EXPECT_EQ(text,
            "# TYPE castor_platform_deployments gauge\n"
            "castor_platform_deployments{namespace=\"default\",state=\"RUNNING\"} 3\n");
}

}  // namespace
}  // namespace castor::platform
