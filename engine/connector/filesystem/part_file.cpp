#include "connector/filesystem/part_file.h"

#include <nlohmann/json.hpp>

namespace castor::connector::filesystem {
namespace {

// Written out at once: a few system calls per megabyte, and little memory per open partition.
constexpr size_t kWriteBytes = 256 * 1024;

}  // namespace

std::string PendingFile::ToCommittable() const {
  const nlohmann::json json = {{"directory", directory}, {"hidden", hidden_name}, {"name", name}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<PendingFile> PendingFile::FromCommittable(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  PendingFile file;
  const auto read = [&](const char* key, std::string* value) {
    if (!json.is_object() || !json.contains(key) || !json[key].is_string()) return false;
    *value = json[key].get<std::string>();
    return true;
  };
  if (!read("directory", &file.directory) || !read("hidden", &file.hidden_name) ||
      !read("name", &file.name)) {
    return Status::Corruption("cannot read the committable of a part file: " + std::string(text));
  }
  return file;
}

Result<std::unique_ptr<PartFile>> PartFile::Create(const SinkOptions& options,
                                                   const std::string& directory,
                                                   const std::string& name, TimestampMs now) {
  CASTOR_RETURN_NOT_OK(options.file_system->MakeDirectories(directory));
  PendingFile names{directory, "." + name + ".inprogress", name};
  const std::string path = io::JoinPath(directory, names.hidden_name);
  std::unique_ptr<PartFile> part(new PartFile(std::move(names), now));
  CASTOR_ASSIGN_OR_RETURN(part->file_, options.file_system->OpenForWrite(path));
  if (options.format->is_bulk()) {
    CASTOR_ASSIGN_OR_RETURN(part->bulk_,
                            options.format->MakeWriter(options.file_row, part->file_.get()));
  } else {
    CASTOR_ASSIGN_OR_RETURN(part->encoder_, options.format->MakeEncoder(options.file_row));
  }
  return part;
}

Result<std::unique_ptr<PartFile>> PartFile::Resume(const SinkOptions& options,
                                                   const ResumablePart& resumable) {
  const PendingFile& names = resumable.names;
  const std::string path = io::JoinPath(names.directory, names.hidden_name);
  std::unique_ptr<PartFile> part(new PartFile(names, resumable.created));
  auto file = options.file_system->OpenForAppend(path, resumable.bytes);
  if (file.status().code() == StatusCode::kNotFound) {
    return Status::Corruption("the snapshot goes on with part file '" + path +
                              "', which is not there: it was completed after the snapshot, or "
                              "removed; restore from the latest snapshot");
  }
  if (!file.ok()) return file.status();
  part->file_ = std::move(file).value();
  CASTOR_ASSIGN_OR_RETURN(part->encoder_, options.format->MakeEncoder(options.file_row));
  return part;
}

PartFile::~PartFile() = default;

Status PartFile::Write(const Batch& batch, const int32_t* rows, int32_t count, TimestampMs now) {
  last_write_ = now;
  if (bulk_ != nullptr) return bulk_->Write(batch, rows, count);
  CASTOR_RETURN_NOT_OK(encoder_->Encode(batch, rows, count, &text_));
  return text_.size() < kWriteBytes ? Status::OK() : FlushText();
}

Status PartFile::FlushText() {
  CASTOR_RETURN_NOT_OK(file_->Append(text_));
  text_.clear();
  return Status::OK();
}

int64_t PartFile::size() const { return file_->size() + static_cast<int64_t>(text_.size()); }

Status PartFile::Persist() {
  CASTOR_RETURN_NOT_OK(FlushText());
  return file_->Sync();
}

Result<PendingFile> PartFile::Finish() {
  if (bulk_ != nullptr) {
    CASTOR_RETURN_NOT_OK(bulk_->Finish());
  } else {
    CASTOR_RETURN_NOT_OK(FlushText());
  }
  CASTOR_RETURN_NOT_OK(file_->Sync());
  CASTOR_RETURN_NOT_OK(file_->Close());
  return names_;
}

}  // namespace castor::connector::filesystem
