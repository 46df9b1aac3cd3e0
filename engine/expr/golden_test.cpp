// Compiled expressions evaluated over rows, against what Flink answers (test/golden/expressions).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

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

// A column of values in the form of test/golden/expressions: nested ones as JSON arrays.
ColumnPtr ReadColumn(const LogicalType& type, const std::vector<const Json*>& values);

ColumnPtr ReadRows(const LogicalType& type, const std::vector<const Json*>& values) {
  static const Json kNull;
  MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(values.size()));
  for (size_t field = 0; field < type.fields().size(); ++field) {
    std::vector<const Json*> parts;
    for (const Json* value : values) parts.push_back(value->is_null() ? &kNull : &(*value)[field]);
    column->mutable_children()[field] = ReadColumn(type.fields()[field].type, parts);
  }
  return column;
}

ColumnPtr ReadLists(const LogicalType& type, const std::vector<const Json*>& values) {
  const std::vector<LogicalType> types = type.ChildTypes();
  std::vector<std::vector<const Json*>> parts(types.size());
  MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(values.size()));
  for (size_t i = 0; i < values.size(); ++i) {
    const auto first = static_cast<int32_t>(parts[0].size());
    for (const Json& element : *values[i]) {
      for (size_t k = 0; k < parts.size(); ++k) {
        parts[k].push_back(parts.size() == 1 ? &element : &element[k]);
      }
    }
    const auto size = static_cast<int32_t>(parts[0].size()) - first;
    column->mutable_values<ListRef>()[i] = {first, size};
  }
  for (size_t k = 0; k < types.size(); ++k) {
    column->mutable_children()[k] = ReadColumn(types[k], parts[k]);
  }
  return column;
}

ColumnPtr ReadColumn(const LogicalType& type, const std::vector<const Json*>& values) {
  if (type.physical() != PhysicalType::kRow && type.physical() != PhysicalType::kList) {
    Texts texts;
    for (const Json* value : values) texts.push_back(TextOf(*value));
    return testing::MakeColumn(type.ToString(), texts);
  }
  const ColumnPtr column =
      type.physical() == PhysicalType::kRow ? ReadRows(type, values) : ReadLists(type, values);
  auto result = std::make_shared<Column>(*column);
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i]->is_null()) result->SetNull(static_cast<int32_t>(i));
  }
  return result;
}

// A column with values that cannot be held is left out, with the reason in `problems`.
std::map<std::string, ColumnPtr> ReadColumns(const Json& table,
                                             std::map<std::string, std::string>* problems) {
  std::map<std::string, ColumnPtr> columns;
  for (size_t i = 0; i < table["columns"].size(); ++i) {
    std::vector<const Json*> values;
    for (const Json& row : table["rows"]) values.push_back(&row[i]);
    const Json& column = table["columns"][i];
    try {
      const LogicalType type = testing::Type(column["type"].get<std::string>());
      columns[column["name"]] = ReadColumn(type, values);
    } catch (const std::invalid_argument& problem) {
      (*problems)[column["name"]] = problem.what();
    }
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

bool SameAt(const Column& actual, int32_t row, const Json& expected);

// Entries in any order: Flink's were in a Java map on their way here, where the last of equal keys
// counts.
bool SameMap(const Column& actual, ListRef map, const Json& expected) {
  std::map<std::string, int32_t> entries;
  for (int32_t entry = map.offset; entry < map.end(); ++entry) {
    entries[testing::ToText(*actual.children()[0], entry)] = entry;
  }
  if (entries.size() != expected.size()) return false;
  return std::ranges::all_of(entries, [&](const auto& own) {
    return std::ranges::any_of(expected, [&](const Json& entry) {
      return SameAt(*actual.children()[0], own.second, entry[0]) &&
             SameAt(*actual.children()[1], own.second, entry[1]);
    });
  });
}

bool SameAt(const Column& actual, int32_t row, const Json& expected) {
  const Column* column;
  const int32_t at = actual.Resolve(row, &column);
  if (at < 0 || expected.is_null()) return at < 0 && expected.is_null();
  if (column->physical() == PhysicalType::kRow) {
    for (size_t i = 0; i < column->children().size(); ++i) {
      if (!SameAt(*column->children()[i], at, expected[i])) return false;
    }
    return true;
  }
  if (column->physical() == PhysicalType::kList) {
    const ListRef list = column->values<ListRef>()[at];
    if (column->children().size() == 2) return SameMap(*column, list, expected);
    if (list.size != static_cast<int32_t>(expected.size())) return false;
    for (int32_t i = 0; i < list.size; ++i) {
      if (!SameAt(*column->children()[0], list.offset + i, expected[static_cast<size_t>(i)])) {
        return false;
      }
    }
    return true;
  }
  return SameValue(column->type(), testing::ToText(*column, at), TextOf(expected));
}

void CheckCase(const Json& golden, const std::map<std::string, ColumnPtr>& columns,
               const std::map<std::string, std::string>& options, int32_t rows) {
  std::vector<ColumnPtr> inputs;
  for (const Json& name : golden["inputs"]) {
    const auto column = columns.find(name.get<std::string>());
    ASSERT_TRUE(column != columns.end()) << name << " cannot be read";
    inputs.push_back(column->second);
  }
  const Batch batch(rows, std::move(inputs));
  const plan::ExpressionPtr expression = ReadExpression(golden["expression"]);
  const Result<ColumnPtr> actual = testing::EvaluateColumn(expression, batch, options);
  if (golden.contains("error")) {
    EXPECT_EQ(actual.status().code(), StatusCode::kDataError)
        << actual.status().ToString() << "\nFlink: " << golden["error"];
    return;
  }
  ASSERT_TRUE(actual.ok()) << actual.status().ToString() << "\n  Flink: " << golden["expected"];
  const Json& expected = golden["expected"];
  ASSERT_EQ((*actual)->size(), static_cast<int32_t>(expected.size()));
  for (int32_t i = 0; i < rows; ++i) {
    const Json& value = expected[static_cast<size_t>(i)];
    EXPECT_TRUE(SameAt(**actual, i, value))
        << "row " << i << "\n  ours:  " << testing::ToText(**actual, i)
        << "\n  Flink: " << value.dump();
  }
}

TEST_P(GoldenTest, AsFlink) {
  std::ifstream file(std::string(CASTOR_GOLDEN_DIR "/expressions/expected/") + GetParam() +
                     ".json");
  const Json tables = Json::parse(file);
  ASSERT_FALSE(tables.empty());
  for (const Json& table : tables) {
    std::map<std::string, std::string> problems;
    const auto columns = ReadColumns(table, &problems);
    for (const auto& [name, why] : problems) ADD_FAILURE() << name << ": " << why;
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
