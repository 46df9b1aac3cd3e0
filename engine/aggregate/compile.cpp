// Compiling an AggregateSet: functions, the count of rows, the layout of the record.
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

Result<std::unique_ptr<Call>> MakeCall(const plan::AggregateCall& call,
                                       const LogicalType& input_row, bool retracts) {
  if (call.distinct) return Status::Unsupported("DISTINCT");
  FunctionSpec spec{call, {}, retracts};
  for (const int32_t argument : call.args) {
    spec.argument_types.push_back(input_row.fields()[static_cast<size_t>(argument)].type);
  }
  auto made = std::make_unique<Call>();
  CASTOR_ASSIGN_OR_RETURN(made->function, MakeFunction(spec));
  made->arguments = call.args;
  made->filter = call.filter_arg;
  return made;
}

}  // namespace

Result<std::unique_ptr<AggregateSet>> AggregateSet::Compile(const AggregateSpec& spec) {
  std::unique_ptr<AggregateSet> set(new AggregateSet());
  std::vector<plan::AggregateCall> calls = spec.calls;
  set->visible_calls_ = calls.size();
  if (spec.needs_retraction || spec.needs_record_count) {
    set->count_star_ = FindOrAddCountStar(spec, &calls);
  }
  LayoutBuilder layout;
  for (size_t i = 0; i < calls.size(); ++i) {
    const bool retracts = i < spec.call_retractions.size() && spec.call_retractions[i];
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<Call> call,
                            MakeCall(calls[i], spec.input_row, retracts));
    Function& function = *call->function;
    function.Declare(&layout);
    set->schema_ += (i == 0 ? "" : ", ") + function.schema();
    if (i < set->visible_calls_) set->value_types_.push_back(function.value_type());
    for (LogicalType& type : function.accumulator_types()) {
      set->accumulator_types_.push_back(std::move(type));
    }
    set->calls_.push_back(std::move(call));
  }
  set->layout_ = layout.Finish(spec.reserved_bytes);
  if (set->count_star_ >= 0) {
    set->record_count_offset_ =
        set->calls_[static_cast<size_t>(set->count_star_)]->function->count_offset();
  }
  return set;
}

}  // namespace castor::aggregate
