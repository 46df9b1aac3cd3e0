// Compiled expressions evaluated over rows, against what Flink answers (test/golden/expressions).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "expr/testing.h"
#include "plan/expression_reader.h"

namespace castor::expr {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

class GoldenTest : public ::testing::TestWithParam<std::string> {};

plan::ExpressionPtr ReadExpression(const Json& json) {
  plan::JsonProblem problem;
  plan::ExpressionPtr expression = plan::ReadExpression({&json, "expression", &problem});
  EXPECT_FALSE(problem.any()) << problem.status().ToString();
  return expression;
}

std::string TextOf(const Json& value) {
  return value.is_null() ? "NULL" : value.get<std::string>();
}

std::map<std::string, ColumnPtr> ReadColumns(const Json& table) {
  std::map<std::string, ColumnPtr> columns;
  for (size_t i = 0; i < table["columns"].size(); ++i) {
    Texts values;
    for (const Json& row : table["rows"]) values.push_back(TextOf(row[i]));
    const Json& column = table["columns"][i];
    const auto type = column["type"].get<std::string>();
    columns[column["name"]] = testing::MakeColumn(type, values);
  }
  return columns;
}

// Java and C++ print floating point differently; equal numbers are equal.
bool SameValue(const LogicalType& type, const std::string& actual, const std::string& expected) {
  if (actual == expected) return true;
  if (actual == "NULL" || expected == "NULL") return false;
  if (type.kind() == TypeKind::kDouble) {
    const double a = std::strtod(actual.c_str(), nullptr);
    const double b = std::strtod(expected.c_str(), nullptr);
    return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
  }
  if (type.kind() == TypeKind::kFloat) {
    const float a = std::strtof(actual.c_str(), nullptr);
    const float b = std::strtof(expected.c_str(), nullptr);
    return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
  }
  return false;
}

void CheckCase(const Json& golden, const std::map<std::string, ColumnPtr>& columns,
               const std::map<std::string, std::string>& options, int32_t rows) {
  std::vector<ColumnPtr> inputs;
  for (const Json& name : golden["inputs"]) inputs.push_back(columns.at(name));
  const Batch batch(rows, std::move(inputs));
  const plan::ExpressionPtr expression = ReadExpression(golden["expression"]);
  const Texts actual = testing::Evaluate(expression, batch, options);
  if (golden.contains("error")) {
    EXPECT_TRUE(actual.size() == 1 && actual[0].starts_with("data error"))
        << ::testing::PrintToString(actual) << "\nFlink: " << golden["error"];
    return;
  }
  Texts expected;
  for (const Json& value : golden["expected"]) expected.push_back(TextOf(value));
  ASSERT_EQ(actual.size(), expected.size()) << ::testing::PrintToString(actual);
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_TRUE(SameValue(expression->type, actual[i], expected[i]))
        << "  row " << i << "\n  ours:  " << ::testing::PrintToString(actual[i])
        << "\n  Flink: " << ::testing::PrintToString(expected[i]);
  }
}

TEST_P(GoldenTest, AsFlink) {
  std::ifstream file(std::string(CASTOR_GOLDEN_DIR "/expressions/expected/") + GetParam() +
                     ".json");
  const Json tables = Json::parse(file);
  ASSERT_FALSE(tables.empty());
  for (const Json& table : tables) {
    const auto columns = ReadColumns(table);
    const auto options = table["options"].get<std::map<std::string, std::string>>();
    const auto rows = static_cast<int32_t>(table["rows"].size());
    for (const Json& golden : table["cases"]) {
      SCOPED_TRACE(golden["sql"].get<std::string>() + " -> " + golden["type"].get<std::string>());
      CheckCase(golden, columns, options, rows);
    }
  }
}

Texts Families() {
  Texts names;
  for (const auto& entry :
       std::filesystem::directory_iterator(CASTOR_GOLDEN_DIR "/expressions/expected")) {
    names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Families, GoldenTest, ::testing::ValuesIn(Families()),
                         [](const auto& family) { return family.param; });

}  // namespace
}  // namespace castor::expr
