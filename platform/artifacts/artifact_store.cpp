#include "platform/artifacts/artifact_store.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "platform/metadata/store.h"

namespace castor::platform {
namespace {

io::FileSystem& Files() { return io::LocalFileSystem(); }

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Status CheckArtifactName(std::string_view name) {
  constexpr size_t kLongest = 200;
  const bool fits = !name.empty() && name.size() <= kLongest && IsLetterOrDigit(name.front());
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return IsLetterOrDigit(c) || std::string_view("-_.+").find(c) != std::string_view::npos;
  });
  if (fits && plain) return Status::OK();
  return Status::InvalidArgument(
      fmt::format("'{}' is no name of an artifact: it begins with a letter or digit, and has up to "
                  "{} of these and -_.+",
                  name.substr(0, kLongest), kLongest));
}

struct ArtifactStore::Incoming::Hash {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Hash() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
  ~Hash() { EVP_MD_CTX_free(context); }
};

void ArtifactStore::Incoming::HashDeleter::operator()(Hash* hash) const { delete hash; }

ArtifactStore::Incoming::Incoming(std::string path, std::unique_ptr<io::WritableFile> file)
    : path_(std::move(path)), file_(std::move(file)), hash_(new Hash()) {}

ArtifactStore::Incoming::~Incoming() {
  file_.reset();
  if (!path_.empty()) (void)Files().DeleteFile(path_);
}

Status ArtifactStore::Incoming::Append(std::string_view bytes) {
  size_ += static_cast<int64_t>(bytes.size());
  if (size_ > kMaxBytes) {
    return Status::ResourceExhausted(
        fmt::format("an artifact has at most {} MiB", kMaxBytes >> 20));
  }
  EVP_DigestUpdate(hash_->context, bytes.data(), bytes.size());
  return file_->Append(bytes);
}

Status ArtifactStore::Incoming::Finish() {
  CASTOR_RETURN_NOT_OK(file_->Sync());
  CASTOR_RETURN_NOT_OK(file_->Close());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  EVP_DigestFinal_ex(hash_->context, digest.data(), &size);
  for (unsigned int i = 0; i < size; ++i) sha256_ += fmt::format("{:02x}", digest[i]);
  return Status::OK();
}

Result<std::unique_ptr<ArtifactStore>> ArtifactStore::Open(std::string folder) {
  CASTOR_RETURN_NOT_OK(Files().DeleteRecursively(folder + "/.incoming"));
  CASTOR_RETURN_NOT_OK(Files().MakeDirectories(folder + "/.incoming"));
  return std::unique_ptr<ArtifactStore>(new ArtifactStore(std::move(folder)));
}

Result<ArtifactStore::Incoming> ArtifactStore::Begin() const {
  std::string path = fmt::format("{}/.incoming/{}", folder_, NewId());
  CASTOR_ASSIGN_OR_RETURN(auto file, Files().OpenForWrite(path));
  return Incoming(std::move(path), std::move(file));
}

Status ArtifactStore::MoveTo(Incoming* incoming, const std::string& path) const {
  const std::string folder = io::ParentDirectory(path);
  CASTOR_RETURN_NOT_OK(Files().MakeDirectories(folder));
  CASTOR_RETURN_NOT_OK(Files().Rename(incoming->path_, path));
  incoming->path_.clear();
  return Files().SyncDirectory(folder);
}

Status ArtifactStore::Keep(Incoming* incoming, const std::string& in,
                           const std::string& name) const {
  CASTOR_RETURN_NOT_OK(CheckArtifactName(name));
  return MoveTo(incoming, PathOf(in, name));
}

Result<std::string> ArtifactStore::KeepFetched(Incoming* incoming, const std::string& name) const {
  CASTOR_RETURN_NOT_OK(CheckArtifactName(name));
  std::string path = fmt::format("{}/.fetched/{}/{}", folder_, incoming->sha256(), name);
  CASTOR_RETURN_NOT_OK(MoveTo(incoming, path));
  return path;
}

std::string ArtifactStore::PathOf(const std::string& in, const std::string& name) const {
  return fmt::format("{}/{}/{}", folder_, in, name);
}

Status ArtifactStore::Delete(const std::string& in, const std::string& name) const {
  CASTOR_RETURN_NOT_OK(CheckArtifactName(name));
  return Files().DeleteFile(PathOf(in, name));
}

}  // namespace castor::platform
