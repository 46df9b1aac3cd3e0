// spec/functions.json against what is registered, and against what test/golden has asked Flink.
#include "expr/functions/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace castor::expr {
namespace {

using Json = nlohmann::json;

Json ReadJson(const std::filesystem::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

const Json& Rows() {
  static const Json rows = ReadJson(CASTOR_SPEC_DIR "/functions.json");
  return rows;
}

// The names by which plans call a row's function; what the planner makes something else of may have
// none.
std::vector<std::string> CallsOf(const Json& row) {
  if (row.contains("calls")) return row["calls"].get<std::vector<std::string>>();
  return {row["name"].get<std::string>()};
}

TEST(FunctionRegistryTest, RowsAreComplete) {
  std::set<std::string> names;
  for (const Json& row : Rows()) {
    const auto name = row.at("name").get<std::string>();
    EXPECT_TRUE(names.insert(name).second) << name << " stands there twice";
    EXPECT_FALSE(row.at("family").get<std::string>().empty()) << name;
    EXPECT_FALSE(row.at("arguments").empty()) << name;
    EXPECT_TRUE(row.at("description").get<std::string>().ends_with('.')) << name;
    const auto status = row.at("status").get<std::string>();
    EXPECT_TRUE(status == "native" || status == "refused") << name << ": " << status;
    EXPECT_EQ(row.contains("reason"), status == "refused") << name;
  }
}

TEST(FunctionRegistryTest, RowsSayWhatIsRegistered) {
  std::set<std::string> described;
  for (const Json& row : Rows()) {
    const bool native = row["status"] == "native";
    for (const std::string& call : CallsOf(row)) {
      if (native) described.insert(call);
      if (row.contains("rewritten_to")) continue;
      EXPECT_EQ(FindFunction(call) != nullptr, native) << call;
    }
  }
  for (const std::string_view name : FunctionNames()) {
    EXPECT_TRUE(described.contains(std::string(name))) << name << " has no row that is native";
  }
}

void CollectCalls(const Json& expression, std::set<std::string>* calls) {
  if (expression.is_object()) {
    if (expression.contains("internalName")) {
      auto name = expression["internalName"].get<std::string>();  // "$ABS$1"
      if (name.starts_with('$')) name = name.substr(1, name.rfind('$') - 1);
      calls->insert(name);
    }
    for (const auto& [key, value] : expression.items()) CollectCalls(value, calls);
  } else if (expression.is_array()) {
    for (const Json& value : expression) CollectCalls(value, calls);
  }
}

// What Flink's own plans cannot hold is asked by a text test.
bool TextTestCalls(const Json& row) {
  const auto name = row["name"].get<std::string>();
  std::ifstream file(CASTOR_GOLDEN_DIR "/../sql/" + row["text_test"].get<std::string>() + ".test");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return text.find(" " + name + "(") != std::string::npos;
}

// Flink has been asked about every function whose value does not vary.
TEST(FunctionRegistryTest, GoldenCasesCallEveryNativeFunction) {
  std::set<std::string> called;
  for (const auto& entry :
       std::filesystem::directory_iterator(CASTOR_GOLDEN_DIR "/expressions/expected")) {
    CollectCalls(ReadJson(entry.path()), &called);
  }
  for (const Json& row : Rows()) {
    if (row["status"] != "native" || row.contains("varies") || row.contains("rewritten_to")) {
      continue;
    }
    if (row.contains("text_test")) {
      EXPECT_TRUE(TextTestCalls(row)) << row["name"] << " is not in its text test";
      continue;
    }
    const std::vector<std::string> calls = CallsOf(row);
    const bool any =
        std::ranges::any_of(calls, [&](const std::string& call) { return called.contains(call); });
    EXPECT_TRUE(any) << row["name"] << " has no golden case";
  }
}

}  // namespace
}  // namespace castor::expr
