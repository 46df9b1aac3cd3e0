#include "runtime/metrics/job_metrics.h"

#include <gtest/gtest.h>

namespace castor::runtime {
namespace {

TEST(JobMetrics, ThePageIsThatOfFlinksReporter) {
  JobMetrics metrics("a \"job\"");
  metrics.job().Counter("numRestarts")->Add(2);
  MetricGroup* op = metrics.OfOperator({3, "Calc(a\nb)", "stream-exec-calc", 1});
  EXPECT_EQ(metrics.OfOperator({3, "", "", 1}), op);
  op->Counter("numRecordsIn")->Add(7);
  op->Gauge("busyTimeMsPerSecond")->Set(500);
  metrics.OfOperator({3, "Calc", "stream-exec-calc", 0})->Counter("numRecordsIn")->Add(1);
  EXPECT_EQ(
      ToPrometheusText(metrics),
      "# TYPE flink_jobmanager_job_numRestarts counter\n"
      "flink_jobmanager_job_numRestarts{job_name=\"a \\\"job\\\"\"} 2\n"
      "# TYPE flink_taskmanager_job_task_busyTimeMsPerSecond gauge\n"
      "flink_taskmanager_job_task_busyTimeMsPerSecond{job_name=\"a \\\"job\\\"\",task_id=\"3\","
      "task_name=\"Calc(a\\nb)\",subtask_index=\"1\"} 500\n"
      "# TYPE flink_taskmanager_job_task_operator_numRecordsIn counter\n"
      "flink_taskmanager_job_task_operator_numRecordsIn{job_name=\"a \\\"job\\\"\","
      "operator_id=\"3\",operator_name=\"Calc\",subtask_index=\"0\"} 1\n"
      "flink_taskmanager_job_task_operator_numRecordsIn{job_name=\"a \\\"job\\\"\","
      "operator_id=\"3\",operator_name=\"Calc(a\\nb)\",subtask_index=\"1\"} 7\n");
}

}  // namespace
}  // namespace castor::runtime
