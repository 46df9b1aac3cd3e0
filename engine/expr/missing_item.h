// ITEM as the whole of a projected expression, for collections whose elements are NOT NULL.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

// Flink's code for ITEM says that its result is as nullable as the collection's elements, so a
// projection writes it without looking for NULL: what is not there becomes the default value of a
// local variable (CodeGenUtils.primitiveDefaultValue: -1, FALSE, the empty string). `root` gives
// that where `expression` is such a call, and is returned as it is otherwise.
Node* WithDefaultForMissing(Builder& builder, const plan::Expression& expression, Node* root);

}  // namespace castor::expr
