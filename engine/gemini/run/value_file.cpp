#include "gemini/run/value_file.h"

#include <cstring>
#include <utility>

#include "gemini/run/encoding.h"
#include "gemini/run/run_format.h"
#include "io/checksum.h"

namespace castor::gemini {
namespace {

constexpr std::string_view kMagic = "GEMINVAL";
constexpr size_t kTrailer = 32;
constexpr size_t kBufferBytes = size_t{64} << 10;

std::string EncodeTrailer(const ValueFileInfo& info) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.Put(info.bytes);
  out.Put(info.checksum);
  out.Put(kRunFormatVersion);
  out.Put(static_cast<uint32_t>(io::Checksum(bytes)));
  out.PutRaw(kMagic);
  return bytes;
}

Result<std::string> ReadExactly(io::ReadableFile* file, uint64_t offset, uint64_t bytes) {
  std::string read(bytes, '\0');
  CASTOR_ASSIGN_OR_RETURN(const int64_t got, file->ReadAt(static_cast<int64_t>(offset), read.data(),
                                                          static_cast<int64_t>(bytes)));
  read.resize(static_cast<size_t>(got));
  return read;
}

}  // namespace

ValuePointer ValuePointer::Decode(std::string_view encoded) {
  ValuePointer pointer;
  std::memcpy(&pointer, encoded.data(), sizeof(pointer));
  return pointer;
}

// The trailer is all that tells one value file from another, so it must be the one expected.
Result<std::shared_ptr<ValueFile>> ValueFile::Open(std::unique_ptr<io::ReadableFile> file,
                                                   const ValueFileInfo& info) {
  std::shared_ptr<ValueFile> opened(new ValueFile(std::move(file), info));
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, opened->file_->Size());
  const bool fits = static_cast<uint64_t>(size) == opened->file_bytes();
  CASTOR_ASSIGN_OR_RETURN(const std::string trailer,
                          ReadExactly(opened->file_.get(), info.bytes, kTrailer));
  if (!fits || trailer != EncodeTrailer(info)) {
    return Status::Corruption(opened->path() + " is not the file of values that a run points to");
  }
  return opened;
}

uint64_t ValueFile::file_bytes() const { return info_.bytes + kTrailer; }

Status ValueFile::Read(const ValuePointer& pointer, std::string* value) const {
  const auto damaged = [&](std::string_view how) {
    return Status::Corruption(path() + ": the value at offset " + std::to_string(pointer.offset) +
                              " " + std::string(how));
  };
  if (pointer.offset > info_.bytes || pointer.bytes > info_.bytes - pointer.offset) {
    return damaged("lies outside the file");
  }
  value->resize(pointer.bytes);
  CASTOR_ASSIGN_OR_RETURN(const int64_t got, file_->ReadAt(static_cast<int64_t>(pointer.offset),
                                                           value->data(), pointer.bytes));
  if (got != int64_t{pointer.bytes}) return damaged("is cut short");
  if (io::Checksum(*value) != pointer.checksum) return damaged("has a wrong checksum");
  Result<std::string> plain = Decompress(pointer.codec, std::move(*value));
  if (!plain.ok()) {
    return plain.status().WithContext(path() + ", offset " + std::to_string(pointer.offset));
  }
  *value = std::move(*plain);
  return Status::OK();
}

ValueWriter::ValueWriter(NewFile new_file, uint64_t file_bytes, Codec codec)
    : new_file_(std::move(new_file)), file_bytes_(file_bytes), compressor_(codec) {}

ValueWriter::~ValueWriter() = default;

Result<ValuePointer> ValueWriter::Add(std::string_view value) {
  if (file_ != nullptr && bytes_ >= file_bytes_) CASTOR_RETURN_NOT_OK(End());
  if (file_ == nullptr) {
    CASTOR_ASSIGN_OR_RETURN(file_, new_file_());
    checksum_ = std::make_unique<io::RunningChecksum>();
    bytes_ = 0;
  }
  Codec codec = Codec::kNone;
  const std::string_view stored = compressor_.Compress(value, &compressed_, &codec);
  const ValuePointer pointer{
      .file = static_cast<uint32_t>(infos_.size()) & ValuePointer::kMostFiles,
      .codec = static_cast<uint8_t>(codec),
      .bytes = static_cast<uint32_t>(stored.size()),
      .offset = bytes_,
      .checksum = io::Checksum(stored)};
  buffer_.append(stored);
  bytes_ += stored.size();
  if (buffer_.size() >= kBufferBytes) CASTOR_RETURN_NOT_OK(Flush());
  return pointer;
}

Status ValueWriter::Flush() {
  checksum_->Add(buffer_);
  CASTOR_RETURN_NOT_OK(file_->Append(buffer_));
  buffer_.clear();
  return Status::OK();
}

Status ValueWriter::End() {
  if (file_ == nullptr) return Status::OK();
  CASTOR_RETURN_NOT_OK(Flush());
  const ValueFileInfo info{bytes_, checksum_->value()};
  CASTOR_RETURN_NOT_OK(file_->Append(EncodeTrailer(info)));
  infos_.push_back(info);
  ended_.push_back(std::move(file_));
  return Status::OK();
}

}  // namespace castor::gemini
