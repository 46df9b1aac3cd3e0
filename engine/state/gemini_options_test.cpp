#include "state/gemini_options.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace castor::state {
namespace {

using Values = std::map<std::string, std::string>;

const std::string kPrefix = "state.backend.gemini.";

GeminiOptions Read(Values values) {
  const auto options = ReadGeminiOptions(Configuration(std::move(values)));
  EXPECT_TRUE(options.ok()) << options.status().ToString();
  return options.ok() ? *options : GeminiOptions();
}

// Of one option, named without the prefix.
Status Refusal(const std::string& key, const std::string& value) {
  return ReadGeminiOptions(Configuration(Values{{kPrefix + key, value}})).status();
}

void ExpectRefused(const Status& status, std::initializer_list<std::string> parts,
                   StatusCode code = StatusCode::kInvalidArgument) {
  EXPECT_EQ(status.code(), code) << status.ToString();
  for (const std::string& part : parts) {
    EXPECT_NE(status.message().find(part), std::string::npos) << part << ": " << status.message();
  }
}

TEST(GeminiOptionsTest, Defaults) {
  const GeminiOptions options = Read({{"parallelism.default", "2"}});
  EXPECT_EQ(options.memory_bytes, MemoryAccount::kUnlimited);
  EXPECT_EQ(options.run_bytes, 16 << 20);
  EXPECT_EQ(options.separate_from, 0u);
  EXPECT_TRUE(options.adapt_separation);
  EXPECT_TRUE(options.compress);
  EXPECT_EQ(options.local_dir, "");
  EXPECT_TRUE(options.cache);
  EXPECT_EQ(options.cache_bytes, int64_t{10} << 30);
  EXPECT_EQ(options.cache_preserved_bytes, int64_t{2} << 30);
  EXPECT_EQ(options.page_bytes, 64 << 10);
  EXPECT_EQ(options.ahead_bytes, 512 << 10);
  EXPECT_TRUE(options.recover_from_local);
  EXPECT_TRUE(options.without_effect.empty());
}

TEST(GeminiOptionsTest, MemoryThatIsNotManagedIsSaid) {
  const GeminiOptions options = Read({{kPrefix + "memory.managed", "false"},
                                      {kPrefix + "offheap.size", "100 mb"},
                                      {kPrefix + "total.writebuffer.size", "16mb"}});
  EXPECT_EQ(options.memory_bytes, 116 << 20);
  EXPECT_EQ(options.run_bytes, 2 << 20);
  ExpectRefused(Refusal("memory.managed", "false"), {"memory.managed", kPrefix + "offheap.size"});
  ExpectRefused(Refusal("memory.managed", "maybe"), {kPrefix + "memory.managed", "'maybe'"});
  const GeminiOptions managed = Read({{kPrefix + "offheap.size", "100 mb"}});
  EXPECT_EQ(managed.memory_bytes, MemoryAccount::kUnlimited);
  ASSERT_EQ(managed.without_effect.size(), 1u);
  EXPECT_NE(managed.without_effect[0].find("memory.managed = false"), std::string::npos);
}

TEST(GeminiOptionsTest, Separation) {
  EXPECT_EQ(Read({{kPrefix + "kv.separate.mode", "GLOBAL_ENABLE"}}).separate_from, 200u);
  const GeminiOptions none = Read({{kPrefix + "kv.separate.mode", "GLOBAL_DISABLE"}});
  EXPECT_EQ(none.separate_from, 0u);
  EXPECT_FALSE(none.adapt_separation);
  const GeminiOptions fixed = Read({{kPrefix + "kv.separate.mode", "global_enable"},
                                    {kPrefix + "kv.separate.value.size.threshold", "500"}});
  EXPECT_EQ(fixed.separate_from, 500u);
  EXPECT_FALSE(fixed.adapt_separation);
  const GeminiOptions adaptive = Read({{kPrefix + "kv.separate.value.size.threshold", "500"}});
  EXPECT_TRUE(adaptive.adapt_separation);
  EXPECT_EQ(adaptive.separate_from, 500u);
  EXPECT_EQ(Read({{kPrefix + "kv.separate.mode", "GLOBAL_DISABLE"},
                  {kPrefix + "kv.separate.value.size.threshold", "500"}})
                .without_effect.size(),
            1u);
  ExpectRefused(Refusal("kv.separate.mode", "SOME"), {"kv.separate.mode", "GLOBAL_ENABLE"});
  ExpectRefused(
      ReadGeminiOptions(Configuration(Values{{kPrefix + "kv.separate.mode", "ADAPTIVE"},
                                             {kPrefix + "kv.separate.value.size.threshold", "0"}}))
          .status(),
      {"kv.separate.value.size.threshold", "between 32"});
}

TEST(GeminiOptionsTest, TheCache) {
  EXPECT_FALSE(Read({{kPrefix + "file.cache.type", "NONE"}}).cache);
  EXPECT_GT(Read({{kPrefix + "file.cache.type", "INFINITE"}}).cache_bytes, int64_t{1} << 40);
  const GeminiOptions options = Read({{kPrefix + "file.cache.size", "1gb"},
                                      {kPrefix + "file.cache.preserved-space", "0"},
                                      {kPrefix + "local.dir", "/data/state"},
                                      {kPrefix + "restore.page-download.buffer.size", "16kb"},
                                      {kPrefix + "restore.file-download.buffer.size", "1mb"}});
  EXPECT_EQ(options.cache_bytes, 1 << 30);
  EXPECT_EQ(options.cache_preserved_bytes, 0);
  EXPECT_EQ(options.local_dir, "/data/state");
  EXPECT_EQ(options.page_bytes, 16 << 10);
  EXPECT_EQ(options.ahead_bytes, 1 << 20);
  EXPECT_EQ(Read({{kPrefix + "restore.page-download.buffer.size", "1mb"}}).ahead_bytes, 1 << 20);
  ExpectRefused(Refusal("file.cache.type", "SOME"), {"file.cache.type", "LIMITED"});
  ExpectRefused(Refusal("file.cache.size", "much"), {"file.cache.size", "much", "512 mb"});
  ExpectRefused(Refusal("local.dir", "s3://lake"), {"local.dir", "s3://lake"});
  ExpectRefused(Refusal("restore.page-download.buffer.size", "1"), {"page-download", "4096"});
  ExpectRefused(Refusal("restore.file-download.buffer.size", "16kb"), {"file-download", "65536"});
  ExpectRefused(Refusal("file.cache.download.type", "Eager"), {"LazyDownloadOnRestore"});
}

TEST(GeminiOptionsTest, LocalRecoveryHasTwoNames) {
  EXPECT_FALSE(Read({{"state.backend.local-recovery", "false"}}).recover_from_local);
  EXPECT_TRUE(Read({{"state.backend.local-recovery", "false"},
                    {"execution.state-recovery.from-local", "true"}})
                  .recover_from_local);
}

TEST(GeminiOptionsTest, OthersAreToldOrRefused) {
  EXPECT_EQ(Read({{kPrefix + "timer-service.factory", "HEAP"}}).without_effect.size(), 1u);
  EXPECT_TRUE(Read({{kPrefix + "timer-service.factory", "GEMINI"}}).without_effect.empty());
  ExpectRefused(Refusal("timer-service.factory", "ROCKSDB"), {"timer-service.factory", "GEMINI"});
  for (const std::string key :
       {"savepoint.external-sort.local-storage.enabled", "snapshot.close.file", "vm.print.tick",
        "snapshot.type", "memory.type", "copy.value"}) {
    const GeminiOptions options = Read({{kPrefix + key, "true"}});
    ASSERT_EQ(options.without_effect.size(), 1u) << key;
    EXPECT_NE(options.without_effect[0].find("'" + kPrefix + key + "'"), std::string::npos);
  }
  ExpectRefused(Refusal("ttl.ms", "1000"), {kPrefix + "ttl.ms", "table.exec.state.ttl"},
                StatusCode::kUnsupported);
  ExpectRefused(Refusal("file.cach.size", "1gb"), {"file.cach.size", kPrefix + "file.cache.size"});
}

TEST(GeminiOptionsTest, TheOptionsAreThoseOfTheSpecification) {
  std::ifstream file(CASTOR_GEMINI_OPTIONS);
  const auto specification = nlohmann::json::parse(file);
  std::string known;
  Values defaults;
  for (const auto& option : specification.at("options")) {
    const auto key = option.at("key").get<std::string>();
    if (key.starts_with(kPrefix)) known += (known.empty() ? "" : ", ") + key;
    if (option.contains("default")) defaults[key] = option.at("default").get<std::string>();
    for (const std::string& value : option.value("values", std::vector<std::string>())) {
      EXPECT_TRUE(ReadGeminiOptions(Configuration(Values{{key, value}})).ok()) << key << value;
    }
  }
  ExpectRefused(Refusal("none", "x"), {"there are: " + known});
  // What is said to be a default is what is done without.
  const GeminiOptions said = Read(defaults), done = Read({});
  EXPECT_EQ(said.memory_bytes, done.memory_bytes);
  EXPECT_EQ(said.run_bytes, done.run_bytes);
  EXPECT_EQ(said.adapt_separation, done.adapt_separation);
  EXPECT_EQ(said.cache_bytes, done.cache_bytes);
  EXPECT_EQ(said.cache_preserved_bytes, done.cache_preserved_bytes);
  EXPECT_EQ(said.page_bytes, done.page_bytes);
  EXPECT_EQ(said.ahead_bytes, done.ahead_bytes);
  EXPECT_EQ(said.recover_from_local, done.recover_from_local);
}

}  // namespace
}  // namespace castor::state
