#include "gemini/store/portable_checkpoint.h"

#include <charconv>
#include <map>
#include <utility>

namespace castor::gemini {

PortableCheckpoint MakePortable(const LiveCheckpoint& checkpoint) {
  PortableCheckpoint portable;
  Checkpoint described = checkpoint.description;
  std::map<std::string, size_t> numbers;
  const auto number = [&](std::string* path, uint64_t bytes) {
    const auto [at, is_new] = numbers.emplace(*path, portable.files.size());
    if (is_new) portable.files.push_back({*path, static_cast<int64_t>(bytes)});
    *path = std::to_string(at->second);
  };
  for (size_t i = 0; i < described.runs.size(); ++i) {
    CheckpointRun& run = described.runs[i];
    number(&run.path, run.bytes);
    const auto& values = checkpoint.runs.runs()[i].values;
    for (size_t j = 0; j < run.values.size(); ++j) {
      if (!run.values[j].empty()) number(&run.values[j], values[j]->file_bytes());
    }
  }
  portable.description = EncodeCheckpoint(described);
  return portable;
}

Result<Checkpoint> PlaceFiles(std::string_view description, size_t files,
                              const std::function<std::string(size_t file)>& path_of) {
  CASTOR_ASSIGN_OR_RETURN(Checkpoint checkpoint, DecodeCheckpoint(description));
  const auto place = [&](std::string* number) {
    size_t file = 0;
    const char* const end = number->data() + number->size();
    const auto [parsed, error] = std::from_chars(number->data(), end, file);
    if (error != std::errc() || parsed != end || file >= files) {
      return Status::Corruption("state snapshot: it names file '" + *number + "' of " +
                                std::to_string(files));
    }
    *number = path_of(file);
    return Status::OK();
  };
  for (CheckpointRun& run : checkpoint.runs) {
    CASTOR_RETURN_NOT_OK(place(&run.path));
    for (std::string& values : run.values) {
      if (!values.empty()) CASTOR_RETURN_NOT_OK(place(&values));
    }
  }
  return checkpoint;
}

}  // namespace castor::gemini
