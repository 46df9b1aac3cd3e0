#include "gemini/store/checkpoint.h"

#include "gemini/run/encoding.h"
#include "gemini/run/run_format.h"
#include "io/checksum.h"

namespace castor::gemini {
namespace {

constexpr uint32_t kVersion = 3;

void PutString(std::string_view bytes, ByteWriter* out) {
  out->PutVarint(bytes.size());
  out->PutRaw(bytes);
}

CheckpointTable ReadTable(ByteReader* in) {
  CheckpointTable table;
  table.table = in->Get<uint32_t>();
  table.kind = static_cast<TableKind>(in->Get<uint8_t>());
  table.name = in->Raw(in->Varint());
  table.schema = in->Raw(in->Varint());
  table.layout.payload_bytes = in->Get<uint32_t>();
  for (uint64_t left = in->Varint(); left > 0 && !in->failed(); --left) {
    table.layout.blob_offsets.push_back(in->Get<uint32_t>());
  }
  table.bucket_ms = in->Get<int64_t>();
  table.next_number = in->Get<uint64_t>();
  return table;
}

CheckpointRun ReadRun(ByteReader* in) {
  CheckpointRun run;
  run.path = in->Raw(in->Varint());
  run.bytes = in->Get<uint64_t>();
  run.first_group = in->Get<uint32_t>();
  run.last_group = in->Get<uint32_t>();
  for (uint64_t left = in->Varint(); left > 0 && !in->failed(); --left) {
    const auto number = in->Get<uint32_t>();
    run.dropped.push_back({number, in->Get<int64_t>()});
  }
  for (uint64_t left = in->Varint(); left > 0 && !in->failed(); --left) {
    run.values.emplace_back(in->Raw(in->Varint()));
  }
  return run;
}

Status Check(const Checkpoint& checkpoint) {
  for (const CheckpointTable& table : checkpoint.tables) {
    if (table.kind > TableKind::kWindowLists) {
      return Status::Incompatible("state " + table.name + " is of a kind that this program does " +
                                  "not know");
    }
    uint64_t end = 0;
    for (const uint32_t offset : table.layout.blob_offsets) {
      if (offset < end || offset % 8 != 0) return Status::Corruption("blobs of a table overlap");
      end = uint64_t{offset} + sizeof(Blob);
    }
    if (end > table.layout.payload_bytes || table.layout.payload_bytes > kMostPayloadBytes ||
        table.layout.payload_bytes % 16 != 0) {
      return Status::Corruption("the records of a table have no such size");
    }
  }
  for (const CheckpointRun& run : checkpoint.runs) {
    if (run.first_group > run.last_group || run.last_group >= checkpoint.key_groups) {
      return Status::Corruption(run.path + " has key groups that there are not");
    }
  }
  return Status::OK();
}

}  // namespace

std::string EncodeCheckpoint(const Checkpoint& checkpoint) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.PutRaw(kCheckpointMagic);
  out.Put<uint32_t>(kVersion);
  out.Put<uint32_t>(checkpoint.key_groups);
  out.PutVarint(checkpoint.tables.size());
  for (const CheckpointTable& table : checkpoint.tables) {
    out.Put<uint32_t>(table.table);
    out.Put<uint8_t>(static_cast<uint8_t>(table.kind));
    PutString(table.name, &out);
    PutString(table.schema, &out);
    out.Put<uint32_t>(table.layout.payload_bytes);
    out.PutVarint(table.layout.blob_offsets.size());
    for (const uint32_t offset : table.layout.blob_offsets) out.Put<uint32_t>(offset);
    out.Put<int64_t>(table.bucket_ms);
    out.Put<uint64_t>(table.next_number);
  }
  out.PutVarint(checkpoint.runs.size());
  for (const CheckpointRun& run : checkpoint.runs) {
    PutString(run.path, &out);
    out.Put<uint64_t>(run.bytes);
    out.Put<uint32_t>(run.first_group);
    out.Put<uint32_t>(run.last_group);
    out.PutVarint(run.dropped.size());
    for (const SectionId& section : run.dropped) {
      out.Put<uint32_t>(section.table);
      out.Put<int64_t>(section.partition);
    }
    out.PutVarint(run.values.size());
    for (const std::string& path : run.values) PutString(path, &out);
  }
  out.Put<uint64_t>(io::Checksum(bytes));
  return bytes;
}

Result<Checkpoint> DecodeCheckpoint(std::string_view bytes) {
  constexpr size_t kSum = sizeof(uint64_t);
  if (bytes.size() < kCheckpointMagic.size() + sizeof(uint32_t) + kSum ||
      !bytes.starts_with(kCheckpointMagic)) {
    return Status::Corruption("this is no checkpoint of a state store");
  }
  const std::string_view content = bytes.substr(0, bytes.size() - kSum);
  if (ByteReader(bytes.substr(content.size())).Get<uint64_t>() != io::Checksum(content)) {
    return Status::Corruption("a checkpoint of a state store has a wrong checksum");
  }
  ByteReader in(content.substr(kCheckpointMagic.size()));
  if (const auto version = in.Get<uint32_t>(); version != kVersion) {
    return Status::Incompatible("a checkpoint of a state store has version " +
                                std::to_string(version) + "; this program knows " +
                                std::to_string(kVersion));
  }
  Checkpoint checkpoint;
  checkpoint.key_groups = in.Get<uint32_t>();
  for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) {
    checkpoint.tables.push_back(ReadTable(&in));
  }
  for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) {
    checkpoint.runs.push_back(ReadRun(&in));
  }
  if (in.failed() || !in.at_end()) {
    return Status::Corruption("a checkpoint of a state store is damaged");
  }
  CASTOR_RETURN_NOT_OK(Check(checkpoint));
  return checkpoint;
}

}  // namespace castor::gemini
