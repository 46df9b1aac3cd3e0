#include "operator/over/frame_rows.h"

#include <algorithm>

namespace castor::over {
namespace {

using state::Readiness;

struct KeptRow {
  state::Blob row;
  TimestampMs time;
  int64_t unused;
};

}  // namespace

Status FrameRows::Open(state::KeyedStateStore& store, const std::string& row_schema) {
  state::StateDescriptor kept;
  kept.name = "inputState";
  kept.layout.fixed_size = sizeof(KeptRow);
  kept.layout.blob_offsets = {0};
  kept.schema = "number -> " + row_schema + ", time";
  CASTOR_ASSIGN_OR_RETURN(kept_, store.OpenMap(kept));
  return Status::OK();
}

Result<Readiness> FrameRows::Load(const state::KeyBatch& keys, const std::vector<FrameRow>& rows,
                                  std::span<std::byte* const> records) {
  rows_ = &rows;
  if (!loading_) {
    FindPartitions(records);
    PlanReads();
    loading_ = true;
  }
  while (!reads_.empty()) {
    Name(reads_, &key_rows_, &user_keys_);
    records_.resize(reads_.size());
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            kept_->Acquire(keys, key_rows_, user_keys_, state::AccessMode::kFind,
                                           records_.data(), nullptr));
    if (readiness == Readiness::kPending) return readiness;
    const bool found = std::ranges::find(records_, nullptr) == records_.end();
    if (found) KeepLoaded();
    kept_->Release();
    if (!found) return Status::Internal("a row of an OVER window is missing in its state");
    PlanReads();
  }
  loading_ = false;
  return Readiness::kReady;
}

void FrameRows::FindPartitions(std::span<std::byte* const> records) {
  const std::vector<FrameRow>& rows = *rows_;
  row_records_.clear();
  for (const FrameRow& row : rows) {
    row_records_.push_back(records[static_cast<size_t>(row.key_row)]);
  }
  distinct_.Find(row_records_);
  partitions_.clear();
  for (int32_t p = 0; p < distinct_.size(); ++p) {
    const auto entry = static_cast<size_t>(p);
    auto* frame = reinterpret_cast<Frame*>(distinct_.records()[entry]);
    const int32_t first = distinct_.first_rows()[entry];
    partitions_.push_back({frame, rows[static_cast<size_t>(first)].key_row, frame->first,
                           frame->end, kNone, kNone, first, distinct_.last_rows()[entry], 0, 0});
  }
  next_own_.assign(rows.size(), kNone);
  std::vector<int32_t> latest(partitions_.size(), kNone);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto entry = static_cast<size_t>(distinct_.entries()[i]);
    ++partitions_[entry].own_rows;
    if (latest[entry] != kNone) {
      next_own_[static_cast<size_t>(latest[entry])] = static_cast<int32_t>(i);
    }
    latest[entry] = static_cast<int32_t>(i);
  }
  for (Partition& partition : partitions_) partition.next_read = FirstRead(partition);
  loaded_.clear();
  loaded_bytes_.clear();
  gone_.clear();
}

// By time, as many rows fall out as come in, mostly; one more tells that it is the last. By count
// it is known.
uint64_t FrameRows::FirstRead(const Partition& partition) const {
  const auto own = static_cast<uint64_t>(partition.own_rows);
  if (by_time_) return own + 1;
  const uint64_t all = partition.stored_end - partition.frame->first + own;
  const auto room = static_cast<uint64_t>(preceding_) + 1;
  return all > room ? all - room : 0;
}

bool FrameRows::NeedsMore(const Partition& partition) const {
  if (partition.loaded_end == partition.stored_end) return false;
  if (!by_time_) return partition.loaded_end - partition.frame->first < FirstRead(partition);
  if (partition.last_loaded == kNone) return true;
  const TimestampMs last = (*rows_)[static_cast<size_t>(partition.last_own)].time;
  return last - loaded_[static_cast<size_t>(partition.last_loaded)].time > preceding_;
}

void FrameRows::PlanReads() {
  reads_.clear();
  for (size_t p = 0; p < partitions_.size(); ++p) {
    Partition& partition = partitions_[p];
    if (!NeedsMore(partition)) continue;
    const uint64_t end = std::min(partition.stored_end, partition.loaded_end + partition.next_read);
    for (; partition.loaded_end < end; ++partition.loaded_end) {
      reads_.push_back({partition.key_row, partition.loaded_end, static_cast<int32_t>(p)});
    }
    partition.next_read *= 2;
  }
}

void FrameRows::KeepLoaded() {
  for (size_t j = 0; j < reads_.size(); ++j) {
    const auto* kept = reinterpret_cast<const KeptRow*>(records_[j]);
    const std::string_view bytes = kept->row.view();
    Partition& partition = partitions_[static_cast<size_t>(reads_[j].partition)];
    const auto at = static_cast<int32_t>(loaded_.size());
    if (partition.last_loaded == kNone) {
      partition.first_loaded = at;
    } else {
      loaded_[static_cast<size_t>(partition.last_loaded)].next = at;
    }
    partition.last_loaded = at;
    loaded_.push_back({kept->time, loaded_bytes_.size(), bytes.size(), kNone});
    loaded_bytes_.append(bytes);
  }
}

bool FrameRows::FallsOut(const Partition& partition, const FrameRow& row) const {
  const uint64_t size = partition.frame->end - partition.frame->first;
  if (!by_time_) return size > static_cast<uint64_t>(preceding_);
  return size > 0 && row.time - FirstTime(partition) > preceding_;
}

TimestampMs FrameRows::FirstTime(const Partition& partition) const {
  return partition.first_loaded != kNone ? loaded_[static_cast<size_t>(partition.first_loaded)].time
                                         : (*rows_)[static_cast<size_t>(partition.first_own)].time;
}

std::string_view FrameRows::TakeFirst(Partition* partition) {
  const uint64_t number = partition->frame->first++;
  if (partition->first_loaded == kNone) {
    const auto row = static_cast<size_t>(partition->first_own);
    partition->first_own = next_own_[row];
    return (*rows_)[row].bytes;
  }
  const LoadedRow& loaded = loaded_[static_cast<size_t>(partition->first_loaded)];
  partition->first_loaded = loaded.next;
  gone_.push_back({partition->key_row, number, 0});
  return {loaded_bytes_.data() + loaded.offset, loaded.size};
}

void FrameRows::ListStaying() {
  staying_.clear();
  staying_rows_.clear();
  for (const Partition& partition : partitions_) {
    uint64_t number = std::max(partition.frame->first, partition.stored_end);
    for (int32_t row = partition.first_own; row != kNone;
         row = next_own_[static_cast<size_t>(row)]) {
      staying_.push_back({partition.key_row, number++, 0});
      staying_rows_.push_back(row);
    }
  }
}

Result<Readiness> FrameRows::Store(const state::KeyBatch& keys) {
  if (!storing_) ListStaying();
  storing_ = true;
  Name(staying_, &key_rows_, &user_keys_);
  records_.resize(staying_.size());
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          kept_->Acquire(keys, key_rows_, user_keys_, state::AccessMode::kOverwrite,
                                         records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  storing_ = false;
  Status stored;
  for (size_t j = 0; stored.ok() && j < staying_.size(); ++j) {
    const FrameRow& row = (*rows_)[static_cast<size_t>(staying_rows_[j])];
    auto* kept = reinterpret_cast<KeptRow*>(records_[j]);
    kept->time = row.time;
    stored = kept_->SetBlob(&kept->row, row.bytes);
  }
  kept_->Release();
  CASTOR_RETURN_NOT_OK(stored);
  Name(gone_, &key_rows_, &user_keys_);
  kept_->Erase(keys, key_rows_, user_keys_);
  return readiness;
}

void FrameRows::Name(const std::vector<Address>& addresses, std::vector<int32_t>* key_rows,
                     std::vector<std::string_view>* user_keys) {
  key_rows->clear();
  user_keys->clear();
  for (const Address& address : addresses) {
    key_rows->push_back(address.key_row);
    user_keys->emplace_back(reinterpret_cast<const char*>(&address.number), sizeof(address.number));
  }
}

}  // namespace castor::over
