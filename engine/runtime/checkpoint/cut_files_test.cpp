#include "runtime/checkpoint/cut_files.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <optional>

namespace castor::runtime {
namespace {

// What the test and a cut of it have in common.
struct CutProbe {
  std::atomic<int> alive{0};
  std::atomic<int> pieces_left{0};
  std::function<void()> ready;
  std::promise<void> written;  // the first time
};

// Says that it is ready when the test does, and is written in pieces.
class TestCut final : public state::StateCut {
 public:
  explicit TestCut(std::shared_ptr<CutProbe> probe) : probe_(std::move(probe)) { ++probe_->alive; }
  ~TestCut() override { --probe_->alive; }

  void WhenReady(std::function<void()> ready) override { probe_->ready = std::move(ready); }
  Result<bool> Write(const state::ByteSink& sink) override {
    CASTOR_RETURN_NOT_OK(sink("piece"));
    if (writes_++ == 0) probe_->written.set_value();
    return --probe_->pieces_left == 0;
  }
  const std::vector<state::StateFile>& files() const override { return files_; }

 private:
  const std::shared_ptr<CutProbe> probe_;
  const std::vector<state::StateFile> files_;
  int writes_ = 0;
};

class CutFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ =
        std::filesystem::temp_directory_path() / ("castor-cut-files-" + std::to_string(getpid()));
    auto directory = SnapshotDirectory::Create(io::LocalFileSystem(), path_);
    ASSERT_TRUE(directory.ok()) << directory.status().ToString();
    directory_ = std::move(*directory);
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  std::shared_ptr<CutFiles> Make(int pieces) {
    probe_->pieces_left = pieces;
    std::vector<CutFiles::Part> parts(1);
    parts[0].cut.uid = "count";
    parts[0].cut.keyed = std::make_unique<TestCut>(probe_);
    parts[0].name = "op0-0";
    return std::make_shared<CutFiles>(
        std::move(parts), directory_, &*pool_,
        CutFiles::Owner{[] { return true; },
                        [this](Result<std::vector<CutFiles::Part>> written) {
                          done_.set_value(std::move(written));
                        }});
  }

  std::string path_;
  std::shared_ptr<SnapshotDirectory> directory_;
  std::optional<IoPool> pool_{2};
  const std::shared_ptr<CutProbe> probe_ = std::make_shared<CutProbe>();
  std::promise<Result<std::vector<CutFiles::Part>>> done_;
};

TEST_F(CutFilesTest, GrowWhenThereIsSomethingToWrite) {
  const auto files = Make(3);
  files->Start();
  auto done = done_.get_future();
  while (done.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) probe_->ready();
  const Result<std::vector<CutFiles::Part>> parts = done.get();
  ASSERT_TRUE(parts.ok()) << parts.status().ToString();
  ASSERT_EQ(parts->size(), 1u);
  EXPECT_EQ((*parts)[0].record.bytes, 15);
  probe_->ready();  // too late, and harmless
}

TEST_F(CutFilesTest, GoWithTheirOwnerWhateverACutWaitsFor) {
  auto files = Make(1000);
  files->Start();
  probe_->written.get_future().wait();
  files.reset();
  pool_->Stop();  // who was working has ended
  EXPECT_EQ(probe_->alive, 0);
  probe_->ready();
}

// A job that ends with a checkpoint on its way: what was to be written is dropped by the pool.
TEST_F(CutFilesTest, AreNotKeptByAPoolThatHasStopped) {
  pool_->Stop();
  auto files = Make(1);
  files->Start();
  probe_->ready();
  files.reset();
  EXPECT_EQ(probe_->alive, 0);
}

}  // namespace
}  // namespace castor::runtime
