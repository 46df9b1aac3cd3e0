// Damage to JSON that stays JSON: members lost, values of other types and sizes in their places.
#pragma once

#include <random>
#include <string>

namespace castor::fuzz {

// One value is another. What is no JSON stays as it is.
std::string MutateJson(std::string text, std::mt19937_64* random);

}  // namespace castor::fuzz
