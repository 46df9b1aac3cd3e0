// What is the same said in two ways: a state as operators describe it, a table as a checkpoint of
// Gemini does. A table's schema is the version of the state's layout, a space, and its schema; its
// number comes from the state's name, so that all instances and versions of an operator agree on
// it.
#pragma once

#include <string>

#include "gemini/store/checkpoint.h"
#include "state/keyed_state.h"
#include "state/snapshot_format.h"

namespace castor::state {

struct DescribedState {
  StateKind kind;
  StateDescriptor descriptor;  // without TTL, which is not a matter of what is stored
};

uint32_t TableNumberOf(const std::string& state);
std::string TableSchemaOf(const StateDescriptor& descriptor);
gemini::RecordLayout TableLayoutOf(const RecordLayout& layout);
StateDescriptor DescribeTimers(const std::string& name);
DescribedState DescribeTable(const gemini::CheckpointTable& table);

// kIncompatible, naming operator, state and how they differ.
Status CheckRestored(const std::string& operator_name, const DescribedState& restored,
                     const DescribedState& wanted);

}  // namespace castor::state
