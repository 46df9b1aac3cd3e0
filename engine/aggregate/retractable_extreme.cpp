// MIN and MAX with retraction: Flink's MinWithRetractAggFunction and MaxWithRetractAggFunction. A
// map counts how often each value is there; when the extreme is taken back for the last time, the
// next one is found among the keys of the map (those with negative counts too, as in Flink).
#include <cstring>
#include <optional>

#include "aggregate/best_values.h"
#include "aggregate/map_function.h"
#include "aggregate/map_serializer.h"
#include "aggregate/op_function.h"
#include "aggregate/value_codec.h"

namespace castor::aggregate {
namespace {

using state::Readiness;

struct Entry {
  int64_t count;
  uint32_t generation;  // of the record: entries of older ones are void
  uint32_t unused;
};

bool Reaches(const CallRows& rows, int32_t row) {
  return rows.ops == nullptr || rows.ops[row] == RowOp::kAdd || rows.ops[row] == RowOp::kRetract;
}

template <typename T, bool kMaximum>
class RetractableExtreme final : public MapFunction {
 public:
  static constexpr bool kString = std::is_same_v<T, StringRef>;
  using Best = BestValues<T, kMaximum>;

  RetractableExtreme(const LogicalType& argument, LogicalType value_type)
      : argument_(argument.WithNullable(true)),
        value_type_(std::move(value_type)),
        codec_({argument_}) {}

  const LogicalType& value_type() const override { return value_type_; }
  std::vector<LogicalType> accumulator_types() const override {
    return {LogicalType(TypeKind::kVarBinary, false, INT32_MAX)};
  }
  std::string schema() const override {
    return (kMaximum ? "MAX(" : "MIN(") + argument_.ToString() + ") retractable";
  }

  void Declare(LayoutBuilder* layout) override {
    layout->Add(8, &size_);
    layout->Add(4, &generation_);
    if constexpr (kString) {
      layout->AddBlob(&extreme_);
    } else {
      layout->Add(sizeof(T), &extreme_);
      layout->AddStruct(sizeof(Best), alignof(Best), &best_);
    }
  }
  void BindBlobs(BlobWriter writer) override { writer_ = writer; }

  void KeepInMemory(LayoutBuilder* layout) override { map_.KeepInMemory(sizeof(Entry), layout); }
  Status OpenInState(state::KeyedStateStore& store, const std::string& name,
                     int64_t ttl_ms) override {
    // Entries expire on their own, which the values held in the record would not notice.
    holds_best_ = ttl_ms == 0;
    return map_.OpenInState(store, Describe(name, ttl_ms));
  }

  Result<Readiness> Acquire(std::span<const ColumnPtr> arguments, const CallRows& rows,
                            const RowUpdates& updates) override {
    active_.clear();
    for (int32_t i = 0; i < rows.count; ++i) {
      if (Reaches(rows, i)) active_.push_back(i);
    }
    codec_.Encode(arguments, active_, &values_);
    return map_.Acquire(updates, active_, values_, state::AccessMode::kFindOrCreate, &entries_,
                        &created_);
  }

  Result<Readiness> Apply(const CallRows& rows, const RowUpdates& updates,
                          ColumnPtr* values) override {
    if (values != nullptr && !out_.has_value()) out_.emplace(value_type_, 2 * rows.count);
    for (; next_row_ < rows.count; ++next_row_) {
      std::byte* record = rows.records[next_row_];
      // A row that is repeated after kPending has been applied, but for the search.
      if (!searching_) {
        if (values != nullptr) AppendValue(record);
        ApplyRow(rows, record);
      }
      if (searching_) {
        CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, FindNext(updates, next_row_));
        if (readiness == Readiness::kPending) return readiness;
      }
      if (values != nullptr) AppendValue(record);
    }
    if (values != nullptr) *values = out_->Finish();
    return Done();
  }

  void Accumulators(const std::byte* const* records, int32_t count,
                    std::vector<ColumnPtr>* columns) override;
  Result<Readiness> Serialize(const RowUpdates& updates, int32_t count, ColumnPtr* column) override;
  Result<Readiness> AcquireMerge(const Column& column, const CallRows& rows,
                                 const RowUpdates& updates) override;
  Result<Readiness> ApplyMerge(const RowUpdates& updates) override;

  void Finish(const RowUpdates& updates) override {
    size_t gone = 0;
    for (size_t k = 0; k < active_.size(); ++k) {
      if (reinterpret_cast<const Entry*>(entries_[k])->count != 0) continue;
      active_[gone] = active_[k];
      values_[gone++] = values_[k];
    }
    map_.Release();
    if (gone > 0) map_.Erase(updates, {active_.data(), gone}, {values_.data(), gone});
  }
  void Clear(const state::KeyBatch& keys, std::span<const int32_t> rows) override {
    map_.Clear(keys, rows);
  }
  void ClearMemory() override { map_.ClearMemory(); }

  ColumnPtr Values(const std::byte* const* records, int32_t count) const override {
    ResultColumn<T, true> out(value_type_, count);
    for (int32_t i = 0; i < count; ++i) {
      const bool valid = records[i] != nullptr && SizeOf(records[i]) > 0;
      out.Append(valid, valid ? ExtremeOf(records[i]) : T{});
    }
    return out.Finish();
  }

  Status Reset(std::byte* const* records, int32_t count) override {
    for (int32_t i = 0; i < count; ++i) ResetRecord(records[i]);
    return std::exchange(error_, Status::OK());
  }

 private:
  struct MergedRecord {
    int32_t row;
    size_t first_entry;
    size_t end_entry;
    int64_t size;              // values with a count above zero
    std::string_view extreme;  // meaningless when `size` is zero
  };

  state::StateDescriptor Describe(const std::string& name, int64_t ttl_ms) const {
    state::StateDescriptor descriptor;
    descriptor.name = name;
    descriptor.layout.fixed_size = sizeof(Entry);
    descriptor.version = AggregateSet::kVersion;
    descriptor.schema = schema() + ": counts";
    descriptor.ttl_ms = ttl_ms;
    return descriptor;
  }

  int64_t& SizeOf(std::byte* record) const { return FieldAt<int64_t>(record, size_); }
  int64_t SizeOf(const std::byte* record) const { return FieldAt<int64_t>(record, size_); }
  uint32_t& GenerationOf(std::byte* record) const { return FieldAt<uint32_t>(record, generation_); }
  Best& BestOf(std::byte* record) const { return FieldAt<Best>(record, best_); }

  T ExtremeOf(const std::byte* record) const {
    if constexpr (kString) {
      return StringRef(FieldAt<state::Blob>(record, extreme_).view());
    } else {
      return FieldAt<T>(record, extreme_);
    }
  }
  void SetExtreme(std::byte* record, const T& value) {
    if constexpr (kString) {
      state::Blob* blob = &FieldAt<state::Blob>(record, extreme_);
      if (Status set = writer_.set(writer_.owner, blob, value.view()); !set.ok()) {
        error_ = std::move(set);
      }
    } else {
      FieldAt<T>(record, extreme_) = value;
    }
  }

  static T ValueOf(std::string_view key) {
    if constexpr (kString) {
      return StringRef(key);
    } else {
      T value;
      std::memcpy(&value, key.data(), sizeof(T));
      return value;
    }
  }

  void AppendValue(const std::byte* record) {
    const bool valid = record != nullptr && SizeOf(record) > 0;
    out_->Append(valid, valid ? ExtremeOf(record) : T{});
  }

  int64_t& CountOf(std::byte* entry, std::byte* record) const {
    auto& counted = *reinterpret_cast<Entry*>(entry);
    if (counted.generation != GenerationOf(record)) {
      counted = {0, GenerationOf(record), 0};
    }
    return counted.count;
  }

  void ResetRecord(std::byte* record) {
    SizeOf(record) = 0;
    ++GenerationOf(record);
    if constexpr (kString) {
      SetExtreme(record, StringRef());
    } else {
      BestOf(record).Clear();
    }
  }

  void KeyAppeared(std::byte* record, const T& value) {
    if constexpr (!kString) BestOf(record).Insert(value);
  }
  void KeyVanished(std::byte* record, const T& value) {
    if constexpr (!kString) BestOf(record).Remove(value);
  }

  void ApplyRow(const CallRows& rows, std::byte* record) {
    if (rows.ops != nullptr && rows.ops[next_row_] == RowOp::kReset) {
      ResetRecord(record);
      return;
    }
    if (!Reaches(rows, next_row_)) return;
    const T value = ValueOf(values_[next_active_]);
    int64_t& count = CountOf(entries_[next_active_++], record);
    if (rows.ops == nullptr || rows.ops[next_row_] == RowOp::kAdd) {
      AddValue(record, value, &count);
    } else {
      RetractValue(record, value, &count);
    }
  }

  void AddValue(std::byte* record, const T& value, int64_t* count) {
    if (SizeOf(record) == 0 || Best::Better(value, ExtremeOf(record))) SetExtreme(record, value);
    ++*count;
    if (*count == 0) KeyVanished(record, value);
    if (*count != 1) return;
    ++SizeOf(record);
    KeyAppeared(record, value);
  }

  void RetractValue(std::byte* record, const T& value, int64_t* count) {
    --*count;
    if (*count == -1) KeyAppeared(record, value);
    if (*count != 0) return;
    KeyVanished(record, value);
    --SizeOf(record);
    if (SizeOf(record) == 0) return;
    searching_ = CompareValues(value, ExtremeOf(record)) == 0;
  }

  // Flink's updateMin: the best key of the map becomes the extreme.
  Result<Readiness> FindNext(const RowUpdates& updates, int32_t row) {
    std::byte* record = updates.records[row];
    if constexpr (!kString) {
      const Best& best = BestOf(record);
      if (holds_best_ && (best.size > 0 || best.incomplete == 0)) {
        TakeBest(record, best.size > 0, best.values[0]);
        return Readiness::kReady;
      }
    }
    return Walk(updates, row);
  }

  void TakeBest(std::byte* record, bool found, const T& value) {
    if (found) {
      SetExtreme(record, value);
    } else {
      SizeOf(record) = 0;
    }
    searching_ = false;
  }

  Result<Readiness> Walk(const RowUpdates& updates, int32_t row) {
    std::byte* record = updates.records[row];
    if (!walking_) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                              map_.Locate(updates, {&row, 1}, &handles_));
      if (readiness == Readiness::kPending) return readiness;
      walking_ = true;
      cursor_ = handles_[0] == 0 ? state::KeyEntries::kEndOfEntries : 0;
      best_found_ = Best{};
      found_.reset();
    }
    while (cursor_ != state::KeyEntries::kEndOfEntries) {
      page_.clear();
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                              map_.Entries(handles_[0], &cursor_, 1024, &page_));
      if (readiness == Readiness::kPending) return readiness;
      for (const state::Record& record_of_key : page_) Visit(record_of_key, record);
    }
    walking_ = false;
    if constexpr (!kString) BestOf(record) = best_found_;
    TakeBest(record, found_.has_value(), found_.value_or(T{}));
    return Readiness::kReady;
  }

  void Visit(const state::Record& key, std::byte* record) {
    const auto& entry = *reinterpret_cast<const Entry*>(key.data);
    if (entry.count == 0 || entry.generation != GenerationOf(record)) return;
    const T value = ValueOf(key.key);
    if (!found_.has_value() || Best::Better(value, *found_)) found_ = value;
    if constexpr (!kString) best_found_.Insert(value);
  }

  Result<Readiness> Done() {
    out_.reset();
    next_row_ = 0;
    next_active_ = 0;
    CASTOR_RETURN_NOT_OK(std::exchange(error_, Status::OK()));
    return Readiness::kReady;
  }

  void MergeRecord(const MergedRecord& merged, std::byte* record);
  // {handles_, records} as the accumulator column.
  Result<Readiness> SerializeLocated(const std::byte* const* records, ColumnPtr* column);

  const LogicalType argument_;
  const LogicalType value_type_;
  ValueCodec codec_;
  EntryMap map_;
  BlobWriter writer_;
  bool holds_best_ = true;
  int32_t size_ = 0;  // offsets in the record
  int32_t generation_ = 0;
  int32_t extreme_ = 0;
  int32_t best_ = 0;

  // Of the batch or merge at hand.
  std::vector<int32_t> active_;
  std::vector<std::string_view> values_;
  std::vector<std::byte*> entries_;
  std::vector<uint8_t> created_;
  std::vector<int64_t> merged_counts_;
  std::vector<MergedRecord> merged_;
  // How far it has come.
  std::optional<ResultColumn<T, true>> out_;
  int32_t next_row_ = 0;
  size_t next_active_ = 0;
  size_t next_merged_ = 0;
  bool searching_ = false;
  bool walking_ = false;
  uint64_t cursor_ = 0;
  std::vector<uint64_t> handles_;
  MapSerializer serializer_;
  std::vector<state::Record> page_;
  Best best_found_{};
  std::optional<T> found_;
  Status error_;
};

template <typename T, bool kMaximum>
void RetractableExtreme<T, kMaximum>::Accumulators(const std::byte* const* records, int32_t count,
                                                   std::vector<ColumnPtr>* columns) {
  // A map in memory is never pending and cannot fail.
  ColumnPtr column;
  map_.LocateInMemory(records, count, &handles_);
  if (!SerializeLocated(records, &column).ok()) return;
  columns->push_back(std::move(column));
}

template <typename T, bool kMaximum>
Result<Readiness> RetractableExtreme<T, kMaximum>::Serialize(const RowUpdates& updates,
                                                             int32_t count, ColumnPtr* column) {
  if (!serializer_.started()) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness located, map_.LocateAll(updates, count, &handles_));
    if (located == Readiness::kPending) return located;
  }
  return SerializeLocated(updates.records, column);
}

template <typename N>
void Put(const N& number, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&number), sizeof(number));
}
void PutSized(std::string_view value, std::string* bytes) {
  Put(static_cast<uint32_t>(value.size()), bytes);
  bytes->append(value);
}

// Serialised: {i64 size, u32 bytes of the extreme, extreme} and per entry {u32 bytes, value, i64
// count}.
template <typename T, bool kMaximum>
Result<Readiness> RetractableExtreme<T, kMaximum>::SerializeLocated(const std::byte* const* records,
                                                                    ColumnPtr* column) {
  const auto begin = [&](size_t i, std::string* bytes) {
    Put(SizeOf(records[i]), bytes);
    const T extreme = ExtremeOf(records[i]);
    if constexpr (kString) {
      PutSized(extreme.view(), bytes);
    } else {
      PutSized({reinterpret_cast<const char*>(&extreme), sizeof(T)}, bytes);
    }
  };
  const auto add = [&](size_t i, const state::Record& key, std::string* bytes) {
    const auto& entry = *reinterpret_cast<const Entry*>(key.data);
    if (entry.generation != FieldAt<uint32_t>(records[i], generation_)) return;
    PutSized(key.key, bytes);
    Put(entry.count, bytes);
  };
  return serializer_.Serialize(&map_, handles_, accumulator_types()[0], begin, add, column);
}

template <typename T, bool kMaximum>
Result<Readiness> RetractableExtreme<T, kMaximum>::AcquireMerge(const Column& column,
                                                                const CallRows& rows,
                                                                const RowUpdates& updates) {
  active_.clear();
  values_.clear();
  merged_counts_.clear();
  merged_.clear();
  const auto* blobs = column.values<StringRef>();
  for (int32_t i = 0; i < rows.count; ++i) {
    if (rows.ops != nullptr && rows.ops[i] == RowOp::kNone) continue;
    std::string_view left(blobs[i].data(), blobs[i].size());
    const auto take = [&left](size_t size) {
      const std::string_view taken = left.substr(0, size);
      left.remove_prefix(size);
      return taken;
    };
    const auto take_number = [&take]<typename N>(N) {
      N number;
      std::memcpy(&number, take(sizeof(N)).data(), sizeof(N));
      return number;
    };
    MergedRecord merged{i, active_.size(), 0, take_number(int64_t{}), {}};
    merged.extreme = take(take_number(uint32_t{}));
    while (!left.empty()) {
      active_.push_back(i);
      values_.push_back(take(take_number(uint32_t{})));
      merged_counts_.push_back(take_number(int64_t{}));
    }
    merged.end_entry = active_.size();
    merged_.push_back(merged);
  }
  return map_.Acquire(updates, active_, values_, state::AccessMode::kFindOrCreate, &entries_,
                      &created_);
}

template <typename T, bool kMaximum>
Result<Readiness> RetractableExtreme<T, kMaximum>::ApplyMerge(const RowUpdates& updates) {
  for (; next_merged_ < merged_.size(); ++next_merged_) {
    const MergedRecord& merged = merged_[next_merged_];
    std::byte* record = updates.records[merged.row];
    if (!searching_) MergeRecord(merged, record);
    if (!searching_) continue;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, FindNext(updates, merged.row));
    if (readiness == Readiness::kPending) return readiness;
  }
  next_merged_ = 0;
  return Done();
}

template <typename T, bool kMaximum>
void RetractableExtreme<T, kMaximum>::MergeRecord(const MergedRecord& merged, std::byte* record) {
  if (merged.size > 0) {
    const T other = ValueOf(merged.extreme);
    if (SizeOf(record) == 0 || Best::Better(other, ExtremeOf(record))) SetExtreme(record, other);
  }
  for (size_t k = merged.first_entry; k < merged.end_entry; ++k) {
    const T value = ValueOf(values_[k]);
    int64_t& count = CountOf(entries_[k], record);
    const int64_t before = count;
    count += merged_counts_[k];
    if (before == 0 && count != 0) KeyAppeared(record, value);
    if (before != 0 && count == 0) KeyVanished(record, value);
    if (before <= 0 && count > 0) ++SizeOf(record);
    if (before > 0 && count <= 0) {
      --SizeOf(record);
      searching_ |= CompareValues(value, ExtremeOf(record)) == 0;
    }
  }
}

template <bool kMaximum>
std::unique_ptr<Function> Make(const FunctionSpec& spec) {
  const LogicalType& argument = spec.argument_types[0];
  return DispatchPhysical(argument.physical(), [&]<typename T>() -> std::unique_ptr<Function> {
    return std::make_unique<RetractableExtreme<T, kMaximum>>(argument, spec.call.type);
  });
}

}  // namespace

std::unique_ptr<Function> MakeRetractableExtreme(const FunctionSpec& spec, bool maximum) {
  if (!HasOrder(spec.argument_types[0])) return nullptr;
  return maximum ? Make<true>(spec) : Make<false>(spec);
}

}  // namespace castor::aggregate
