// A run with its files of values: footer, indexes, filters, blocks and values, walked and looked up
// in.
#include "gemini/run/test_run.h"
#include "gemini/tier/section_filters.h"
#include "test/fuzz/bytes/parts.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

using namespace gemini;

constexpr uint32_t kKeys = 10;

std::string KeyOf(uint32_t i) { return "key" + std::to_string(i + 10); }
Position PositionOfKey(uint32_t i) { return PositionOf(i / 3, i); }

OwnedEntry EntryOf(uint32_t i) {
  OwnedEntry entry;
  entry.position = PositionOfKey(i / 3);
  entry.key = KeyOf(i / 3);
  if (i % 3 != 0) entry.user_key = "u" + std::to_string(i % 3);
  if (i % 5 == 1) entry.kind = EntryKind::kDelete;
  if (i == 12) entry.kind = EntryKind::kClear;
  entry.time = i % 2 * 1000;
  if (entry.kind == EntryKind::kPut) entry.value.assign(40, 'v');
  return entry;
}

std::string Run(const RunWriterOptions& options) {
  std::string bytes, values;
  RunWriter writer(std::make_unique<StringSink>(&bytes), options, [&] {
    return Result<std::unique_ptr<io::WritableFile>>(std::make_unique<StringSink>(&values));
  });
  for (uint32_t table = 1; table < 3; ++table) {
    Require(writer.BeginSection({table, table}).ok());
    for (uint32_t i = 0; i < 3 * kKeys; ++i) Require(writer.Add(EntryOf(i).view()).ok());
  }
  Require(writer.Finish().ok());
  return Pack(values.empty() ? std::vector{bytes} : std::vector{bytes, values});
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const Codec codec :
       {Codec::kNone, Codec::kLz4, Codec::kZstd, Codec::kLz4Deltas, Codec::kZstdDeltas}) {
    seeds.push_back(Run({.block_bytes = 200, .codec = codec}));
  }
  seeds.push_back(Run({.block_bytes = 200, .separate_from = 20}));
  return seeds;
}

bool LookUp(const RunSet& set, SectionId id) {
  bool ok = true;
  for (uint32_t i = 0; i < kKeys; ++i) {
    for (const std::string_view user_key : {"", "u1"}) {
      SectionFilters(set, id).MayContain(PositionOfKey(i), user_key);
      const auto found = set.Get(id, PositionOfKey(i), KeyOf(i), user_key);
      ok &= found.ok();
      if (found.ok() && *found) Touch((*found)->value);
    }
    ok &= set.GetAll(id, PositionOfKey(i), KeyOf(i)).ok();
  }
  return ok;
}

// nullptr, as where nothing counts: the run does not say what the file is.
std::shared_ptr<ValueFile> OpenValues(std::string bytes, const ValueFileInfo& info) {
  auto values = ValueFile::Open(std::make_unique<StringSource>(std::move(bytes)), info);
  return values.ok() ? *values : nullptr;
}

bool Read(std::string_view bytes) {
  const std::vector<std::string> files = Unpack(bytes);
  if (files.empty()) return false;
  const auto file = OpenRun(files[0]);
  if (!file.ok()) return false;
  const auto filters = (*file)->ReadFilters();
  if (!filters.ok()) return false;
  RunSet set;
  RunSet::Run run{.file = *file, .bytes = files[0].size(), .filters = *filters};
  for (const ValueFileInfo& info : (*file)->value_files()) {
    const size_t number = run.values.size() + 1;
    run.values.push_back(number < files.size() ? OpenValues(files[number], info) : nullptr);
  }
  bool ok = true;
  set.AddNewest(std::move(run));
  for (const SortedRun::Section& section : (*file)->sections()) {
    ok &= set.ForEach(section.info.id,
                      [](const Entry& entry) {
                        Touch(entry.key);
                        Touch(entry.user_key);
                        Touch(entry.value);
                      })
              .ok();
    ok &= LookUp(set, section.info.id);
  }
  return ok;
}

const Registered kRun({"run", Seeds, Read});

}  // namespace
}  // namespace castor::fuzz
