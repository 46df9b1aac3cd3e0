// NULL as the value of a whole projected expression that is NOT NULL.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

// Flink's code writes a projection that is NOT NULL without looking for NULL: what is not there all
// the same becomes the default value of a local variable (CodeGenUtils.primitiveDefaultValue: -1,
// FALSE, the empty string). Such are columns of a delete of which only the key is known, results of
// functions whose type promises too much (but for those of text that answer with a null of their
// own, LPAD and the like), and ITEM of a collection whose elements are NOT NULL.
// `root` gives the default where `expression` is NOT NULL, and is returned as it is otherwise.
Node* WithDefaultIfNotNull(Builder& builder, const plan::Expression& expression, Node* root);

}  // namespace castor::expr
