// Damage to bytes: flipped bits, other numbers, pieces lost, doubled or taken from elsewhere.
#pragma once

#include <random>
#include <string>

namespace castor::fuzz {

// Of one to four changes. The same generator gives the same on every machine.
std::string Mutate(std::string bytes, const std::string& other, std::mt19937_64* random);

}  // namespace castor::fuzz
