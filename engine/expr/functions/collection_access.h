// ITEM of an array by its position from 1, and of a map by a key; NULL where there is none.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

Result<Node*> MakeCollectionItem(Call& call);

}  // namespace castor::expr
