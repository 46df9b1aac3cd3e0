#pragma once
namespace castor::aggregate {
class DistinctGroup {};
}
