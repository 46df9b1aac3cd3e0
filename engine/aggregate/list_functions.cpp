// Functions over the list of their values: LISTAGG, FIRST_VALUE and LAST_VALUE with retraction
// (Flink's ListAggWithRetractAggFunction, ListAggWsWithRetractAggFunction,
// FirstValueWithRetractAggFunction and LastValueWithRetractAggFunction), ARRAY_AGG
// (ArrayAggFunction) and JSON_ARRAYAGG (JsonArrayAggFunction).
#include "aggregate/encoded_values.h"
#include "aggregate/list_function.h"

namespace castor::aggregate {
namespace {

void Join(const ValueList& list, std::string_view delimiter, std::string* text) {
  for (size_t offset = 0; offset < list.size();) {
    const ValueList::Item item = list.At(offset);
    if (offset > 0) text->append(delimiter);
    text->append(item.valid ? item.value : "null");
    offset = item.end();
  }
}

struct CommaJoined {
  using Output = StringRef;
  static bool Get(const ValueList& list, std::string_view, std::string* scratch, StringRef* value) {
    scratch->clear();
    Join(list, ",", scratch);
    *value = StringRef(*scratch);
    return !list.empty();
  }
};

struct Joined {
  using Output = StringRef;
  static bool Get(const ValueList& list, std::string_view delimiter, std::string* scratch,
                  StringRef* value) {
    scratch->clear();
    Join(list, delimiter, scratch);
    *value = StringRef(*scratch);
    return !list.empty();
  }
};

// The items are JSON already.
struct JsonArray {
  using Output = StringRef;
  static bool Get(const ValueList& list, std::string_view, std::string* scratch, StringRef* value) {
    scratch->assign("[");
    Join(list, ",", scratch);
    scratch->append("]");
    *value = StringRef(*scratch);
    return true;
  }
};

struct Items {
  using Output = ValueList;
  static bool Get(const ValueList& list, std::string_view, std::string*, ValueList* value) {
    *value = list;
    return !list.empty();
  }
};

template <typename T, bool kLast>
struct OneItem {
  using Output = T;
  static bool Get(const ValueList& list, std::string_view, std::string*, T* value) {
    if (list.empty()) return false;
    *value = ReadEncoded<T>((kLast ? list.Last() : list.First()).value);
    return true;
  }
};

template <bool kLast>
std::unique_ptr<Function> MakeOneItem(const FunctionSpec& spec, const std::string& name) {
  const LogicalType& argument = spec.argument_types[0];
  ListOptions options;
  options.schema = name + "(" + argument.WithNullable(true).ToString() + ") retractable";
  options.value_type = spec.call.type;
  options.item_type = argument;
  return DispatchEncoded(argument, [&]<typename T>() -> std::unique_ptr<Function> {
    return std::make_unique<ListFunction<OneItem<T, kLast>>>(options);
  });
}

}  // namespace

std::unique_ptr<Function> MakeRetractableFirstValue(const FunctionSpec& spec) {
  return MakeOneItem<false>(spec, "FIRST_VALUE");
}

std::unique_ptr<Function> MakeRetractableLastValue(const FunctionSpec& spec) {
  return MakeOneItem<true>(spec, "LAST_VALUE");
}

std::unique_ptr<Function> MakeRetractableListAgg(const FunctionSpec& spec) {
  if (spec.argument_types.size() > 2) return nullptr;
  for (const LogicalType& type : spec.argument_types) {
    if (!type.IsString()) return nullptr;
  }
  ListOptions options;
  options.schema = "LISTAGG retractable";
  options.value_type = spec.call.type;
  options.item_type = spec.argument_types[0];
  options.owes = true;
  options.delimited = spec.argument_types.size() == 2;
  if (options.delimited) return std::make_unique<ListFunction<Joined>>(options);
  return std::make_unique<ListFunction<CommaJoined>>(options);
}

std::unique_ptr<Function> MakeArrayAgg(const FunctionSpec& spec) {
  const bool is_array = spec.call.type.kind() == TypeKind::kArray;
  if (!is_array || spec.argument_types.size() != 1) return nullptr;
  const LogicalType& element = spec.call.type.children()[0];
  if (!element.SameLayout(spec.argument_types[0])) return nullptr;
  ListOptions options;
  options.schema = "ARRAY_AGG(" + element.WithNullable(true).ToString() + ")";
  options.value_type = spec.call.type;
  options.item_type = spec.argument_types[0];
  options.takes_nulls = !spec.call.ignore_nulls;
  options.owes = true;
  return std::make_unique<ListFunction<Items>>(options);
}

std::unique_ptr<Function> MakeJsonArrayAgg(const FunctionSpec& spec, bool skips_nulls) {
  if (spec.argument_types.size() != 1 || !spec.argument_types[0].IsString()) return nullptr;
  ListOptions options;
  options.schema = skips_nulls ? "JSON_ARRAYAGG absent on null" : "JSON_ARRAYAGG null on null";
  options.value_type = spec.call.type;
  options.item_type = spec.argument_types[0];
  options.takes_nulls = !skips_nulls;
  return std::make_unique<ListFunction<JsonArray>>(options);
}

}  // namespace castor::aggregate
