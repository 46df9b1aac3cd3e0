#include "runtime/checkpoint/snapshot_metadata.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "io/checksum.h"
#include "runtime/checkpoint/snapshot_path.h"

namespace castor::runtime {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kMagic = "castor-snapshot";
constexpr int kVersion = 2;
constexpr int kOldestVersion = 1;                             // knew no shared files
constexpr std::string_view kFlinkMagic = "\x49\x60\x67\x2d";  // Checkpoints.HEADER_MAGIC_NUMBER

std::string Hex(uint64_t value) {
  char text[17] = {};
  for (int i = 15; i >= 0; --i, value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

bool ParseHex(std::string_view text, uint64_t* value) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), *value, 16);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

Json ToJson(const FileRecord& file) {
  Json sections = Json::array();
  for (const auto& [name, bytes] : file.sections) sections.push_back({name, bytes});
  return {{"file", file.name},
          {"bytes", file.bytes},
          {"xxh64", Hex(file.checksum)},
          {"sections", std::move(sections)}};
}

Json ToJson(const std::vector<state::StateFile>& shared, const std::string& directory) {
  Json json = Json::array();
  for (const state::StateFile& file : shared) {
    json.push_back({PathInSnapshot(directory, file.path), file.bytes});
  }
  return json;
}

Json ToJson(const OperatorRecord& op, const std::string& directory) {
  Json instances = Json::array();
  for (const auto& [subtask, file] : op.instances) {
    Json instance = ToJson(file);
    instance["subtask"] = subtask;
    if (!file.shared.empty()) instance["shared"] = ToJson(file.shared, directory);
    instances.push_back(std::move(instance));
  }
  Json json = {{"uid", op.uid},
               {"aliases", op.aliases},
               {"fingerprint", op.fingerprint},
               {"description", op.description},
               {"parallelism", op.parallelism},
               {"instances", std::move(instances)}};
  if (op.coordinator) json["coordinator"] = ToJson(*op.coordinator);
  return json;
}

// Sizes can be added up without overflow.
int64_t FileBytes(const Json& json) {
  constexpr int64_t kMost = int64_t{1} << 48;
  const int64_t bytes = json;
  if (bytes < 0 || bytes > kMost) throw std::invalid_argument("no file is of such a size");
  return bytes;
}

FileRecord FileFromJson(const Json& json) {
  FileRecord file;
  file.name = json.at("file");
  file.bytes = FileBytes(json.at("bytes"));
  if (!ParseHex(json.at("xxh64").get<std::string>(), &file.checksum)) {
    throw std::invalid_argument("xxh64 is no hexadecimal number");
  }
  int64_t total = 0;
  for (const Json& section : json.at("sections")) {
    file.sections.emplace_back(section.at(0), section.at(1));
    const int64_t bytes = file.sections.back().second;
    if (bytes < 0 || bytes > file.bytes - total) {
      throw std::invalid_argument("a section is larger than its file");
    }
    total += bytes;
  }
  if (total != file.bytes || file.name.find('/') != std::string::npos) {
    throw std::invalid_argument("the sections of a file do not fit");
  }
  return file;
}

FileRecord InstanceFromJson(const Json& json, const std::string& directory) {
  FileRecord file = FileFromJson(json);
  if (!json.contains("shared")) return file;
  for (const Json& shared : json.at("shared")) {
    file.shared.push_back({ResolvePath(directory, shared.at(0)), FileBytes(shared.at(1))});
  }
  return file;
}

OperatorRecord OperatorFromJson(const Json& json, const std::string& directory) {
  OperatorRecord op;
  op.uid = json.at("uid");
  op.aliases = json.at("aliases").get<std::vector<std::string>>();
  op.fingerprint = json.at("fingerprint");
  op.description = json.at("description");
  op.parallelism = json.at("parallelism");
  for (const Json& instance : json.at("instances")) {
    op.instances[instance.at("subtask").get<int32_t>()] = InstanceFromJson(instance, directory);
  }
  if (json.contains("coordinator")) op.coordinator = FileFromJson(json.at("coordinator"));
  return op;
}

Status Corrupt(const std::string& path, const std::string& why) {
  return Status::Corruption("snapshot " + path + " is damaged: " + why +
                            "; restore from another snapshot");
}

bool KnowsVersion(std::string_view text) {
  int version = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), version);
  return end.ec == std::errc() && end.ptr == text.data() + text.size() &&
         version >= kOldestVersion && version <= kVersion;
}

// "castor-snapshot <version> <checksum of the rest>\n".
Result<std::string_view> CheckHeader(std::string_view bytes, const std::string& path) {
  if (bytes.starts_with(kFlinkMagic)) {
    return Status::Incompatible("snapshot " + path +
                                " was written by Apache Flink; Castor restores only its own");
  }
  if (!bytes.starts_with(kMagic)) {
    return Status::Incompatible(path + " is not the metadata of a Castor snapshot");
  }
  const size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return Corrupt(path, "its first line has no end");
  const std::string_view line = bytes.substr(kMagic.size(), end - kMagic.size());
  const std::string_view body = bytes.substr(end + 1);
  const size_t space = line.rfind(' ');
  if (!line.starts_with(' ') || space == 0) return Corrupt(path, "its first line is incomplete");
  const std::string_view version = line.substr(1, space - 1);
  if (!KnowsVersion(version)) {
    return Status::Incompatible("snapshot " + path + " has format version " + std::string(version) +
                                ", this Castor reads " + std::to_string(kOldestVersion) + " to " +
                                std::to_string(kVersion));
  }
  uint64_t checksum = 0;
  if (!ParseHex(line.substr(space + 1), &checksum) || checksum != io::Checksum(body)) {
    return Corrupt(path, "the checksum of its metadata does not match");
  }
  return body;
}

}  // namespace

int64_t SnapshotMetadata::OwnByteSize() const {
  int64_t bytes = 0;
  for (const OperatorRecord& op : operators) {
    if (op.coordinator) bytes += op.coordinator->bytes;
    for (const auto& [subtask, file] : op.instances) bytes += file.bytes;
  }
  return bytes;
}

int64_t SnapshotMetadata::SharedByteSize() const {
  int64_t bytes = 0;
  for (const state::StateFile& file : SharedFiles()) bytes += file.bytes;
  return bytes;
}

std::vector<state::StateFile> SnapshotMetadata::SharedFiles() const {
  std::vector<state::StateFile> files;
  for (const OperatorRecord& op : operators) {
    for (const auto& [subtask, file] : op.instances) {
      files.insert(files.end(), file.shared.begin(), file.shared.end());
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  const auto same = [](const auto& a, const auto& b) { return a.path == b.path; };
  files.erase(std::unique(files.begin(), files.end(), same), files.end());
  return files;
}

std::string EncodeMetadata(const SnapshotMetadata& metadata, const std::string& directory) {
  Json operators = Json::array();
  for (const OperatorRecord& op : metadata.operators) operators.push_back(ToJson(op, directory));
  const Json json = {{"id", metadata.id},
                     {"kind", metadata.kind},
                     {"job", metadata.job},
                     {"run", metadata.run},
                     {"ancestors", NamesToJson(metadata.ancestors)},
                     {"time", metadata.time_ms},
                     {"maxParallelism", metadata.max_parallelism},
                     {"operators", std::move(operators)}};
  // Names come from SQL text and may hold anything; a snapshot must not fail for it.
  const std::string body = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  return std::string(kMagic) + " " + std::to_string(kVersion) + " " + Hex(io::Checksum(body)) +
         "\n" + body;
}

Result<SnapshotMetadata> DecodeMetadata(std::string_view bytes, const std::string& directory) {
  CASTOR_ASSIGN_OR_RETURN(const std::string_view body, CheckHeader(bytes, directory));
  try {
    const Json json = Json::parse(body);
    SnapshotMetadata metadata;
    metadata.id = json.at("id");
    metadata.kind = json.at("kind");
    metadata.job = json.at("job");
    metadata.run = json.at("run");
    metadata.ancestors = NamesFromJson(json.at("ancestors"));
    metadata.time_ms = json.at("time");
    metadata.max_parallelism = json.at("maxParallelism");
    for (const Json& op : json.at("operators")) {
      metadata.operators.push_back(OperatorFromJson(op, directory));
    }
    return metadata;
  } catch (const std::exception& error) {
    return Corrupt(directory, error.what());
  }
}

}  // namespace castor::runtime
