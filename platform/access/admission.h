// Whether somebody may have what is asked for. Stateless.
#pragma once

#include <optional>
#include <string>

#include "platform/access/directory.h"

namespace castor::platform {

// What an operation of the contract wants of who asks for it.
struct Demand {
  Role role = Role::kAdmin;
  std::string in;  // the namespace of the address; empty: none
};

struct Refusal {
  int status = 0;
  std::string message;  // what is missing, and how to get it
};

// nullopt: they may.
std::optional<Refusal> WhyRefused(const Demand& demand, const Principal& principal,
                                  const Directory& directory);

}  // namespace castor::platform
