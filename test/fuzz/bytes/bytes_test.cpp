// What each reader makes of right inputs, and of so many damaged ones, the same in every run.
// Looking for more of them is libFuzzer's (make fuzz-bytes).
#include <gtest/gtest.h>

#include "test/fuzz/bytes/mutation.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

constexpr int kMutations = 2000;

class BytesTest : public testing::TestWithParam<Reader> {};

TEST_P(BytesTest, RightInputsAreRead) {
  const std::vector<std::string> seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) EXPECT_TRUE(GetParam().read(seed));
}

// Neither is it taken for granted that damage is refused, nor that it is not.
TEST_P(BytesTest, DamagedInputsAreReadOrRefused) {
  const std::vector<std::string> seeds = GetParam().seeds();
  std::mt19937_64 random(4711);
  int refused = 0;
  for (int i = 0; i < kMutations; ++i) {
    const std::string& seed = seeds[random() % seeds.size()];
    std::string damaged = seed;
    if (GetParam().mutate != nullptr) damaged = GetParam().mutate(std::move(damaged), &random);
    if (GetParam().mutate == nullptr || i % 4 == 0) {
      damaged = Mutate(std::move(damaged), seeds[random() % seeds.size()], &random);
    }
    if (!GetParam().read(damaged)) ++refused;
  }
  EXPECT_GT(refused, 0);
}

INSTANTIATE_TEST_SUITE_P(All, BytesTest, testing::ValuesIn(Readers()),
                         [](const auto& reader) { return reader.param.name; });

}  // namespace
}  // namespace castor::fuzz
