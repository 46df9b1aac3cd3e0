#include "platform/targets/process_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "cli/process/child.h"

namespace castor::platform {
namespace {

class ProcessLockTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(path_); }
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ = testing::TempDir() + "process-lock-" + std::to_string(::getpid()) +
                            "-" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ProcessLockTest, NobodyHasEverHeldIt) {
  EXPECT_EQ(FindHolder(path_).state, ProcessState::kNeverStarted);
  {
    const auto lock = ProcessLock::Take(path_);
  }
  EXPECT_EQ(FindHolder(path_).state, ProcessState::kNeverStarted);
}

TEST_F(ProcessLockTest, AProcessKeepsItUntilItIsGone) {
  cli::ChildOptions options;
  options.command = {"/bin/sleep", "1000"};
  pid_t pid = 0;
  {
    const auto lock = ProcessLock::Take(path_);
    ASSERT_TRUE(lock.ok());
    options.lock = lock->fd();
    const auto child = cli::Child::Start(options);
    ASSERT_TRUE(child.ok());
    pid = child->pid();
  }
  const LockHolder holder = FindHolder(path_);
  EXPECT_EQ(holder.state, ProcessState::kAlive);
  EXPECT_EQ(holder.pid, pid);
  EXPECT_EQ(ProcessLock::Take(path_).status().code(), StatusCode::kInvalidArgument);
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  while (FindHolder(path_).state == ProcessState::kAlive) std::this_thread::yield();
  EXPECT_EQ(FindHolder(path_).state, ProcessState::kGone);
}

TEST_F(ProcessLockTest, AnotherProcessDoesNotInheritIt) {
  cli::ChildOptions options;
  options.command = {"/bin/sleep", "1000"};
  pid_t pid = 0;
  {
    const auto lock = ProcessLock::Take(path_);
    ASSERT_TRUE(lock.ok());
    const auto child = cli::Child::Start(options);
    ASSERT_TRUE(child.ok());
    pid = child->pid();
  }
  EXPECT_EQ(FindHolder(path_).state, ProcessState::kNeverStarted);
  ::kill(pid, SIGKILL);
}

}  // namespace
}  // namespace castor::platform
