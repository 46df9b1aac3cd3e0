#include <array>
#include <limits>
#include <optional>
#include <string>

#include "flink/state-backend/native/jni/bindings.h"
#include "flink/state-backend/native/jni/handles.h"
#include "flink/state-backend/native/jni/java_error.h"
#include "gemini/store/portable_checkpoint.h"

namespace castor::flink {
namespace {

KeyedStore& StoreOf(jlong number) { return *HandleOf<StoreHandle>(number).store; }

KeyedStore::Key KeyOf(jint table, jint group, jint bytes) {
  return {static_cast<uint32_t>(table), static_cast<uint32_t>(group), static_cast<uint32_t>(bytes)};
}

// Of an answer, which a direct buffer has to hold.
Result<int64_t> Checked(Result<int64_t> size) {
  if (size.ok() && *size > std::numeric_limits<jint>::max()) {
    return Status::ResourceExhausted("state of one key has " + std::to_string(*size) +
                                     " bytes; 2 GiB is the most that can be read at once");
  }
  return size;
}

jlong OpenMemory(JNIEnv* env, jclass, jlong bytes) {
  return Guarded(env, jlong{0}, [&]() -> Result<jlong> {
    return NewHandle(MemoryHandle{std::make_shared<SlotMemory>(bytes)});
  });
}

void CloseMemory(JNIEnv*, jclass, jlong memory) { DeleteHandle<MemoryHandle>(memory); }

jlong UsedMemory(JNIEnv*, jclass, jlong memory) {
  return HandleOf<MemoryHandle>(memory).memory->account().used();
}

jlong UsedInProcess(JNIEnv*, jclass) { return SlotMemory::UsedInProcess(); }

jlong LiveHandles(JNIEnv*, jclass) { return live_handles; }

// Each checkpoint is a description (byte[]) and the paths of its files (String[]).
Result<gemini::Checkpoint> CheckpointOf(JNIEnv* env, jbyteArray description, jobjectArray paths) {
  std::string bytes(static_cast<size_t>(env->GetArrayLength(description)), 0);
  env->GetByteArrayRegion(description, 0, static_cast<jsize>(bytes.size()),
                          reinterpret_cast<jbyte*>(bytes.data()));
  const auto path_of = [&](size_t file) {
    const auto path =
        static_cast<jstring>(env->GetObjectArrayElement(paths, static_cast<jsize>(file)));
    std::string text = StringOf(env, path);
    env->DeleteLocalRef(path);
    return text;
  };
  return gemini::PlaceFiles(bytes, static_cast<size_t>(env->GetArrayLength(paths)), path_of);
}

jlong Open(JNIEnv* env, jclass, jstring directory, jint key_groups, jint first, jint last,
           jlong memory, jobjectArray descriptions, jobjectArray paths) {
  return Guarded(env, jlong{0}, [&]() -> Result<jlong> {
    KeyedStore::Options options;
    options.directory = StringOf(env, directory);
    options.key_groups = static_cast<uint32_t>(key_groups);
    options.first_group = static_cast<uint32_t>(first);
    options.last_group = static_cast<uint32_t>(last);
    options.memory = HandleOf<MemoryHandle>(memory).memory;
    for (jsize i = 0; i < env->GetArrayLength(descriptions); ++i) {
      const auto description = static_cast<jbyteArray>(env->GetObjectArrayElement(descriptions, i));
      const auto files = static_cast<jobjectArray>(env->GetObjectArrayElement(paths, i));
      CASTOR_ASSIGN_OR_RETURN(gemini::Checkpoint checkpoint, CheckpointOf(env, description, files));
      options.restored.push_back(std::move(checkpoint));
      env->DeleteLocalRef(description);
      env->DeleteLocalRef(files);
    }
    CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<KeyedStore> store, KeyedStore::Open(options));
    return NewHandle(StoreHandle{std::move(store)});
  });
}

void Close(JNIEnv*, jclass, jlong store) {
  StoreOf(store).Close();
  DeleteHandle<StoreHandle>(store);
}

jobject ExchangeOf(JNIEnv* env, jclass, jlong store, jint capacity) {
  try {
    Exchange& exchange = StoreOf(store).exchange();
    if (capacity > 0) exchange.Resize(static_cast<size_t>(capacity));
    return env->NewDirectByteBuffer(exchange.data(), static_cast<jlong>(exchange.capacity()));
  } catch (const std::exception& failure) {
    Throw(env, failure.what());
    return nullptr;
  }
}

jint AddTable(JNIEnv* env, jclass, jlong store, jstring name, jint kind) {
  return Guarded(env, jint{0}, [&] {
    return StoreOf(store).AddTable(StringOf(env, name), static_cast<KeyedStore::Kind>(kind));
  });
}

void SetTtl(JNIEnv* env, jclass, jlong store, jint table, jlong ttl_ms) {
  Guarded(env, [&] { return StoreOf(store).SetTtl(static_cast<uint32_t>(table), ttl_ms); });
}

void TellTime(JNIEnv*, jclass, jlong store, jlong now) { StoreOf(store).TellTime(now); }

jint Get(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key) {
  return Guarded(env, jint{0},
                 [&] { return Checked(StoreOf(store).Get(KeyOf(table, group, key))); });
}

void Put(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key, jint value) {
  Guarded(env, [&] {
    return StoreOf(store).Put(KeyOf(table, group, key), static_cast<uint32_t>(value));
  });
}

void Remove(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key) {
  Guarded(env, [&] { return StoreOf(store).Remove(KeyOf(table, group, key)); });
}

jint GetEntry(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key, jint user_key) {
  return Guarded(env, jint{0}, [&] {
    return Checked(
        StoreOf(store).GetEntry(KeyOf(table, group, key), static_cast<uint32_t>(user_key)));
  });
}

void PutEntry(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key, jint user_key,
              jint value) {
  Guarded(env, [&] {
    return StoreOf(store).PutEntry(KeyOf(table, group, key), static_cast<uint32_t>(user_key),
                                   static_cast<uint32_t>(value));
  });
}

void RemoveEntry(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key,
                 jint user_key) {
  Guarded(env, [&] {
    return StoreOf(store).RemoveEntry(KeyOf(table, group, key), static_cast<uint32_t>(user_key));
  });
}

jint Entries(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key) {
  return Guarded(env, jint{0},
                 [&] { return Checked(StoreOf(store).Entries(KeyOf(table, group, key))); });
}

void Append(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key, jint bytes,
            jlong time) {
  Guarded(env, [&] {
    return StoreOf(store).Append(KeyOf(table, group, key), static_cast<uint32_t>(bytes), time);
  });
}

jint Elements(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key) {
  return Guarded(env, jint{0},
                 [&] { return Checked(StoreOf(store).Elements(KeyOf(table, group, key))); });
}

jboolean HasEntries(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key) {
  return Guarded(env, jboolean{JNI_FALSE},
                 [&] { return StoreOf(store).HasEntries(KeyOf(table, group, key)); });
}

void Clear(JNIEnv* env, jclass, jlong store, jint table, jint group, jint key) {
  Guarded(env, [&] { return StoreOf(store).Clear(KeyOf(table, group, key)); });
}

void ChangeTimers(JNIEnv* env, jclass, jlong store, jint table, jint bytes) {
  Guarded(env, [&] {
    return StoreOf(store).ChangeTimers(static_cast<uint32_t>(table), static_cast<uint32_t>(bytes));
  });
}

jint PopTimers(JNIEnv* env, jclass, jlong store, jint table, jint most) {
  return Guarded(env, jint{0}, [&] {
    return Checked(
        StoreOf(store).PopTimers(static_cast<uint32_t>(table), static_cast<size_t>(most)));
  });
}

// nullptr: there is nothing, or an exception is on its way.
jbyteArray Query(JNIEnv* env, jclass, jlong store, jint table, jint group, jbyteArray key) {
  std::optional<std::string> found;
  Guarded(env, [&]() -> Status {
    const jsize size = env->GetArrayLength(key);
    std::string bytes(static_cast<size_t>(size), '\0');
    env->GetByteArrayRegion(key, 0, size, reinterpret_cast<jbyte*>(bytes.data()));
    CASTOR_ASSIGN_OR_RETURN(found, StoreOf(store).Query(static_cast<uint32_t>(table),
                                                        static_cast<uint32_t>(group), bytes));
    return Checked(found ? static_cast<int64_t>(found->size()) : 0).status();
  });
  if (env->ExceptionCheck() || !found) return nullptr;
  return NewByteArray(env, *found);
}

}  // namespace

bool RegisterStore(JNIEnv* env) {
  const jclass owner = env->FindClass("io/castor/flink/state/NativeStore");
  if (owner == nullptr) return false;
  const std::array methods{
      Method("openMemory", "(J)J", OpenMemory),
      Method("closeMemory", "(J)V", CloseMemory),
      Method("usedMemory", "(J)J", UsedMemory),
      Method("usedInProcess", "()J", UsedInProcess),
      Method("liveHandles", "()J", LiveHandles),
      Method("open", "(Ljava/lang/String;IIIJ[[B[[Ljava/lang/String;)J", Open),
      Method("close", "(J)V", Close),
      Method("exchange", "(JI)Ljava/nio/ByteBuffer;", ExchangeOf),
      Method("addTable", "(JLjava/lang/String;I)I", AddTable),
      Method("setTtl", "(JIJ)V", SetTtl),
      Method("tellTime", "(JJ)V", TellTime),
      Method("get", "(JIII)I", Get),
      Method("put", "(JIIII)V", Put),
      Method("remove", "(JIII)V", Remove),
      Method("getEntry", "(JIIII)I", GetEntry),
      Method("putEntry", "(JIIIII)V", PutEntry),
      Method("removeEntry", "(JIIII)V", RemoveEntry),
      Method("entries", "(JIII)I", Entries),
      Method("append", "(JIIIIJ)V", Append),
      Method("elements", "(JIII)I", Elements),
      Method("hasEntries", "(JIII)Z", HasEntries),
      Method("clear", "(JIII)V", Clear),
      Method("changeTimers", "(JII)V", ChangeTimers),
      Method("popTimers", "(JII)I", PopTimers),
      Method("query", "(JII[B)[B", Query),
  };
  return env->RegisterNatives(owner, methods.data(), static_cast<jint>(methods.size())) == JNI_OK;
}

}  // namespace castor::flink
