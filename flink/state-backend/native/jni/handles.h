// What stands behind the numbers that Java holds, objects on the heap that Java's call deletes and
// nothing else, and what else both tables of native methods need.
#pragma once

#include <jni.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "flink/state-backend/native/keyed_store.h"
#include "flink/state-backend/native/table_scan.h"

namespace castor::flink {

struct StoreHandle {
  std::shared_ptr<KeyedStore> store;
};
struct MemoryHandle {
  std::shared_ptr<SlotMemory> memory;
};
struct CutHandle {
  std::shared_ptr<KeyedStore> store;
  std::shared_ptr<StateCut> cut;
};
struct BatchHandle {
  std::unique_ptr<RequestBatch> batch;
};
struct ScanHandle {
  std::unique_ptr<TableScan> scan;
  std::string page;
};

// How many there are in the process.
inline std::atomic<int64_t> live_handles{0};

template <typename Handle>
jlong NewHandle(Handle handle) {
  const auto number = reinterpret_cast<jlong>(new Handle(std::move(handle)));
  ++live_handles;
  return number;
}
template <typename Handle>
Handle& HandleOf(jlong number) {
  return *reinterpret_cast<Handle*>(number);
}
template <typename Handle>
void DeleteHandle(jlong number) {
  --live_handles;
  delete reinterpret_cast<Handle*>(number);
}

inline std::string StringOf(JNIEnv* env, jstring text) {
  const char* const bytes = env->GetStringUTFChars(text, nullptr);
  if (bytes == nullptr) return {};
  std::string copy(bytes);
  env->ReleaseStringUTFChars(text, bytes);
  return copy;
}

// Of at most 2 GiB. nullptr: an exception is on its way.
inline jbyteArray NewByteArray(JNIEnv* env, std::string_view bytes) {
  const auto size = static_cast<jsize>(bytes.size());
  const jbyteArray array = env->NewByteArray(size);
  if (array == nullptr) return nullptr;
  env->SetByteArrayRegion(array, 0, size, reinterpret_cast<const jbyte*>(bytes.data()));
  return array;
}

// An entry of a table for RegisterNatives.
template <typename Function>
JNINativeMethod Method(const char* name, const char* signature, Function* function) {
  return {const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function)};
}

}  // namespace castor::flink
