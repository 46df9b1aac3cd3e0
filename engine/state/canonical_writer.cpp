#include "state/canonical_writer.h"

#include <string>
#include <utility>

#include "gemini/run/entry.h"
#include "state/snapshot_format.h"
#include "state/state_schema.h"

namespace castor::state {
namespace {

constexpr size_t kBlockBytes = 64 * 1024;

// Entries of one state, cut into blocks of a key group each.
class Blocks {
 public:
  explicit Blocks(const ByteSink& sink) : sink_(sink) {}

  BlockWriter* For(gemini::Position position) {
    const auto group = static_cast<int32_t>(gemini::KeyGroupAt(position));
    if (group != group_ || block_.bytes().size() >= kBlockBytes) Flush();
    group_ = group;
    block_.CountEntry();
    return &block_;
  }
  void Flush() {
    if (block_.entries() > 0 && status_.ok()) status_ = WriteBlock(group_, block_, sink_);
    block_.Clear();
  }
  Status& status() { return status_; }

 private:
  const ByteSink& sink_;
  BlockWriter block_;
  int32_t group_ = -1;
  Status status_;
};

uint32_t HashAt(gemini::Position position) { return static_cast<uint32_t>(position); }

void PutValue(const gemini::DecodedValue& value, BlockWriter* out) {
  out->PutRaw(value.payload);
  for (const std::string_view blob : value.blobs) out->PutBytes(blob);
}

class TableWriter {
 public:
  TableWriter(const gemini::CheckpointTable& table, const gemini::RunSet& runs,
              const ByteSink& sink)
      : table_(table), runs_(runs), blocks_(sink) {}

  Status Write() {
    for (const int64_t partition : runs_.PartitionsOf(table_.table)) {
      const auto visit = [&](const gemini::Entry& entry) {
        if (blocks_.status().ok()) blocks_.status() = Put(partition, entry);
      };
      CASTOR_RETURN_NOT_OK(runs_.ForEach({table_.table, partition}, visit));
    }
    blocks_.Flush();
    return blocks_.status();
  }

 private:
  Status Put(int64_t partition, const gemini::Entry& entry) {
    switch (table_.kind) {
      case gemini::TableKind::kRecords:
        return PutRecord(entry);
      case gemini::TableKind::kMap:
        return PutEntry(entry, entry.user_key, entry.value);
      case gemini::TableKind::kList:
        return PutElement(entry);
      case gemini::TableKind::kWindows:
        return PutInWindow(partition, entry);
      case gemini::TableKind::kWindowLists:
        return PutRow(partition, entry);
      case gemini::TableKind::kTimers:
        return PutTimer(entry);
    }
    return Status::Internal("a kind of state that cannot be written in the canonical form");
  }
  Status PutRecord(const gemini::Entry& entry) {
    CASTOR_ASSIGN_OR_RETURN(const auto value, gemini::DecodeValue(table_.layout, entry.value));
    BlockWriter* out = blocks_.For(entry.position);
    out->PutU32(HashAt(entry.position));
    out->PutI64(entry.time);
    out->PutBytes(entry.key);
    PutValue(value, out);
    return Status::OK();
  }
  Status PutEntry(const gemini::Entry& entry, std::string_view bytes, std::string_view value) {
    CASTOR_ASSIGN_OR_RETURN(const auto decoded, gemini::DecodeValue(table_.layout, value));
    BlockWriter* out = blocks_.For(entry.position);
    out->PutU32(HashAt(entry.position));
    out->PutBytes(entry.key);
    out->PutI64(entry.time);
    out->PutBytes(bytes);
    PutValue(decoded, out);
    return Status::OK();
  }
  Status PutElement(const gemini::Entry& entry) {
    BlockReader in(entry.value);
    const std::string_view element = in.Bytes();
    if (in.failed()) return Status::Corruption("an entry of a list is cut short");
    return PutEntry(entry, element, entry.value.substr(sizeof(uint32_t) + element.size()));
  }
  Status PutInWindow(int64_t window, const gemini::Entry& entry) {
    CASTOR_ASSIGN_OR_RETURN(const auto value, gemini::DecodeValue(table_.layout, entry.value));
    BlockWriter* out = blocks_.For(entry.position);
    out->PutI64(window);
    out->PutU32(HashAt(entry.position));
    out->PutBytes(entry.key);
    PutValue(value, out);
    return Status::OK();
  }
  Status PutRow(int64_t window, const gemini::Entry& entry) {
    BlockWriter* out = blocks_.For(entry.position);
    out->PutI64(window);
    out->PutU32(HashAt(entry.position));
    out->PutBytes(entry.key);
    out->PutBytes(entry.value);
    return Status::OK();
  }
  Status PutTimer(const gemini::Entry& entry) {
    gemini::TimerView timer{0, 0, entry.key, {}};
    if (!gemini::TimerTable::ParseUserKey(entry.user_key, &timer)) {
      return Status::Corruption("a timer is cut short");
    }
    BlockWriter* out = blocks_.For(entry.position);
    out->PutI64(timer.time);
    out->PutU32(HashAt(entry.position));
    out->PutBytes(entry.key);
    out->PutBytes(timer.name_space);
    return Status::OK();
  }

  const gemini::CheckpointTable& table_;
  const gemini::RunSet& runs_;
  Blocks blocks_;
};

}  // namespace

Status WriteCanonical(const gemini::LiveCheckpoint& checkpoint, int32_t max_parallelism,
                      const ByteSink& sink) {
  CASTOR_RETURN_NOT_OK(WriteSnapshotHead(max_parallelism, sink));
  for (const gemini::CheckpointTable& table : checkpoint.description.tables) {
    const DescribedState state = DescribeTable(table);
    CASTOR_RETURN_NOT_OK(WriteState(state.kind, state.descriptor, sink));
    CASTOR_RETURN_NOT_OK(TableWriter(table, checkpoint.runs, sink).Write());
  }
  return WriteSnapshotEnd(sink);
}

}  // namespace castor::state
