#include "operator/rank/retract_top_n.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "operator/rank/rank_end.h"

namespace castor {

struct RetractTopN::Group {
  state::Blob rows;  // a RowList
  int64_t count;     // of rows, as Flink's sorted map has it
  int64_t held;      // in `rows`
  TimestampMs written;
  int64_t padding;
};

namespace {

constexpr int64_t kDefaultCacheSize = 10000;

struct End {
  int64_t known;
  int64_t end;
};

// Of a sort key with its count in the cache.
int64_t EntryBytes(std::string_view sort_key) {
  return MapEntryBytes(sort_key.size(), sizeof(int64_t));
}

size_t CacheSizeOf(const plan::Rank& node) {
  int64_t size = kDefaultCacheSize;
  const auto option = node.configuration.find("table.exec.rank.topn-cache-size");
  if (option != node.configuration.end()) {
    const std::string& text = option->second;
    std::from_chars(text.data(), text.data() + text.size(), size);
  }
  return static_cast<size_t>(std::max<int64_t>(size, 1));
}

}  // namespace

RetractTopN::RetractTopN(const plan::Rank& node, const LogicalType& input, SortKeyEncoder sort_keys)
    : node_(node),
      numbered_(node.output_row_number || (!node.variable_range && node.start > 1)),
      marks_rows_(numbered_ && !node.output_row_number),
      ttl_ms_(node.StateTtlMs(0)),
      cached_sort_keys_(CacheSizeOf(node)),
      key_encoder_(input, node.partition),
      sort_key_encoder_(std::move(sort_keys)),
      row_encoder_(input, {}),
      output_(node) {}

Status RetractTopN::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = "data-state";
  descriptor.layout.fixed_size = sizeof(Group);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = "sort key -> " + row_encoder_.schema() + ", count, written";
  descriptor.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(groups_, context.state().OpenMap(descriptor));
  if (!node_.variable_range) return Status::OK();
  state::StateDescriptor end;
  end.name = "rankEnd";
  end.layout.fixed_size = sizeof(End);
  end.schema = "known BIGINT, end BIGINT";
  end.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(ends_, context.state().OpenValue(end));
  return Status::OK();
}

Result<Progress> RetractTopN::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  sort_key_encoder_.Encode(batch_, &sort_keys_);
  row_encoder_.Encode(batch_);
  row_ = 0;
  now_ = context_->clock().NowMs();
  return Continue(out);
}

Result<Progress> RetractTopN::Continue(Output& out) {
  for (; row_ < batch_.num_rows; ++row_) {
    if (output_.size() >= static_cast<size_t>(context_->batch_rows())) {
      out.Emit(output_.Take(row_encoder_));
    }
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(const bool done, ProcessRow(row_));
    if (!done) return Progress::kPending;
  }
  if (!output_.empty()) out.Emit(output_.Take(row_encoder_));
  cache_charge_.Set(bytes_held_);
  batch_ = Batch();
  return Progress::kDone;
}

Result<bool> RetractTopN::ProcessRow(int32_t row) {
  CASTOR_ASSIGN_OR_RETURN(const bool found, FindPartition(row));
  if (!found) return false;
  own_key_ = sort_keys_.row(row);
  own_kind_ = RowKind::kInsert;
  const bool accumulate = IsAccumulate(batch_.kind(row));
  CASTOR_ASSIGN_OR_RETURN(const bool held, HoldGroups(row, accumulate));
  if (!held) return false;
  const Status status = accumulate ? Add(row) : Retract(row);
  Group* own = held_[0];
  own->written = now_;
  const bool gone = own->count == 0 && own->held == 0;
  groups_->Release();
  CASTOR_RETURN_NOT_OK(status);
  if (gone) groups_->Erase(keys_, {&row, 1}, {&own_key_, 1});
  partition_->written = now_;
  return true;
}

Result<bool> RetractTopN::FindPartition(int32_t row) {
  std::string key(keys_.key(row));
  auto found = partitions_.find(key);
  if (found == partitions_.end()) {
    if (!counted_) {
      CASTOR_ASSIGN_OR_RETURN(counted_, LoadCounts(row));
      if (!counted_) return false;
    }
    CASTOR_ASSIGN_OR_RETURN(const bool ended, LoadEnd(row, &loading_));
    if (!ended) return false;
    counted_ = false;
    loading_.written = now_;
    recent_.push_front(key);
    loading_.recent = recent_.begin();
    sort_keys_held_ += loading_.counts.size();
    found = partitions_.emplace(std::move(key), std::exchange(loading_, {})).first;
    bytes_held_ += found->second.bytes;
    DropOldPartitions();
  } else {
    recent_.splice(recent_.begin(), recent_, found->second.recent);
  }
  partition_ = &found->second;
  if (ttl_ms_ > 0 && partition_->written + ttl_ms_ <= now_) {
    ForgetCounts(partition_);
    CASTOR_ASSIGN_OR_RETURN(const bool ended, LoadEnd(row, partition_));
    if (!ended) return false;
  }
  output_.set_end(partition_->end);
  return true;
}

Result<bool> RetractTopN::LoadCounts(int32_t row) {
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness walked,
                          walk_.Run(groups_, keys_, row, [this](const state::Record& entry) {
                            const auto& group = *reinterpret_cast<const Group*>(entry.data);
                            if (group.count <= 0) return;
                            loading_.counts.emplace(entry.key, group.count);
                            loading_.bytes += EntryBytes(entry.key);
                          }));
  return walked == state::Readiness::kReady;
}

// AbstractTopNFunction.initRankEnd: the first row of a partition decides.
Result<bool> RetractTopN::LoadEnd(int32_t row, Partition* partition) {
  partition->end = node_.end;
  if (ends_ == nullptr) return true;
  state::KeyBatch key;
  const Batch one = batch_.Slice(row, 1);
  key_encoder_.Encode(one, &key);
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          ends_->Acquire(key, state::AccessMode::kFindOrCreate, &record, nullptr));
  if (readiness == state::Readiness::kPending) return false;
  auto* end = reinterpret_cast<End*>(record);
  if (end->known == 0) *end = {1, ReadRankEnd(batch_, node_.end_field, row)};
  partition->end = end->end;
  ends_->Release();
  return true;
}

void RetractTopN::DropOldPartitions() {
  while (sort_keys_held_ > cached_sort_keys_ && recent_.size() > 1) {
    const auto oldest = partitions_.find(recent_.back());
    ForgetCounts(&oldest->second);
    partitions_.erase(oldest);
    recent_.pop_back();
  }
}

void RetractTopN::ForgetCounts(Partition* partition) {
  sort_keys_held_ -= partition->counts.size();
  bytes_held_ -= partition->bytes;
  partition->counts.clear();
  partition->bytes = 0;
}

bool RetractTopN::IsStale(const Group& group) const {
  return group.held == 0 || (ttl_ms_ > 0 && group.written + ttl_ms_ <= now_);
}

Result<bool> RetractTopN::HoldGroups(int32_t row, bool accumulate) {
  while (true) {
    held_keys_.assign(1, own_key_);
    CASTOR_ASSIGN_OR_RETURN(const bool own, AcquireHeld(row));
    if (!own) return false;
    if (IsStale(*held_[0])) CASTOR_RETURN_NOT_OK(ClearGroup(held_[0]));
    ListFollowing(accumulate, held_[0]->held);
    if (held_keys_.size() == 1) return true;
    groups_->Release();
    CASTOR_ASSIGN_OR_RETURN(const bool all, AcquireHeld(row));
    if (!all) return false;
    CASTOR_ASSIGN_OR_RETURN(const bool stale, DropStaleGroups());
    if (!stale) return true;
    groups_->Release();
  }
}

Result<bool> RetractTopN::AcquireHeld(int32_t row) {
  const std::vector<int32_t> rows(held_keys_.size(), row);
  std::vector<std::byte*> records(held_keys_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      groups_->Acquire(keys_, rows, held_keys_, state::AccessMode::kFindOrCreate, records.data(),
                       nullptr));
  held_.clear();
  for (std::byte* record : records) held_.push_back(reinterpret_cast<Group*>(record));
  return readiness == state::Readiness::kReady;
}

// Which groups a change may read besides its own: those behind it that reach into the range; with
// numbers all of them, without only the one at its end.
void RetractTopN::ListFollowing(bool accumulate, int64_t own_held) {
  const Counts& counts = partition_->counts;
  const auto own = counts.find(own_key_);
  int64_t rows = RowsBeforeOwn();
  if (accumulate) {
    rows += (own == counts.end() ? 0 : own->second) + 1;
  } else {
    rows += numbered_ ? (own == counts.end() ? 0 : own->second) : own_held - 1;
  }
  const int64_t behind_end = partition_->end + (accumulate ? 1 : 0);
  for (auto next = counts.upper_bound(own_key_); next != counts.end(); ++next) {
    if (numbered_ || accumulate ? !output_.WithinEnd(rows) : !output_.WithinEnd(rows + 1)) return;
    rows += next->second;
    if (numbered_ || rows >= behind_end) held_keys_.push_back(next->first);
    if (!numbered_ && rows >= behind_end) return;
  }
}

// Groups that have expired leave the order (processStateStaled). Answers whether there were any.
Result<bool> RetractTopN::DropStaleGroups() {
  bool stale = false;
  for (size_t i = 1; i < held_.size(); ++i) {
    if (!IsStale(*held_[i])) continue;
    CASTOR_RETURN_NOT_OK(ClearGroup(held_[i]));
    held_[i]->count = 0;
    SetCount(held_keys_[i], 0);
    stale = true;
  }
  return stale;
}

Status RetractTopN::ClearGroup(Group* group) {
  group->held = 0;
  return groups_->SetBlob(&group->rows, {});
}

void RetractTopN::SetCount(std::string_view sort_key, int64_t count) {
  Counts& counts = partition_->counts;
  const auto found = counts.find(sort_key);
  if (count > 0 && found != counts.end()) {
    found->second = count;
  } else if (count > 0) {
    counts.emplace(sort_key, count);
    ++sort_keys_held_;
    bytes_held_ += EntryBytes(sort_key);
    partition_->bytes += EntryBytes(sort_key);
  } else if (found != counts.end()) {
    counts.erase(found);
    --sort_keys_held_;
    bytes_held_ -= EntryBytes(sort_key);
    partition_->bytes -= EntryBytes(sort_key);
  }
}

// No more than what shows that they reach beyond the range.
int64_t RetractTopN::RowsBeforeOwn() const {
  int64_t rows = 0;
  for (const auto& [sort_key, count] : partition_->counts) {
    if (sort_key >= own_key_ || !output_.WithinEnd(rows)) break;
    rows += count;
  }
  return rows;
}

Status RetractTopN::Add(int32_t row) {
  Group* own = held_[0];
  const std::string_view added = row_encoder_.row(row);
  const int64_t number = RowsBeforeOwn() + own->count + 1;
  if (output_.WithinEnd(number)) {
    if (numbered_) {
      EmitMovedDown(added, number);
    } else {
      EmitPushedOut(number);
      output_.Emit(RowKind::kInsert, added);
    }
  }
  SetCount(own_key_, ++own->count);
  bytes_.assign(own->rows.view());
  RowList::Append(own_kind_, added, {}, &bytes_);
  ++own->held;
  return groups_->SetBlob(&own->rows, bytes_);
}

// emitRecordsWithRowNumber: each row behind the added one takes the next number.
void RetractTopN::EmitMovedDown(std::string_view added, int64_t number) {
  Row current{added};
  for (size_t i = 1; i < held_.size(); ++i) {
    state::Blob& rows = held_[i]->rows;
    for (size_t offset = 0; offset < rows.size && output_.WithinEnd(number); ++number) {
      const RowList::Entry entry = RowList(rows.view()).At(offset);
      Row previous{entry.row, rows.data(), offset};
      EmitRow(RowKind::kUpdateBefore, previous, number);
      EmitRow(RowKind::kUpdateAfter, current, number);
      current = previous;
      offset = entry.end();
    }
  }
  EmitRow(RowKind::kInsert, current, number);
}

// emitRecordsWithoutRowNumber: the row behind the end, if there is one. `number` is that of the
// added row.
void RetractTopN::EmitPushedOut(int64_t number) {
  if (held_.size() == 1) return;
  output_.Emit(RowKind::kDelete, RowOfNextGroup(partition_->end - number));
}

// The row of the second held group with `skipped` rows between it and the own group.
std::string_view RetractTopN::RowOfNextGroup(int64_t skipped) const {
  const Counts& counts = partition_->counts;
  for (auto next = counts.upper_bound(own_key_); next->first != held_keys_[1]; ++next) {
    skipped -= next->second;
  }
  const RowList list(held_[1]->rows.view());
  size_t offset = 0;
  for (; skipped > 0; --skipped) offset = list.At(offset).end();
  return list.At(offset).row;
}

Status RetractTopN::Retract(int32_t row) {
  Group* own = held_[0];
  const std::string_view removed = row_encoder_.row(row);
  RowList::Entry found, before;
  const bool is_held = FindOwn(removed, &found);
  const int64_t first = RowsBeforeOwn();
  if (own->held == 0) {
    own->count = 0;  // stale
  } else if (is_held && own->count > 0 && output_.WithinEnd(numbered_ ? first : first + 1)) {
    if (numbered_) {
      EmitMovedUpNumbered(found, first);
    } else {
      EmitMovedUp(found, first + 1);
    }
  }
  if (own->count > 0) --own->count;
  SetCount(own_key_, own->count);
  if (!is_held) return Status::OK();
  RowList(own->rows.view()).Without(found, &bytes_);
  --own->held;
  return groups_->SetBlob(&own->rows, bytes_);
}

// The equaliser compares kinds too, and the input's has been erased.
bool RetractTopN::FindOwn(std::string_view removed, RowList::Entry* found) const {
  const RowList list(held_[0]->rows.view());
  for (size_t offset = 0; offset < list.size();) {
    *found = list.At(offset);
    if (found->kind == RowKind::kInsert && found->row == removed) return true;
    offset = found->end();
  }
  return false;
}

// retractRecordWithRowNumber: each row behind the removed one takes the number before its own.
// `number` is that of the last row before the own group.
void RetractTopN::EmitMovedUpNumbered(const RowList::Entry& removed, int64_t number) {
  Row previous{};
  for (size_t i = 0; i < held_.size(); ++i) {
    state::Blob& rows = held_[i]->rows;
    for (size_t offset = 0; offset < rows.size && output_.WithinEnd(number); ++number) {
      const RowList::Entry entry = RowList(rows.view()).At(offset);
      const Row current{entry.row, rows.data(), offset};
      const bool is_removed = i == 0 && offset == removed.offset;
      if (!is_removed && previous.list != nullptr) {
        EmitRow(RowKind::kUpdateBefore, previous, number);
        EmitRow(RowKind::kUpdateAfter, current, number);
      }
      if (is_removed || previous.list != nullptr) previous = current;
      offset = entry.end();
    }
  }
  if (previous.list != nullptr) EmitRow(RowKind::kDelete, previous, number);
}

// retractRecordWithoutRowNumber: the removed row goes, and the first one behind the end comes.
// `number` is that of the first row of the own group.
void RetractTopN::EmitMovedUp(const RowList::Entry& removed, int64_t number) {
  const RowList own(held_[0]->rows.view());
  bool found = false;
  for (size_t offset = 0; offset < own.size() && output_.WithinEnd(number);) {
    const RowList::Entry entry = own.At(offset);
    offset = entry.end();
    if (entry.offset == removed.offset) {
      output_.Emit(RowKind::kDelete, entry.row);
      found = true;
      continue;
    }
    if (found && number == partition_->end) output_.Emit(RowKind::kInsert, entry.row);
    ++number;
  }
  if (!found || held_.size() == 1 || !output_.WithinEnd(number)) return;
  output_.Emit(RowKind::kInsert, RowOfNextGroup(partition_->end - number));
}

void RetractTopN::EmitRow(RowKind kind, const Row& row, int64_t number) {
  if (!output_.Emit(kind, row.bytes, number) || !marks_rows_) return;
  if (row.list == nullptr) {
    own_kind_ = kind;
  } else {
    RowList::SetKind(row.list, row.offset, kind);
  }
}

}  // namespace castor
