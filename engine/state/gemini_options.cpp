#include "state/gemini_options.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

namespace castor::state {
namespace {

constexpr std::string_view kPrefix = "state.backend.gemini.";

constexpr const char* kManaged = "state.backend.gemini.memory.managed";
constexpr const char* kOffHeap = "state.backend.gemini.offheap.size";
constexpr const char* kWriteBuffer = "state.backend.gemini.total.writebuffer.size";
constexpr const char* kLocalDir = "state.backend.gemini.local.dir";
constexpr const char* kTimers = "state.backend.gemini.timer-service.factory";
constexpr const char* kSeparation = "state.backend.gemini.kv.separate.mode";
constexpr const char* kSeparateFrom = "state.backend.gemini.kv.separate.value.size.threshold";
constexpr const char* kCompression = "state.backend.gemini.file.compression";
constexpr const char* kCacheType = "state.backend.gemini.file.cache.type";
constexpr const char* kCacheSize = "state.backend.gemini.file.cache.size";
constexpr const char* kPreserved = "state.backend.gemini.file.cache.preserved-space";
constexpr const char* kDownload = "state.backend.gemini.file.cache.download.type";
constexpr const char* kPage = "state.backend.gemini.restore.page-download.buffer.size";
constexpr const char* kAhead = "state.backend.gemini.restore.file-download.buffer.size";
constexpr std::string_view kKeys[] = {
    kManaged,     kOffHeap,   kWriteBuffer, kLocalDir,  kTimers,   kSeparation, kSeparateFrom,
    kCompression, kCacheType, kCacheSize,   kPreserved, kDownload, kPage,       kAhead};

constexpr const char* kFromLocal = "execution.state-recovery.from-local";
constexpr const char* kOldFromLocal = "state.backend.local-recovery";

// Buffers of which the total is made up: those of some instances that write at the same time.
constexpr int64_t kBuffers = 8;

struct Other {
  std::string_view key;
  std::string_view why;
};
// Known options of the store that users may bring along.
constexpr Other kWithoutEffect[] = {
    {"state.backend.gemini.savepoint.external-sort.local-storage.enabled",
     "a savepoint is written without temporary files"},
    {"state.backend.gemini.snapshot.close.file", "files are closed when they are written"},
    {"state.backend.gemini.vm.print.tick", "figures are metrics"},
    {"state.backend.gemini.snapshot.type", "checkpoints are incremental"},
    {"state.backend.gemini.memory.type", "memory is the process's own"},
    {"state.backend.gemini.copy.value", "values are never shared with operators"},
};
constexpr Other kRefused[] = {
    {"state.backend.gemini.ttl.ms", "the time to live of SQL jobs is table.exec.state.ttl"},
};

class Reader {
 public:
  explicit Reader(const Configuration& configuration) : configuration_(configuration) {}

  Result<GeminiOptions> Read() {
    CASTOR_RETURN_NOT_OK(CheckKeys());
    CASTOR_RETURN_NOT_OK(ReadMemory());
    CASTOR_RETURN_NOT_OK(ReadTimers());
    CASTOR_RETURN_NOT_OK(ReadSeparation());
    CASTOR_ASSIGN_OR_RETURN(options_.compress, configuration_.GetBool(kCompression, true));
    CASTOR_RETURN_NOT_OK(ReadCache());
    CASTOR_RETURN_NOT_OK(ReadTransfers());
    CASTOR_RETURN_NOT_OK(ReadRecovery());
    return std::move(options_);
  }

 private:
  bool IsSet(const char* key) const { return configuration_.Find(key).has_value(); }
  void HasNoEffect(std::string_view key, std::string_view why) {
    options_.without_effect.push_back("option '" + std::string(key) +
                                      "' has no effect: " + std::string(why));
  }

  Status CheckKeys() {
    for (const auto& [key, value] : configuration_.values()) {
      if (!key.starts_with(kPrefix)) continue;
      if (std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys)) continue;
      const auto is_key = [&key = key](const Other& other) { return other.key == key; };
      const auto* refused = std::find_if(std::begin(kRefused), std::end(kRefused), is_key);
      if (refused != std::end(kRefused)) {
        return Status::Unsupported("option '" + key + "': " + std::string(refused->why) +
                                   "; set that instead");
      }
      const auto* vain = std::find_if(std::begin(kWithoutEffect), std::end(kWithoutEffect), is_key);
      if (vain == std::end(kWithoutEffect)) return Unknown(key, value);
      HasNoEffect(key, vain->why);
    }
    return Status::OK();
  }

  static Status Unknown(const std::string& key, const std::string& value) {
    std::string known;
    for (const std::string_view each : kKeys) {
      known += (known.empty() ? "" : ", ") + std::string(each);
    }
    return Status::InvalidArgument("unknown option '" + key + "' (" + value +
                                   "); there are: " + known);
  }

  // A size that must lie within bounds.
  Result<int64_t> Size(const char* key, int64_t fallback, int64_t least, int64_t most) const {
    CASTOR_ASSIGN_OR_RETURN(const int64_t size, configuration_.GetMemorySize(key, fallback));
    if (size >= least && size <= most) return size;
    return Status::InvalidArgument(
        "option '" + std::string(key) + "': " + configuration_.GetString(key, "") +
        " must be between " + std::to_string(least) + " and " + std::to_string(most) + " bytes");
  }

  Status ReadMemory() {
    constexpr int64_t kMiB = int64_t{1} << 20, kMost = int64_t{1} << 50;
    CASTOR_ASSIGN_OR_RETURN(const bool managed, configuration_.GetBool(kManaged, true));
    if (managed) {
      for (const char* key : {kOffHeap, kWriteBuffer}) {
        if (!IsSet(key)) continue;
        HasNoEffect(key, "it counts with state.backend.gemini.memory.managed = false only");
      }
      return Status::OK();
    }
    if (!IsSet(kOffHeap)) {
      return Status::InvalidArgument("option '" + std::string(kManaged) + "' is false: say with " +
                                     kOffHeap + " how much memory state may take");
    }
    CASTOR_ASSIGN_OR_RETURN(const int64_t heap, Size(kOffHeap, 0, kMiB, kMost));
    CASTOR_ASSIGN_OR_RETURN(const int64_t buffers, Size(kWriteBuffer, 128 * kMiB, kMiB, kMost));
    options_.memory_bytes = heap + buffers;
    options_.run_bytes = buffers / kBuffers;
    return Status::OK();
  }

  Status ReadTimers() {
    CASTOR_ASSIGN_OR_RETURN(const std::string factory,
                            configuration_.GetChoice(kTimers, {"HEAP", "GEMINI"}, "GEMINI"));
    if (factory == "HEAP")
      HasNoEffect(kTimers, "timers are in the store, those that are near in memory");
    return Status::OK();
  }

  Status ReadSeparation() {
    constexpr int64_t kDefault = 200, kLeast = 32, kMost = int64_t{1} << 30;
    CASTOR_ASSIGN_OR_RETURN(
        const std::string mode,
        configuration_.GetChoice(kSeparation, {"ADAPTIVE", "GLOBAL_ENABLE", "GLOBAL_DISABLE"},
                                 "ADAPTIVE"));
    CASTOR_ASSIGN_OR_RETURN(const int64_t from, Size(kSeparateFrom, kDefault, kLeast, kMost));
    options_.adapt_separation = mode == "ADAPTIVE";
    const bool begins = mode == "GLOBAL_ENABLE" || (mode == "ADAPTIVE" && IsSet(kSeparateFrom));
    if (begins) options_.separate_from = static_cast<uint32_t>(from);
    if (mode == "GLOBAL_DISABLE" && IsSet(kSeparateFrom)) {
      HasNoEffect(kSeparateFrom,
                  "with state.backend.gemini.kv.separate.mode = GLOBAL_DISABLE no "
                  "value stands apart");
    }
    return Status::OK();
  }

  Status ReadCache() {
    constexpr int64_t kMost = int64_t{1} << 45;
    options_.local_dir = configuration_.GetString(kLocalDir, "");
    if (options_.local_dir.find("://") != std::string::npos) {
      return Status::InvalidArgument("option '" + std::string(kLocalDir) +
                                     "': " + options_.local_dir + " is no folder of this machine");
    }
    CASTOR_ASSIGN_OR_RETURN(
        const std::string type,
        configuration_.GetChoice(kCacheType, {"NONE", "LIMITED", "INFINITE"}, "LIMITED"));
    options_.cache = type != "NONE";
    CASTOR_ASSIGN_OR_RETURN(options_.cache_bytes, Size(kCacheSize, options_.cache_bytes, 0, kMost));
    CASTOR_ASSIGN_OR_RETURN(options_.cache_preserved_bytes,
                            Size(kPreserved, options_.cache_preserved_bytes, 0, kMost));
    if (type == "INFINITE") options_.cache_bytes = kMost;
    if (type != "LIMITED" && IsSet(kCacheSize)) {
      HasNoEffect(kCacheSize, "it counts with state.backend.gemini.file.cache.type = LIMITED only");
    }
    return Status::OK();
  }

  Status ReadTransfers() {
    constexpr int64_t kKiB = 1 << 10;
    CASTOR_ASSIGN_OR_RETURN(const int64_t page,
                            Size(kPage, options_.page_bytes, 4 * kKiB, int64_t{16} << 20));
    options_.page_bytes = static_cast<int32_t>(page);
    CASTOR_ASSIGN_OR_RETURN(
        options_.ahead_bytes,
        Size(kAhead, std::max<int64_t>(options_.ahead_bytes, page), page, int64_t{256} << 20));
    return configuration_.GetChoice(kDownload, {"LazyDownloadOnRestore"}, "LazyDownloadOnRestore")
        .status();
  }

  Status ReadRecovery() {
    const char* key = IsSet(kFromLocal) ? kFromLocal : kOldFromLocal;
    CASTOR_ASSIGN_OR_RETURN(options_.recover_from_local, configuration_.GetBool(key, true));
    return Status::OK();
  }

  const Configuration& configuration_;
  GeminiOptions options_;
};

}  // namespace

Result<GeminiOptions> ReadGeminiOptions(const Configuration& configuration) {
  return Reader(configuration).Read();
}

}  // namespace castor::state
