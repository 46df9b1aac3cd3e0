// Functions of DOUBLE, against results that java.lang.Math gave (test/golden/java-math).
#include "expr/java_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <string>

namespace castor::expr {
namespace {

using Function = std::function<double(double, double)>;

Function Of(double (*f)(double)) {
  return [f](double x, double) { return f(x); };
}

// What is recorded under a name, and how many of 5,000 listed rows may differ: twice what
// java_math.h says, as the rows that differ are scattered.
struct Case {
  Function function;
  int differing = 0;
};

const std::map<std::string, Case>& Cases() {
  static const std::map<std::string, Case> cases{
      {"asin", {Of(JavaAsin)}},
      {"acos", {Of(JavaAcos)}},
      {"atan", {Of(JavaAtan)}},
      {"atan2", {JavaAtan2}},
      {"sinh", {Of(JavaSinh)}},
      {"cosh", {Of(JavaCosh)}},
      {"tanh", {Of(JavaTanh)}},
      {"log", {Of(JavaLog)}},
      {"log10", {Of(JavaLog10)}},
      {"square", {[](double x, double) { return JavaPow(x, 2); }}},
      {"sqrt", {[](double x, double) { return JavaPow(x, 0.5); }}},
      {"pow", {JavaPow, 10}},
      {"exp", {Of(JavaExp), 25}},
      {"sin", {Of(JavaSin), 13}},
      {"cos", {Of(JavaCos), 13}},
      {"tan", {Of(JavaTan), 35}},
  };
  return cases;
}

// The arguments that JavaMath.java made.
class Arguments {
 public:
  Arguments(int from, int to, bool is_signed) : from_(from), to_(to), signed_(is_signed) {}

  double Next() {
    const uint64_t bits = NextBits();
    const uint64_t span = static_cast<uint64_t>(to_ - from_);
    const uint64_t exponent = static_cast<uint64_t>(1023 + from_) + NextBits() % span;
    const uint64_t sign = signed_ ? bits & (uint64_t{1} << 63) : 0;
    return std::bit_cast<double>(sign | exponent << 52 | bits >> 12);
  }

 private:
  uint64_t NextBits() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = (state_ ^ state_ >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  const int from_;
  const int to_;
  const bool signed_;
  uint64_t state_ = 0;
};

uint64_t NextResult(const Function& function, Arguments& arguments) {
  const double x = arguments.Next();
  return std::bit_cast<uint64_t>(function(x, arguments.Next()));
}

void CheckHash(const Function& function, Arguments arguments, int rows, std::istream& record) {
  uint64_t expected = 0;
  record >> std::hex >> expected;
  uint64_t hash = 0xcbf29ce484222325;
  for (int row = 0; row < rows; ++row) {
    hash = (hash ^ NextResult(function, arguments)) * 0x100000001b3;
  }
  EXPECT_EQ(hash, expected);
}

void CheckList(const Case& own, Arguments arguments, int rows, std::istream& record) {
  std::string expected;
  record >> expected;
  ASSERT_EQ(expected.size(), static_cast<size_t>(2 * rows));
  int differing = 0;
  for (int row = 0; row < rows; ++row) {
    const auto last = static_cast<uint8_t>(NextResult(own.function, arguments));
    const auto java = static_cast<uint8_t>(
        std::stoul(expected.substr(static_cast<size_t>(2 * row), 2), nullptr, 16));
    const auto ulps = static_cast<int8_t>(last - java);
    EXPECT_LE(std::abs(ulps), 1) << "row " << row;
    differing += ulps != 0;
  }
  EXPECT_LE(differing, own.differing);
}

TEST(JavaMathTest, AsJava) {
  std::ifstream file(CASTOR_GOLDEN_DIR "/java-math/results.txt");
  std::string line;
  std::getline(file, line);  // which Java
  size_t functions = 0;
  for (; std::getline(file, line); ++functions) {
    std::istringstream record(line);
    std::string name, sign, form;
    int from = 0, to = 0, rows = 0;
    record >> name >> from >> to >> sign >> form >> rows;
    SCOPED_TRACE(name);
    const Case& own = Cases().at(name);
    const Arguments arguments(from, to, sign == "signed");
    if (form == "hash") {
      CheckHash(own.function, arguments, rows, record);
    } else {
      CheckList(own, arguments, rows, record);
    }
  }
  EXPECT_EQ(functions, Cases().size());
}

TEST(JavaMathTest, PowersThatCHasOtherwise) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::isnan(JavaPow(1, nan)));
  EXPECT_TRUE(std::isnan(JavaPow(-1, infinity)));
  EXPECT_EQ(JavaPow(nan, 0), 1);
  EXPECT_FALSE(std::signbit(JavaPow(-0.0, 0.5)));
  EXPECT_EQ(JavaPow(-infinity, 0.5), infinity);
  EXPECT_TRUE(std::isnan(JavaPow(-4, 0.5)));
}

}  // namespace
}  // namespace castor::expr
