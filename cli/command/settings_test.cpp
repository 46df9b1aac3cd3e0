#include "cli/command/settings.h"

#include <gtest/gtest.h>

namespace castor::cli {
namespace {

const Settings kBundle = {{"pipeline.max-parallelism", "-1"},
                          {"execution.checkpointing.num-retained", "1"},
                          {"table.exec.mini-batch.enabled", "false"}};

Status Checked(const std::string& key, const std::string& value) {
  return CheckBundleSettings(kBundle, {{key, value}}, "job.json");
}

TEST(SettingsTest, OptionsOfABundleAndThoseWithoutDefaultMayBeSet) {
  EXPECT_TRUE(Checked("pipeline.max-parallelism", "8").ok());
  for (const char* key : {"dir", "interval", "savepoint-dir"}) {
    EXPECT_TRUE(Checked(std::string("execution.checkpointing.") + key, "any").ok()) << key;
  }
  EXPECT_TRUE(Checked("table.exec.mini-batch.enabled", "false").ok()) << "as it is";
}

TEST(SettingsTest, OptionsThatThereAreNotAreRefused) {
  const Status status = Checked("pipeline.max-parallelsm", "8");
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("did you mean 'pipeline.max-parallelism'?"), std::string::npos)
      << status.message();
  EXPECT_FALSE(Checked("execution.of-something-else", "1").ok());
}

TEST(SettingsTest, WhatShapesThePlanComesTooLateForABundle) {
  const Status status = Checked("table.exec.mini-batch.enabled", "true");
  EXPECT_NE(status.message().find("comes too late"), std::string::npos) << status.message();
}

TEST(SettingsTest, WhatTheScriptSetsItselfIsNotOverruled) {
  EXPECT_TRUE(CheckScriptSettings(kBundle, {{"table.exec.mini-batch.enabled", "false"}}).ok());
  EXPECT_FALSE(CheckScriptSettings(kBundle, {{"table.exec.mini-batch.enabled", "true"}}).ok());
}

}  // namespace
}  // namespace castor::cli
