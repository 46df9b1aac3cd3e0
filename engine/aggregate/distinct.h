#pragma once
namespace castor::aggregate {
class DistinctGroup {};
}  // namespace castor::aggregate
