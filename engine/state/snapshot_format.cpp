#include "state/snapshot_format.h"

#include "gemini/store/checkpoint.h"
#include "io/checksum.h"

namespace castor::state {
namespace {

constexpr std::string_view kMagic = "CASTORST";
constexpr uint32_t kVersion = 1;
constexpr uint32_t kState = 0x45544154;  // "TATE"
constexpr uint32_t kBlock = 0x4B434C42;  // "BLCK"
constexpr uint32_t kEnd = 0x20444E45;    // "END "

BlockWriter EncodeDescriptor(StateKind kind, const StateDescriptor& descriptor) {
  BlockWriter out;
  out.PutU32(static_cast<uint32_t>(kind));
  out.PutBytes(descriptor.name);
  out.PutBytes(descriptor.schema);
  out.PutU32(static_cast<uint32_t>(descriptor.version));
  out.PutI64(descriptor.ttl_ms);
  out.PutU32(static_cast<uint32_t>(descriptor.layout.fixed_size));
  out.PutU32(static_cast<uint32_t>(descriptor.layout.blob_offsets.size()));
  for (const int32_t offset : descriptor.layout.blob_offsets) {
    out.PutU32(static_cast<uint32_t>(offset));
  }
  return out;
}

bool CanBe(const RecordLayout& layout) {
  constexpr auto kMost = static_cast<int32_t>(gemini::kMostPayloadBytes);
  if (layout.fixed_size < 0 || layout.fixed_size > kMost || layout.fixed_size % 16 != 0) {
    return false;
  }
  int32_t end = 0;
  for (const int32_t offset : layout.blob_offsets) {
    constexpr auto kBlob = static_cast<int32_t>(sizeof(Blob));
    if (offset < end || offset % 8 != 0 || offset > layout.fixed_size - kBlob) return false;
    end = offset + kBlob;
  }
  return true;
}

StateDescriptor DecodeDescriptor(BlockReader* in, StateKind* kind) {
  StateDescriptor descriptor;
  const uint32_t number = in->U32();
  *kind = static_cast<StateKind>(number <= static_cast<uint32_t>(StateKind::kTimers) ? number : 0);
  descriptor.name = in->Bytes();
  descriptor.schema = in->Bytes();
  descriptor.version = static_cast<int32_t>(in->U32());
  descriptor.ttl_ms = in->I64();
  descriptor.layout.fixed_size = static_cast<int32_t>(in->U32());
  const uint32_t blobs = in->U32();
  for (uint32_t i = 0; i < blobs && !in->failed(); ++i) {
    descriptor.layout.blob_offsets.push_back(static_cast<int32_t>(in->U32()));
  }
  return descriptor;
}

// {tag, key group, entries, size, checksum of the four and the body, body}
Status PutPart(const ByteSink& sink, uint32_t tag, uint32_t group, uint32_t entries,
               std::string_view body) {
  BlockWriter head;
  head.PutU32(tag);
  head.PutU32(group);
  head.PutU32(entries);
  head.PutI64(static_cast<int64_t>(body.size()));
  head.PutI64(static_cast<int64_t>(io::Checksum(body, io::Checksum(head.bytes()))));
  CASTOR_RETURN_NOT_OK(sink(head.bytes()));
  return sink(body);
}

struct Part {
  uint32_t tag;
  uint32_t group;
  uint32_t entries;
  std::string_view body;
};

Result<Part> TakePart(std::string_view snapshot, size_t* offset) {
  constexpr size_t kHead = 20;
  const auto corrupt = [&](const char* what) {
    return Status::Corruption("state snapshot: " + std::string(what) + " at byte " +
                              std::to_string(*offset) +
                              "; restore from another checkpoint or savepoint");
  };
  if (snapshot.size() - *offset < kHead + 8) return corrupt("cut off");
  const std::string_view head = snapshot.substr(*offset, kHead);
  BlockReader reader(snapshot.substr(*offset, kHead + 8));
  Part part{reader.U32(), reader.U32(), reader.U32(), {}};
  const auto size = static_cast<uint64_t>(reader.I64());
  const auto checksum = static_cast<uint64_t>(reader.I64());
  if (size > snapshot.size() - *offset - kHead - 8) return corrupt("block longer than the file");
  part.body = snapshot.substr(*offset + kHead + 8, size);
  if (io::Checksum(part.body, io::Checksum(head)) != checksum) {
    return corrupt("checksum mismatch in the block");
  }
  *offset += kHead + 8 + size;
  return part;
}

}  // namespace

std::string_view BlockReader::Raw(size_t size) {
  if (size > bytes_.size()) {
    failed_ = true;
    bytes_ = {};
    return {};
  }
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

Status WriteSnapshotHead(int32_t max_parallelism, const ByteSink& sink) {
  BlockWriter head;
  head.PutRaw(kMagic);
  head.PutU32(kVersion);
  head.PutU32(static_cast<uint32_t>(max_parallelism));
  return sink(head.bytes());
}

Status WriteState(StateKind kind, const StateDescriptor& descriptor, const ByteSink& sink) {
  return PutPart(sink, kState, 0, 0, EncodeDescriptor(kind, descriptor).bytes());
}

Status WriteBlock(int32_t key_group, const BlockWriter& block, const ByteSink& sink) {
  return PutPart(sink, kBlock, static_cast<uint32_t>(key_group), block.entries(), block.bytes());
}

Status WriteSnapshotEnd(const ByteSink& sink) { return PutPart(sink, kEnd, 0, 0, {}); }

Status DecodeSnapshot(std::string_view snapshot, KeyGroupRange range, int32_t max_parallelism,
                      const SnapshotVisitor& visitor) {
  if (!snapshot.starts_with(kMagic)) {
    return Status::Corruption("not a Castor state file: it does not begin with " +
                              std::string(kMagic));
  }
  BlockReader head(snapshot.substr(kMagic.size()));
  const uint32_t version = head.U32();
  if (version != kVersion) {
    return Status::Incompatible("state file of format version " + std::to_string(version) +
                                "; this Castor reads version " + std::to_string(kVersion));
  }
  if (const auto written = static_cast<int32_t>(head.U32()); written != max_parallelism) {
    return Status::Incompatible(
        "state was written with max parallelism " + std::to_string(written) + ", the job has " +
        std::to_string(max_parallelism) + "; set 'pipeline.max-parallelism' to the former");
  }
  size_t offset = kMagic.size() + 8;
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const Part part, TakePart(snapshot, &offset));
    BlockReader body(part.body);
    if (part.tag == kEnd) return Status::OK();
    if (part.tag == kState) {
      StateKind kind{};
      const StateDescriptor descriptor = DecodeDescriptor(&body, &kind);
      if (body.failed() || kind < StateKind::kValue || !CanBe(descriptor.layout)) {
        return Status::Corruption("state snapshot: unreadable state descriptor");
      }
      CASTOR_RETURN_NOT_OK(visitor.on_state(kind, descriptor));
    } else if (part.tag == kBlock) {
      const auto group = static_cast<int32_t>(part.group);
      if (range.Contains(group)) {
        CASTOR_RETURN_NOT_OK(visitor.on_block(group, part.entries, body));
        if (body.failed()) return Status::Corruption("state snapshot: a block ends too early");
      }
    } else {
      return Status::Corruption("state snapshot: unknown block kind");
    }
  }
}

}  // namespace castor::state
