// Compiling an AggregateSet: functions, the count of rows, the layout of the record.
#include <algorithm>

#include "aggregate/aggregator.h"
#include "aggregate/call.h"
#include "aggregate/distinct.h"

namespace castor::aggregate {
namespace {

bool IsCountStar(const plan::AggregateCall& call) {
  return call.function == "COUNT" && call.args.empty() && call.filter_arg < 0 && !call.distinct;
}

plan::AggregateCall CountStar() {
  plan::AggregateCall call;
  call.name = "count1";
  call.function = "COUNT";
  call.type = LogicalType::BigInt(false);
  return call;
}

// The call that counts rows; a hidden one is added when there is none to share.
int32_t FindOrAddCountStar(const AggregateSpec& spec, std::vector<plan::AggregateCall>* calls) {
  if (spec.count_star >= 0) return spec.count_star;
  for (size_t i = 0; i < calls->size(); ++i) {
    if (IsCountStar((*calls)[i])) return static_cast<int32_t>(i);
  }
  calls->push_back(CountStar());
  return static_cast<int32_t>(calls->size()) - 1;
}

}  // namespace

Result<std::unique_ptr<Call>> AggregateSet::MakeCall(const plan::AggregateCall& call,
                                                     const AggregateSpec& spec, bool retracts) {
  if (call.approximate) return Status::Unsupported(call.ToString() + " is not supported");
  FunctionSpec function{call, {}, retracts};
  for (const int32_t argument : call.args) {
    function.argument_types.push_back(spec.input_row.fields()[static_cast<size_t>(argument)].type);
  }
  auto made = std::make_unique<Call>();
  CASTOR_ASSIGN_OR_RETURN(made->function, MakeFunction(function));
  made->arguments = call.args;
  made->filter = call.filter_arg;
  made->row_function = made->function->AsRowFunction();
  made->map_function = made->function->AsMapFunction();
  // Functions with maps are MIN and MAX, to which DISTINCT means nothing.
  made->distinct = call.distinct && !call.args.empty() && made->map_function == nullptr;
  return made;
}

// Calls over the same arguments share a map, whatever their filters.
void AggregateSet::MakeDistinctGroups(const AggregateSpec& spec) {
  std::vector<std::vector<Call*>> groups;
  for (const auto& call : calls_) {
    if (!call->distinct) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& members) {
      return members[0]->arguments == call->arguments;
    });
    if (group == groups.end()) {
      groups.push_back({call.get()});
    } else {
      group->push_back(call.get());
    }
  }
  for (size_t g = 0; g < groups.size(); ++g) {
    std::vector<Call*>& members = groups[g];
    std::vector<LogicalType> types;
    for (const int32_t argument : members[0]->arguments) {
      types.push_back(spec.input_row.fields()[static_cast<size_t>(argument)].type);
    }
    distinct_groups_.push_back(std::make_unique<DistinctGroup>(
        "distinctAcc_" + std::to_string(g), std::move(types), std::move(members),
        spec.needs_retraction, spec.maps_in_memory));
  }
}

void AggregateSet::DescribeColumns() {
  for (size_t i = 0; i < calls_.size(); ++i) {
    const Function& function = *calls_[i]->function;
    schema_ += (i == 0 ? "" : ", ") + function.schema() + (calls_[i]->distinct ? " distinct" : "");
    if (i < visible_calls_) value_types_.push_back(function.value_type());
    for (LogicalType& type : function.accumulator_types()) {
      accumulator_types_.push_back(std::move(type));
    }
  }
  function_columns_ = accumulator_types_.size();
  if (!maps_in_memory_) return;
  accumulator_types_.insert(accumulator_types_.end(), distinct_groups_.size(),
                            DistinctGroup::SerializedType());
}

Result<std::unique_ptr<AggregateSet>> AggregateSet::Compile(const AggregateSpec& spec) {
  std::unique_ptr<AggregateSet> set(new AggregateSet());
  std::vector<plan::AggregateCall> calls = spec.calls;
  set->visible_calls_ = calls.size();
  set->maps_in_memory_ = spec.maps_in_memory;
  set->function_maps_in_memory_ = spec.maps_in_memory || spec.function_maps_in_memory;
  if (spec.needs_retraction || spec.needs_record_count) {
    set->count_star_ = FindOrAddCountStar(spec, &calls);
  }
  for (size_t i = 0; i < calls.size(); ++i) {
    const bool retracts = i < spec.call_retractions.size() && spec.call_retractions[i];
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<Call> call, MakeCall(calls[i], spec, retracts));
    set->calls_.push_back(std::move(call));
  }
  set->MakeDistinctGroups(spec);
  LayoutBuilder layout;
  for (size_t i = 0; i < set->calls_.size(); ++i) {
    set->calls_[i]->function->Declare(&layout);
    MapFunction* map = set->calls_[i]->map_function;
    if (map != nullptr && set->function_maps_in_memory_) {
      map->KeepInMemory(&layout);
    }
  }
  for (const auto& group : set->distinct_groups_) group->Declare(&layout);
  set->layout_ = layout.Finish(spec.reserved_bytes);
  set->DescribeColumns();
  if (set->count_star_ >= 0) {
    set->record_count_offset_ =
        set->calls_[static_cast<size_t>(set->count_star_)]->function->count_offset();
  }
  return set;
}

}  // namespace castor::aggregate
