// Runs of queries for people who look at their first rows: bounded in rows, bytes and time, and
// without any sink.
//
// Thread-safe. One thread starts and ends the jobs, and they end with it, however that happens.
// What a preview has shown is kept for a while after its end.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"

namespace castor::platform {

struct PreviewLimits {
  int64_t rows = 1'000;
  int64_t milliseconds = 60'000;
};

struct PreviewShown {
  std::string state;              // RUNNING, FINISHED, FAILED, CANCELLED
  std::string message;            // why it failed, or was ended before all rows
  std::vector<std::string> rows;  // JSON texts: {"op": "+I", "row": {...}}
};

class Previews {
 public:
  static constexpr size_t kMostRunning = 8;

  // What an earlier server has left in the folder is deleted.
  static Result<std::unique_ptr<Previews>> Open(std::string folder, std::string worker);
  ~Previews();

  // kResourceExhausted: too many run. `bundle`: the plan, in which nothing but the rows that are
  // shown may be written (CheckReadsOnly).
  Result<std::string> Start(const std::string& place, const std::string& bundle,
                            const PreviewLimits& limits);
  // Rows from number `after` on. kNotFound: there is none with that id in that place.
  Result<PreviewShown> Show(const std::string& place, const std::string& id, int64_t after) const;
  Status Cancel(const std::string& place, const std::string& id);

 private:
  struct Preview;
  Previews(std::string folder, std::string worker);
  void Work();
  void Step(Preview* preview);
  Status Launch(Preview* preview);
  void ReadRows(Preview* preview);
  void AddLine(Preview* preview, std::string line);
  void End(Preview* preview, const char* state, std::string message);
  void Conclude(Preview* preview);
  void ForgetOld();
  Result<Preview*> Find(const std::string& place, const std::string& id) const;

  const std::string folder_;
  const std::string worker_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::unique_ptr<Preview>> previews_;
  bool stopping_ = false;
  std::thread thread_;
};

// kInvalidArgument: a job of this bundle would write to a table.
Status CheckReadsOnly(const std::string& bundle);

}  // namespace castor::platform
