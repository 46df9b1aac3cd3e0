// A bundle's plan as a tree a person can read: sinks at the top, what they read below them.
#pragma once

#include <string>

#include "plan/bundle.h"

namespace castor::plan {

// Ends with a newline. A node with several readers is shown once and referred to by its number
// after that.
std::string Explain(const Bundle& bundle);

}  // namespace castor::plan
