// Lists of splits and of byte strings as bytes, for snapshots (spec/checkpoint-format.md):
// little-endian 32-bit count, then each string as 32-bit length and bytes; a split is two strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/api/source.h"

namespace castor::runtime {

std::string EncodeStrings(const std::vector<std::string>& strings);
Result<std::vector<std::string>> DecodeStrings(std::string_view bytes);
std::string EncodeSplits(const std::vector<connector::Split>& splits);
Result<std::vector<connector::Split>> DecodeSplits(std::string_view bytes);

}  // namespace castor::runtime
