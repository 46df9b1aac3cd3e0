#include "gemini/run/run_format.h"

#include "gemini/run/encoding.h"
#include "io/checksum.h"

namespace castor::gemini {
namespace {

constexpr std::string_view kMagic = "GEMINRUN";

void PutExtent(ByteWriter& out, const Extent& extent) {
  out.Put(extent.offset);
  out.Put(extent.bytes);
  out.Put(extent.checksum);
}

Extent GetExtent(ByteReader& in) {
  Extent extent;
  extent.offset = in.Get<uint64_t>();
  extent.bytes = in.Get<uint64_t>();
  extent.checksum = in.Get<uint64_t>();
  return extent;
}

std::vector<ValueShare> GetShares(ByteReader& in) {
  std::vector<ValueShare> shares;
  const auto count = in.Get<uint32_t>();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    const auto file = in.Get<uint32_t>();
    shares.push_back({file, in.Get<uint64_t>()});
  }
  return shares;
}

}  // namespace

std::string EncodeFooter(const RunFooter& footer) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.Put(footer.key_groups);
  out.Put(static_cast<uint32_t>(footer.sections.size()));
  for (const SectionInfo& section : footer.sections) {
    out.Put(section.id.table);
    out.Put(section.id.partition);
    out.Put(section.entries);
    out.Put(section.first);
    out.Put(section.last);
    out.Put(section.min_time);
    out.Put(section.max_time);
    out.Put<uint8_t>(section.has_clears ? 1 : 0);
    PutExtent(out, section.index);
    PutExtent(out, section.filter);
    out.Put(static_cast<uint32_t>(section.values.size()));
    for (const ValueShare& share : section.values) {
      out.Put(share.file);
      out.Put(share.bytes);
    }
  }
  out.Put(static_cast<uint32_t>(footer.values.size()));
  for (const ValueFileInfo& values : footer.values) {
    out.Put(values.bytes);
    out.Put(values.checksum);
  }
  return bytes;
}

Result<RunFooter> DecodeFooter(std::string_view bytes) {
  ByteReader in(bytes);
  RunFooter footer;
  footer.key_groups = in.Get<uint32_t>();
  const auto sections = in.Get<uint32_t>();
  for (uint32_t i = 0; i < sections && !in.failed(); ++i) {
    SectionInfo section;
    section.id.table = in.Get<uint32_t>();
    section.id.partition = in.Get<int64_t>();
    section.entries = in.Get<uint64_t>();
    section.first = in.Get<Position>();
    section.last = in.Get<Position>();
    section.min_time = in.Get<int64_t>();
    section.max_time = in.Get<int64_t>();
    section.has_clears = in.Get<uint8_t>() != 0;
    section.index = GetExtent(in);
    section.filter = GetExtent(in);
    section.values = GetShares(in);
    footer.sections.push_back(std::move(section));
  }
  const auto values = in.Get<uint32_t>();
  for (uint32_t i = 0; i < values && !in.failed(); ++i) {
    ValueFileInfo& info = footer.values.emplace_back();
    info.bytes = in.Get<uint64_t>();
    info.checksum = in.Get<uint64_t>();
  }
  if (in.failed() || !in.at_end()) return Status::Corruption("the footer of a run is damaged");
  return footer;
}

std::string EncodeTrailer(const Extent& footer) {
  std::string bytes;
  ByteWriter out(&bytes);
  PutExtent(out, footer);
  out.Put(kRunFormatVersion);
  out.Put(static_cast<uint32_t>(io::Checksum(bytes)));
  out.PutRaw(kMagic);
  return bytes;
}

Result<Extent> DecodeTrailer(std::string_view bytes) {
  if (bytes.size() != kTrailerBytes || !bytes.ends_with(kMagic)) {
    return Status::Corruption("not a run of Gemini, or cut short");
  }
  ByteReader in(bytes);
  const Extent footer = GetExtent(in);
  const auto version = in.Get<uint32_t>();
  const size_t covered = bytes.size() - kMagic.size() - sizeof(uint32_t);
  if (in.Get<uint32_t>() != static_cast<uint32_t>(io::Checksum(bytes.substr(0, covered)))) {
    return Status::Corruption("the trailer of a run is damaged");
  }
  if (version != kRunFormatVersion) {
    return Status::Incompatible("a run of format version " + std::to_string(version) +
                                "; this program reads version " +
                                std::to_string(kRunFormatVersion));
  }
  return footer;
}

}  // namespace castor::gemini
