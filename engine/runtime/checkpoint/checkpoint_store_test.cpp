#include "runtime/checkpoint/checkpoint_store.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <utility>

#include "io/forwarding_file_system.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Deletes folders when it is told to.
class SlowToDelete final : public io::ForwardingFileSystem {
 public:
  using ForwardingFileSystem::ForwardingFileSystem;
  Status DeleteRecursively(const std::string& path) override {
    if (!std::exchange(has_begun_, true)) begun_.set_value();
    go_on_.wait();
    return ForwardingFileSystem::DeleteRecursively(path);
  }
  void WaitUntilBegun() { begun_.get_future().wait(); }
  void GoOn() { told_.set_value(); }

 private:
  bool has_begun_ = false;  // of the thread that deletes
  std::promise<void> begun_, told_;
  const std::shared_future<void> go_on_ = told_.get_future().share();
};

class RefusesToDelete final : public io::ForwardingFileSystem {
 public:
  using ForwardingFileSystem::ForwardingFileSystem;
  Status DeleteRecursively(const std::string& path) override {
    if (refusals > 0 && refusals-- > 0) return Status::IoError(path + ": the test says so");
    return ForwardingFileSystem::DeleteRecursively(path);
  }
  std::atomic<int> refusals{0};
};

class CheckpointStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "castor-store-test-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  // One is retained: the one before it is surplus.
  void Commit(CheckpointStore& store, int64_t id) {
    fs::create_directories(store.PathOf(id));
    std::ofstream(store.PathOf(id) + "/_metadata") << "{}";
    store.OnVisible(store.PathOf(id), true);
    store.OnCommitted();
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(root_ + "/run")) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  std::string root_;
};

TEST_F(CheckpointStoreTest, NobodyWaitsForAnotherThatDeletes) {
  SlowToDelete files(&io::LocalFileSystem());
  CheckpointStore store(files, root_, "run", 1);
  Commit(store, 1);
  Commit(store, 2);
  std::thread deleting([&] { EXPECT_TRUE(store.DeleteSurplus().ok()); });
  files.WaitUntilBegun();
  Commit(store, 3);
  EXPECT_TRUE(store.DeleteSurplus().ok());
  EXPECT_EQ(store.restart_point(), store.PathOf(3));
  EXPECT_THAT(Names(), UnorderedElementsAre("chk-1", "chk-2", "chk-3"));
  files.GoOn();
  deleting.join();
}

TEST_F(CheckpointStoreTest, WhatCannotBeDeletedIsTriedAgain) {
  RefusesToDelete files(&io::LocalFileSystem());
  CheckpointStore store(files, root_, "run", 1);
  Commit(store, 1);
  Commit(store, 2);
  files.refusals = 1;
  EXPECT_THAT(store.DeleteSurplus().message(), HasSubstr("chk-1"));
  Commit(store, 3);
  EXPECT_TRUE(store.DeleteSurplus().ok());
  EXPECT_THAT(Names(), UnorderedElementsAre("chk-3"));
}

TEST_F(CheckpointStoreTest, TheEndLeavesNoSurplus) {
  for (const bool keep : {true, false}) {
    CheckpointStore store(io::LocalFileSystem(), root_, "run", 1);
    Commit(store, 1);
    Commit(store, 2);
    ASSERT_TRUE((keep ? store.KeepAll() : store.DeleteAll(false)).ok());
    EXPECT_EQ(fs::exists(root_ + "/run"), keep);
    if (!keep) continue;
    EXPECT_THAT(Names(), UnorderedElementsAre("chk-2"));
  }
}

}  // namespace
}  // namespace castor::runtime
