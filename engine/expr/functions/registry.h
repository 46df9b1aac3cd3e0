// The scalar functions, by family. One table per family, in functions/scalar/<family>.cpp; what a
// function does for users stands in spec/functions.json.
#pragma once

#include <span>
#include <string_view>

#include "expr/builder.h"

namespace castor::expr {

std::span<const FunctionEntry> LogicFunctions();
std::span<const FunctionEntry> ComparisonFunctions();
std::span<const FunctionEntry> ArithmeticFunctions();
std::span<const FunctionEntry> ConditionalFunctions();
std::span<const FunctionEntry> CastFunctions();
std::span<const FunctionEntry> SearchFunctions();
std::span<const FunctionEntry> RowFunctions();
std::span<const FunctionEntry> TextFunctions();
std::span<const FunctionEntry> TextBuildFunctions();
std::span<const FunctionEntry> LikeFunctions();
std::span<const FunctionEntry> RegexFunctions();
std::span<const FunctionEntry> DigestFunctions();
std::span<const FunctionEntry> EncodingFunctions();
std::span<const FunctionEntry> NowFunctions();
std::span<const FunctionEntry> TemporalFunctions();
std::span<const FunctionEntry> TimeFormatFunctions();
std::span<const FunctionEntry> MathFunctions();
std::span<const FunctionEntry> TextKindFunctions();
std::span<const FunctionEntry> TranslateFunctions();
std::span<const FunctionEntry> NetworkFunctions();
std::span<const FunctionEntry> PrintfFunctions();
std::span<const FunctionEntry> RandomFunctions();
std::span<const FunctionEntry> HashCodeFunctions();
std::span<const FunctionEntry> JsonFunctions();
std::span<const FunctionEntry> JsonBuildFunctions();
std::span<const FunctionEntry> JsonQueryFunctions();
std::span<const FunctionEntry> CollectionAccessFunctions();
std::span<const FunctionEntry> CollectionSearchFunctions();
std::span<const FunctionEntry> CollectionArrayFunctions();
std::span<const FunctionEntry> CollectionSetFunctions();
std::span<const FunctionEntry> CollectionMapFunctions();
std::span<const FunctionEntry> CollectionTextFunctions();
std::span<const FunctionEntry> CollectionParseFunctions();
std::span<const FunctionEntry> VariantFunctions();
std::span<const FunctionEntry> BitmapFunctions();

// nullptr when there is none. Thread-safe.
const FunctionEntry* FindFunction(std::string_view name);

// All names, sorted.
std::span<const std::string_view> FunctionNames();

}  // namespace castor::expr
