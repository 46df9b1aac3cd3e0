// What a worker tells of its job (spec/worker-control.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::cli {

// What an operator reads; only jobs on Flink tell of it, whose plan nobody else has.
struct OperatorInput {
  int64_t node = 0;
  std::string ship_strategy;
};

struct OperatorStatus {
  int64_t node = 0;  // its number in the plan
  std::string name;
  int64_t subtasks = 0;
  int64_t records_in = 0;
  int64_t records_out = 0;
  int64_t late_records = 0;
  int64_t bad_records = 0;
  std::optional<int64_t> watermark_ms;
  // Of the first operator of a chain only.
  std::optional<int64_t> busy_ms_per_second;
  std::optional<int64_t> idle_ms_per_second;
  std::optional<int64_t> back_pressured_ms_per_second;
  std::optional<int64_t> busiest_subtask_ms_per_second;
  std::string uid;  // Flink's id, as the inputs
  std::vector<OperatorInput> inputs;
};

struct JobStatus {
  std::string name;
  std::string state;
  int64_t now_ms = 0;
  int64_t started_at_ms = 0;
  int64_t restarts = 0;
  int64_t records_in = 0;
  int64_t records_out = 0;
  std::optional<int64_t> watermark_ms;  // the lowest of all operators
  bool input_ended = false;             // the watermark is the end of time
  int64_t completed_checkpoints = 0;
  int64_t failed_checkpoints = 0;
  int64_t checkpoint_ms = 0;
  int64_t checkpoint_bytes = 0;       // that the last one has written
  int64_t checkpoint_full_bytes = 0;  // with what it shares with earlier ones
  std::string checkpoint_path;
  int64_t state_bytes = 0;
  int64_t memory_bytes = 0;
  std::optional<int64_t> memory_limit;
  std::string flink_job_id;  // empty: it runs on the native engine
  std::string flink_ui_url;
  std::vector<OperatorStatus> operators;

  int64_t late_records() const;
  int64_t bad_records() const;
  const OperatorStatus* busiest() const;  // null while nothing is known
};

// From the line that answers a request; the error is the worker's, or says that it is no answer.
Result<JobStatus> ReadStatusAnswer(std::string_view line);
// The path in the answer to `savepoint` and `stop`.
Result<std::string> ReadPathAnswer(std::string_view line);
// Of an answer that carries nothing.
Status ReadAnswer(std::string_view line);

}  // namespace castor::cli
