// ITEM of a VARIANT: an element of an array by its position from 1, or a field of an object by a
// literal name; NULL where there is none.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

Result<Node*> MakeVariantItem(Call& call);

}  // namespace castor::expr
