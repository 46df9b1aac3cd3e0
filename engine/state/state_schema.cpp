#include "state/state_schema.h"

#include <xxhash.h>

#include <charconv>
#include <string_view>

namespace castor::state {
namespace {

std::string_view NameOf(StateKind kind) {
  switch (kind) {
    case StateKind::kValue:
      return "value";
    case StateKind::kMap:
      return "map";
    case StateKind::kList:
      return "list";
    case StateKind::kWindow:
      return "window";
    case StateKind::kWindowList:
      return "window list";
    case StateKind::kTimers:
      return "timers";
  }
  return "unknown";
}

StateKind KindOf(gemini::TableKind kind) {
  switch (kind) {
    case gemini::TableKind::kRecords:
      return StateKind::kValue;
    case gemini::TableKind::kMap:
      return StateKind::kMap;
    case gemini::TableKind::kList:
      return StateKind::kList;
    case gemini::TableKind::kWindows:
      return StateKind::kWindow;
    case gemini::TableKind::kWindowLists:
      return StateKind::kWindowList;
    case gemini::TableKind::kTimers:
      return StateKind::kTimers;
  }
  return StateKind::kValue;
}

}  // namespace

uint32_t TableNumberOf(const std::string& state) { return XXH32(state.data(), state.size(), 0); }

std::string TableSchemaOf(const StateDescriptor& descriptor) {
  return std::to_string(descriptor.version) + " " + descriptor.schema;
}

gemini::RecordLayout TableLayoutOf(const RecordLayout& layout) {
  return {static_cast<uint32_t>(layout.fixed_size),
          {layout.blob_offsets.begin(), layout.blob_offsets.end()}};
}

StateDescriptor DescribeTimers(const std::string& name) { return {name, {}, "timers", 1, 0}; }

DescribedState DescribeTable(const gemini::CheckpointTable& table) {
  DescribedState state;
  state.kind = KindOf(table.kind);
  state.descriptor.name = table.name;
  if (state.kind == StateKind::kTimers) state.descriptor = DescribeTimers(table.name);
  const char* const end = table.schema.data() + table.schema.size();
  const auto [at, error] = std::from_chars(table.schema.data(), end, state.descriptor.version);
  if (error == std::errc() && at != end) state.descriptor.schema.assign(at + 1, end);
  state.descriptor.layout.fixed_size = static_cast<int32_t>(table.layout.payload_bytes);
  state.descriptor.layout.blob_offsets.assign(table.layout.blob_offsets.begin(),
                                              table.layout.blob_offsets.end());
  return state;
}

Status CheckRestored(const std::string& operator_name, const DescribedState& restored,
                     const DescribedState& wanted) {
  const StateDescriptor& found = restored.descriptor;
  const StateDescriptor& needed = wanted.descriptor;
  std::string why;
  if (restored.kind != wanted.kind) {
    why.append("the snapshot holds a ").append(NameOf(restored.kind));
    why.append(" state, the job needs a ").append(NameOf(wanted.kind)).append(" state");
  } else if (found.schema != needed.schema) {
    why = "the snapshot holds [" + found.schema + "], the job needs [" + needed.schema + "]";
  } else if (found.version != needed.version ||
             found.layout.fixed_size != needed.layout.fixed_size ||
             found.layout.blob_offsets != needed.layout.blob_offsets) {
    why = "its layout has version " + std::to_string(found.version) + ", the job needs version " +
          std::to_string(needed.version);
  } else {
    return Status::OK();
  }
  return Status::Incompatible("state '" + needed.name + "' of operator '" + operator_name +
                              "' cannot be restored: " + why);
}

}  // namespace castor::state
