#include "worker/engine_options.h"

#include <gtest/gtest.h>

namespace castor::worker {
namespace {

TEST(EngineOptionsTest, OnlyTheirOwnAreJudged) {
  EXPECT_TRUE(CheckEngineOptions(Configuration({{"castor.memory", "1gb"},
                                                {"castor.memory.reserve", "16mb"},
                                                {"parallelism.default", "2"}}))
                  .ok());
}

TEST(EngineOptionsTest, AMistypedOneIsRefusedWithThoseThatThereAre) {
  Configuration configuration;
  configuration.Set("castor.memorry", "1gb");
  const Status status = CheckEngineOptions(configuration);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  for (const char* part : {"'castor.memorry' (1gb)", "castor.memory,", "castor.slow-steps"}) {
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
  }
}

}  // namespace
}  // namespace castor::worker
