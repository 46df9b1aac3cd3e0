#include "runtime/checkpoint/shared_files.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SharedFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "castor-shared-test-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string Path(const std::string& name) const { return root_ + "/run/shared/" + name; }
  // As a store writes it.
  state::StateFile Write(const std::string& name) {
    auto file = shared().store_files()->OpenForWrite(Path(name));
    EXPECT_TRUE(file.ok() && (*file)->Append(name).ok()) << file.status().ToString();
    return {Path(name), static_cast<int64_t>(name.size())};
  }
  state::StateFile WriteElsewhere(const std::string& name) {
    fs::create_directories(root_ + "/elsewhere");
    std::ofstream(root_ + "/elsewhere/" + name) << name;
    return {root_ + "/elsewhere/" + name, static_cast<int64_t>(name.size())};
  }
  std::vector<std::string> Names(const std::string& folder = "run/shared") const {
    std::vector<std::string> names;
    if (!fs::exists(root_ + "/" + folder)) return names;
    for (const auto& entry : fs::directory_iterator(root_ + "/" + folder)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  SharedFiles& shared() {
    if (shared_ == nullptr) shared_ = std::make_unique<SharedFiles>(files_, root_ + "/run/shared");
    return *shared_;
  }
  void Release(const std::string& store, const state::StateFile& file) {
    shared().Release(shared().attempt(), store, file.path);
  }

  io::FileSystem& files_ = io::LocalFileSystem();
  std::string root_;
  std::unique_ptr<SharedFiles> shared_;
};

TEST_F(SharedFilesTest, TheFolderIsMadeWithTheFirstFile) {
  ASSERT_TRUE(shared().ForgetStores().ok());
  EXPECT_FALSE(fs::exists(root_ + "/run"));
  Write("a");
  EXPECT_THAT(Names(), ElementsAre("a"));
}

TEST_F(SharedFilesTest, WhatNoSnapshotListsGoesWithItsStore) {
  const auto a = Write("a");
  Release("op0-0", a);
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(SharedFilesTest, AFileGoesWithTheLastSnapshotOrStoreThatNeedsIt) {
  const auto a = Write("a"), b = Write("b");
  EXPECT_EQ(shared().List("chk-1", "op0-0", {a, b}), 2);
  Release("op0-0", a);
  EXPECT_THAT(Names(), UnorderedElementsAre("a", "b"));
  EXPECT_EQ(shared().List("chk-2", "op0-0", {b}), 0);
  EXPECT_THAT(*shared().Unlist("chk-1"), ElementsAre(root_ + "/run/shared"));
  EXPECT_THAT(Names(), ElementsAre("b"));
  EXPECT_THAT(*shared().Unlist("chk-2"), IsEmpty());
  EXPECT_THAT(Names(), ElementsAre("b"));  // of the store
  Release("op0-0", b);
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(*shared().Unlist("chk-2"), IsEmpty());
}

TEST_F(SharedFilesTest, AllStoresThatWereRestoredFromAFileHoldIt) {
  const auto a = Write("a");
  shared().List("chk-1", "op0-0", {a});
  ASSERT_TRUE(shared().ForgetStores().ok());
  for (const char* store : {"op0-0", "op0-0", "op0-1"}) {
    EXPECT_THAT(*shared().Restore(store, files_, {a}), ElementsAre(a));
  }
  EXPECT_TRUE(shared().Unlist("chk-1").ok());
  Release("op0-0", a);
  EXPECT_THAT(Names(), ElementsAre("a"));
  Release("op0-1", a);
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(SharedFilesTest, WithAnAttemptGoesWhatOnlyItsStoresNeeded) {
  const auto a = Write("a"), b = Write("b");
  Write("c");
  shared().List("chk-1", "op0-0", {a});
  shared().List("chk-2", "op0-0", {b});
  EXPECT_TRUE(shared().Unlist("chk-2").ok());
  const int attempt = shared().attempt();
  ASSERT_TRUE(shared().ForgetStores().ok());
  EXPECT_THAT(Names(), ElementsAre("a"));
  // A store of the attempt before that is slow to go.
  EXPECT_THAT(*shared().Restore("op0-0", files_, {a}), ElementsAre(a));
  EXPECT_TRUE(shared().Unlist("chk-1").ok());
  shared().Release(attempt, "op0-0", a.path);
  EXPECT_THAT(Names(), ElementsAre("a"));
}

TEST_F(SharedFilesTest, WhatOthersOwnIsBroughtInOnceAnAttempt) {
  const auto a = WriteElsewhere("a"), b = WriteElsewhere("b");
  const auto first = shared().Restore("op0-0", files_, {a, b});
  ASSERT_TRUE(first.ok()) << first.status().ToString();
  const auto second = shared().Restore("op0-1", files_, {b});
  EXPECT_EQ((*second)[0].path, (*first)[1].path);
  EXPECT_EQ((*first)[0].bytes, 1);
  EXPECT_EQ(Names().size(), 2u);
  EXPECT_EQ(*io::ReadWholeFile(files_, (*first)[1].path), "b");
  // Its own from now on, and only those.
  shared().List("chk-1", "op0-0", *first);
  ASSERT_TRUE(shared().ForgetStores().ok());
  EXPECT_EQ(Names().size(), 2u);
  EXPECT_TRUE(shared().Unlist("chk-1").ok());
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(Names("elsewhere"), UnorderedElementsAre("a", "b"));
}

TEST_F(SharedFilesTest, WhatAnOwnSnapshotListsIsUsedWhereItIs) {
  const auto a = WriteElsewhere("a");
  shared().List("elsewhere/chk-1", {a});
  EXPECT_THAT(*shared().Restore("op0-0", files_, {a}), ElementsAre(a));
  Release("op0-0", a);
  EXPECT_THAT(Names("elsewhere"), ElementsAre("a"));
  EXPECT_THAT(*shared().Unlist("elsewhere/chk-1"), ElementsAre(root_ + "/elsewhere"));
  EXPECT_THAT(Names("elsewhere"), IsEmpty());
}

TEST_F(SharedFilesTest, NothingElsewhereGoesThatWasNotListed) {
  const auto a = WriteElsewhere("a");
  Release("op0-0", a);
  EXPECT_THAT(Names("elsewhere"), ElementsAre("a"));
}

TEST_F(SharedFilesTest, WhatACrashLeftInAFolderGoes) {
  const auto a = WriteElsewhere("a");
  WriteElsewhere("b");
  shared().List("elsewhere/chk-1", {a});
  ASSERT_TRUE(shared().DeleteUnlisted(root_ + "/elsewhere").ok());
  ASSERT_TRUE(shared().DeleteUnlisted(root_ + "/nowhere").ok());
  EXPECT_THAT(Names("elsewhere"), ElementsAre("a"));
}

}  // namespace
}  // namespace castor::runtime
