// Fails every test of this program that leaves memory charged to an account of the process.
#include <gtest/gtest.h>

#include "base/memory.h"
#include "column/block_cache.h"

namespace castor::runtime {
namespace {

class MemoryLeft final : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo&) override {
    BlockCache::GiveBackIdle();  // what this thread may take again is nobody's
    for (const MemoryAccount* account :
         {&MemoryAccount::State(), &MemoryAccount::Buffers(), &MemoryAccount::Process()}) {
      EXPECT_EQ(account->used(), 0) << "left in the account '" << account->name() << "'";
    }
  }
};

[[maybe_unused]] const bool listens = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new MemoryLeft);
  return true;
}();

}  // namespace
}  // namespace castor::runtime
