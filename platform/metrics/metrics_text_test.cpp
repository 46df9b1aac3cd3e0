#include "platform/metrics/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace castor::platform {
namespace {

using testing::HasSubstr;
using testing::Not;

JobFigures FiguresOf(const cli::JobStatus& status) {
  return {"default", "d-1", "counts", "j-1", std::make_shared<const cli::JobStatus>(status)};
}

TEST(MetricsTextTest, JobsHaveFlinksNamesAndTheirDeployment) {
  cli::JobStatus status;
  status.name = "a \"job\"";
  status.restarts = 2;
  status.state = "RUNNING";
  status.started_at_ms = 1'000;
  status.now_ms = 4'000;
  const std::string text = MetricsText({FiguresOf(status)}, {});
  const std::string labels =
      R"({namespace="default",deployment_id="d-1",deployment_name="counts",job_id="j-1",)"
      R"(job_name="a \"job\""})";
  EXPECT_THAT(text, HasSubstr("# TYPE flink_jobmanager_job_numRestarts gauge\n"
                              "flink_jobmanager_job_numRestarts" +
                              labels + " 2\n"));
  EXPECT_THAT(text, HasSubstr("flink_jobmanager_job_uptime" + labels + " 3000\n"));
}

TEST(MetricsTextTest, OperatorsHaveWhatTheyMeasure) {
  cli::JobStatus status;
  status.operators.resize(2);
  status.operators[0].node = 3;
  status.operators[0].name = "Calc(x)";
  status.operators[0].records_in = 17;
  status.operators[0].busy_ms_per_second = 250;
  status.operators[1].node = 4;
  const std::string text = MetricsText({FiguresOf(status)}, {});
  EXPECT_THAT(text, HasSubstr("# TYPE flink_taskmanager_job_task_operator_numRecordsIn counter\n"));
  EXPECT_THAT(text, HasSubstr("operator_id=\"3\",operator_name=\"Calc(x)\"} 17\n"));
  EXPECT_THAT(text, HasSubstr("task_id=\"3\",task_name=\"Calc(x)\"} 250\n"));
  EXPECT_THAT(text, Not(HasSubstr("task_id=\"4\"")));
}

TEST(MetricsTextTest, DeploymentsAreCounted) {
  const std::string text = MetricsText({}, {{{"default", "RUNNING"}, 3}});
  EXPECT_EQ(text,
            "# TYPE castor_platform_deployments gauge\n"
            "castor_platform_deployments{namespace=\"default\",state=\"RUNNING\"} 3\n");
}

}  // namespace
}  // namespace castor::platform
