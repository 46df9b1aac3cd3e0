// Brings every deployment to what is wanted of it: looks, decides (decide.h), acts, records.
//
// One thread does all of it; Wake may be called from any. Before anything is done outside of the
// database the intent is committed; docs/platform.md tells what a server that dies in between
// leaves.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "platform/controller/compiler.h"
#include "platform/controller/decide.h"
#include "platform/controller/health.h"
#include "platform/metadata/store.h"
#include "platform/metadata/vault.h"
#include "platform/metrics/job_board.h"
#include "platform/targets/target.h"

namespace castor::platform {

class Reconciler {
 public:
  // All of them outlive it. Plans go to `bundles`, what workers say to `board`.
  Reconciler(Store* store, const Vault* vault, Target* target, JobBoard* board,
             Compiler::Parts compiler, std::string bundles);
  ~Reconciler();  // jobs go on

  // Looks at every deployment that there is, then at those that are woken or wait for something.
  Status Start();
  // The deployment, or what belongs to it, was changed.
  void Wake(const std::string& deployment);

 private:
  // One look at one deployment.
  struct View {
    DeploymentRecord deployment;
    VersionRecord newest;
    std::optional<VersionRecord> in_force;
    std::optional<SavepointRecord> saved;  // the newest that is COMPLETED
    Recorded recorded;
    Observed observed;
    Attempt attempt;
  };

  void Work();
  // Milliseconds until it wants to be looked at again; -1: not before it is woken.
  int64_t Reconcile(const std::string& deployment);
  // One action; the same, or nothing when there may be more to do.
  Result<std::optional<int64_t>> Step(const std::string& deployment);
  Result<std::optional<View>> Load(const std::string& deployment);
  void Look(View* view);
  Status LoadRecorded(Session* session, View* view);
  Status LoadVersions(Session* session, View* view);
  Status LoadFallback(Session* session, Recorded* recorded);
  Status LoadSchedule(Session* session, View* view);
  void FindState(View* view);
  Status Act(View* view, const Action& action);

  Status NoteIntent(View* view);
  Status SettleVersion(View* view);
  Status NotePlanningFailed(View* view, const std::string& message);
  Status SaveValidity(View* view, bool valid, const std::string& message);
  Status NoteEngine(Session* session, const View& view);
  // Why the state that there is would not fit a version for that engine; empty: it does, or there
  // is none.
  std::string WhyStateDoesNotFit(const View& view, const std::string& engine) const;
  Result<std::string> FindLosses(const View& view);
  Status RefuseVersion(View* view, const std::string& losses);
  Status Settle(View* view, const Action& action);
  Status CreateJob(View* view);
  Status Launch(View* view);
  Status NoteStarted(View* view);
  Status NoteProgress(View* view);
  Status ForgetFailures(View* view);
  Status NoteProblem(View* view, const Action& action);
  Status RejectVersion(View* view, const Action& action);
  Status BeginSavepoint(View* view);
  Status BeginPeriodic(View* view);
  Status DeleteSavepoint(View* view);
  Status SettleSavepoint(View* view, const Action& action);
  Status BeginCancel(View* view);
  Status Recover(View* view, const Action& action);
  Status EndJob(View* view, const Action& action);
  Status Compile(View* view);
  std::string BundleOf(const View& view, int64_t version) const;

  Store* const store_;
  const Vault* const vault_;
  Target* const target_;
  JobBoard* const board_;
  const std::string bundles_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> woken_;
  bool stopping_ = false;
  std::map<std::string, int64_t> due_;  // when each is to be looked at; the thread's own
  std::map<std::string, Health>
      health_;         // of the jobs that run, by their attempts; the thread's own
  Compiler compiler_;  // wakes, so that it goes before what that needs
  std::thread thread_;
};

}  // namespace castor::platform
