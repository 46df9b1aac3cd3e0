#include "expr/cast.h"
namespace castor::expr {
Result<Node*> MakeCastFromString(Builder&, Node*, const LogicalType&, bool) { return nullptr; }
Result<Node*> MakeRowCast(Builder&, Node*, const LogicalType&, bool) { return nullptr; }
}  // namespace castor::expr
