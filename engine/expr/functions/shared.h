// What families of functions share with each other.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

// FLOOR and CEIL of a number.
Result<Node*> MakeRounding(Call& call, bool ceil);

// UNIX_TIMESTAMP().
Result<Node*> MakeUnixNow(Call& call);

}  // namespace castor::expr
