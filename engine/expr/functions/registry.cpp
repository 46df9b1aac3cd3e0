#include "expr/functions/registry.h"

#include <algorithm>
#include <array>
#include <vector>

namespace castor::expr {
namespace {

const std::vector<FunctionEntry>& SortedEntries() {
  static const std::vector<FunctionEntry> entries = [] {
    std::vector<FunctionEntry> all;
    for (const auto family : {LogicFunctions,
                              ComparisonFunctions,
                              ArithmeticFunctions,
                              ConditionalFunctions,
                              CastFunctions,
                              SearchFunctions,
                              RowFunctions,
                              TextFunctions,
                              TextBuildFunctions,
                              LikeFunctions,
                              RegexFunctions,
                              DigestFunctions,
                              EncodingFunctions,
                              NowFunctions,
                              TemporalFunctions,
                              TimeFormatFunctions,
                              MathFunctions,
                              TextKindFunctions,
                              TranslateFunctions,
                              NetworkFunctions,
                              RandomFunctions,
                              PrintfFunctions,
                              HashCodeFunctions,
                              JsonFunctions,
                              JsonBuildFunctions,
                              JsonQueryFunctions,
                              CollectionAccessFunctions,
                              CollectionSearchFunctions,
                              CollectionArrayFunctions,
                              CollectionSetFunctions,
                              CollectionMapFunctions,
                              CollectionTextFunctions,
                              CollectionParseFunctions,
                              VariantFunctions,
                              BitmapFunctions}) {
      const auto members = family();
      all.insert(all.end(), members.begin(), members.end());
    }
    std::ranges::sort(all, {}, &FunctionEntry::name);
    return all;
  }();
  return entries;
}

}  // namespace

const FunctionEntry* FindFunction(std::string_view name) {
  const auto& entries = SortedEntries();
  const auto found = std::ranges::lower_bound(entries, name, {}, &FunctionEntry::name);
  return found != entries.end() && found->name == name ? &*found : nullptr;
}

std::span<const std::string_view> FunctionNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const FunctionEntry& entry : SortedEntries()) all.push_back(entry.name);
    return all;
  }();
  return names;
}

}  // namespace castor::expr
