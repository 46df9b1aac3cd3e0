#include "base/io_pool.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace castor {
namespace {

// However much there is to be done in the background, and however long it takes.
TEST(IoPoolTest, WhatIsAwaitedBeginsAtOnce) {
  IoPool pool(2, 1);
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::promise<void> second;
  pool.Submit([released] { released.wait(); });
  pool.Submit([&second] { second.set_value(); });
  std::promise<void> awaited;
  pool.SubmitAwaited([&awaited] { awaited.set_value(); });
  awaited.get_future().wait();
  std::future<void> done = second.get_future();
  EXPECT_EQ(done.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  release.set_value();
  done.wait();
}

}  // namespace
}  // namespace castor
