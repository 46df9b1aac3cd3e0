// A store with a budget of 4 MB, whose work is done at once and whose files are in memory.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gemini/memory/test_keys.h"
#include "gemini/store/store.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {

class SmallStoreTest : public testing::Test {
 protected:
  static constexpr int64_t kSmallBudget = 4 << 20;

  // To be changed before the store is opened.
  SmallStoreTest() {
    options_.file_system = &file_system_;
    options_.run_prefix = "dir/";
    options_.key_group_of = GroupOfHash;
    options_.memory_budget = kSmallBudget;
    options_.run_bytes = 1 << 20;
    options_.compress = false;  // what tests write is of the size it says
    options_.execute = [](const std::function<void()>& work) { work(); };
    options_.release = [this](const std::string& path) { file_system_.files.erase(path); };
    options_.log = [this](const std::string& line) { decisions_.push_back(line); };
  }

  void OpenStore() { store_ = Store::Open(options_, {}).value(); }

  // Repeats what is pending until it is ready.
  template <typename Acquire>
  void UntilReady(const Acquire& acquire) {
    while (*acquire() != Readiness::kReady) {
    }
  }

  // One batch of records with numbers as keys.
  void LookUp(RecordTable* table, uint64_t first, uint64_t count, Access access) {
    NumberKeys keys;
    for (uint64_t i = 0; i < count; ++i) keys.Add(first + i);
    LookUp(table, keys, access);
  }
  void LookUp(RecordTable* table, const NumberKeys& keys, Access access) {
    std::vector<std::byte*> payloads(keys.view().count);
    UntilReady(
        [&] { return store_->Acquire(table, keys.view(), access, 0, payloads.data(), nullptr); });
    store_->Release();
    store_->Maintain(0);
  }

  TestFileSystem file_system_;
  StoreOptions options_;
  std::vector<std::string> decisions_;
  std::unique_ptr<Store> store_;
};

}  // namespace castor::gemini
