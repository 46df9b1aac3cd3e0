#include <array>
#include <string>
#include <vector>

#include "flink/state-backend/native/jni/bindings.h"
#include "flink/state-backend/native/jni/handles.h"
#include "flink/state-backend/native/jni/java_error.h"
#include "flink/state-backend/native/run_parts.h"

namespace castor::flink {
namespace {

// A file that Java reads: a RunDownload. Of the thread that called, during the call.
class JavaFile final : public io::ReadableFile {
 public:
  JavaFile(JNIEnv* env, jobject download, jmethodID read, int64_t size)
      : env_(env), download_(download), read_(read), size_(size) {}

  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    if (bytes > INT32_MAX) return Status::ResourceExhausted("an index of more than 2 GiB");
    const auto size = static_cast<jsize>(bytes);
    const auto read = static_cast<jbyteArray>(
        env_->CallObjectMethod(download_, read_, static_cast<jlong>(offset), size));
    if (env_->ExceptionCheck()) return Status::IoError("the file cannot be read");
    env_->GetByteArrayRegion(read, 0, size, static_cast<jbyte*>(target));
    env_->DeleteLocalRef(read);
    return bytes;
  }
  Result<int64_t> Size() override { return size_; }
  const std::string& path() const override { return path_; }

 private:
  JNIEnv* const env_;
  const jobject download_;
  const jmethodID read_;
  const int64_t size_;
  const std::string path_ = "a file of a checkpoint";
};

// Offset and bytes of each part.
jlongArray PartsOfRun(JNIEnv* env, jobject download, jlong size, jint first_group, jint last_group,
                      jlong least_gap) {
  const jmethodID read = env->GetMethodID(env->GetObjectClass(download), "read", "(JI)[B");
  if (read == nullptr) return nullptr;
  std::vector<jlong> numbers;
  Guarded(env, [&]() -> Status {
    const auto range = gemini::PositionRange::OfKeyGroups(static_cast<uint32_t>(first_group),
                                                          static_cast<uint32_t>(last_group));
    CASTOR_ASSIGN_OR_RETURN(const std::vector<FilePart> parts,
                            PartsOf(std::make_unique<JavaFile>(env, download, read, size), range,
                                    static_cast<uint64_t>(least_gap)));
    for (const FilePart& part : parts) {
      numbers.push_back(static_cast<jlong>(part.offset));
      numbers.push_back(static_cast<jlong>(part.bytes));
    }
    return Status::OK();
  });
  if (env->ExceptionCheck()) return nullptr;
  const auto count = static_cast<jsize>(numbers.size());
  const jlongArray array = env->NewLongArray(count);
  if (array != nullptr) env->SetLongArrayRegion(array, 0, count, numbers.data());
  return array;
}

}  // namespace

bool RegisterParts(JNIEnv* env) {
  const jclass owner = env->FindClass("io/castor/flink/state/RunDownload");
  if (owner == nullptr) return false;
  const std::array methods{Method("partsOf", "(JIIJ)[J", PartsOfRun)};
  return env->RegisterNatives(owner, methods.data(), static_cast<jint>(methods.size())) == JNI_OK;
}

}  // namespace castor::flink
