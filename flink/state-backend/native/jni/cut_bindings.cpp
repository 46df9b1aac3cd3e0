#include <array>

#include "flink/state-backend/native/jni/bindings.h"
#include "flink/state-backend/native/jni/handles.h"
#include "flink/state-backend/native/jni/java_error.h"
#include "gemini/store/portable_checkpoint.h"

namespace castor::flink {
namespace {

jlong Start(JNIEnv* env, jclass, jlong store) {
  return Guarded(env, jlong{0}, [&]() -> Result<jlong> {
    const std::shared_ptr<KeyedStore>& of = HandleOf<StoreHandle>(store).store;
    CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<StateCut> cut, of->StartCut());
    return NewHandle(CutHandle{of, std::move(cut)});
  });
}

void Await(JNIEnv* env, jclass, jlong cut, jboolean by_owner) {
  Guarded(env, [&] {
    const CutHandle& handle = HandleOf<CutHandle>(cut);
    return handle.store->AwaitCut(handle.cut.get(), by_owner != JNI_FALSE);
  });
}

void GiveUp(JNIEnv*, jclass, jlong cut) {
  const CutHandle& handle = HandleOf<CutHandle>(cut);
  handle.store->GiveUp(handle.cut.get());
}

void Release(JNIEnv* env, jclass owner, jlong cut) {
  GiveUp(env, owner, cut);
  DeleteHandle<CutHandle>(cut);
}

// What NativeCheckpoint is made of: the description, and the paths of its files.
jobjectArray Describe(JNIEnv* env, jclass, jlong cut) {
  const CutHandle& handle = HandleOf<CutHandle>(cut);
  gemini::PortableCheckpoint portable;
  Guarded(env, [&]() -> Status {
    CASTOR_ASSIGN_OR_RETURN(const gemini::LiveCheckpoint checkpoint,
                            handle.store->CheckpointOf(*handle.cut));
    portable = gemini::MakePortable(checkpoint);
    return Status::OK();
  });
  if (env->ExceptionCheck()) return nullptr;
  const auto size = static_cast<jsize>(portable.description.size());
  const jbyteArray description = env->NewByteArray(size);
  if (description == nullptr) return nullptr;
  env->SetByteArrayRegion(description, 0, size,
                          reinterpret_cast<const jbyte*>(portable.description.data()));
  const jobjectArray paths = env->NewObjectArray(static_cast<jsize>(portable.files.size()),
                                                 env->FindClass("java/lang/String"), nullptr);
  if (paths == nullptr) return nullptr;
  for (size_t i = 0; i < portable.files.size(); ++i) {
    const jstring path = env->NewStringUTF(portable.files[i].path.c_str());
    if (path == nullptr) return nullptr;
    env->SetObjectArrayElement(paths, static_cast<jsize>(i), path);
    env->DeleteLocalRef(path);
  }
  const jobjectArray both = env->NewObjectArray(2, env->FindClass("java/lang/Object"), nullptr);
  if (both == nullptr) return nullptr;
  env->SetObjectArrayElement(both, 0, description);
  env->SetObjectArrayElement(both, 1, paths);
  return both;
}

jlong OpenScan(JNIEnv* env, jclass, jlong cut, jstring state) {
  return Guarded(env, jlong{0}, [&]() -> Result<jlong> {
    const CutHandle& handle = HandleOf<CutHandle>(cut);
    CASTOR_ASSIGN_OR_RETURN(const gemini::LiveCheckpoint checkpoint,
                            handle.store->CheckpointOf(*handle.cut));
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<TableScan> scan,
                            TableScan::Open(checkpoint, StringOf(env, state)));
    return NewHandle(ScanHandle{std::move(scan), {}});
  });
}

// nullptr at the end.
jbyteArray NextPage(JNIEnv* env, jclass, jlong scan) {
  ScanHandle& handle = HandleOf<ScanHandle>(scan);
  Guarded(env, [&] { return handle.scan->NextPage(&handle.page); });
  if (env->ExceptionCheck() || handle.page.empty()) return nullptr;
  return NewByteArray(env, handle.page);
}

void CloseScan(JNIEnv*, jclass, jlong scan) { DeleteHandle<ScanHandle>(scan); }

}  // namespace

bool RegisterCut(JNIEnv* env) {
  const jclass owner = env->FindClass("io/castor/flink/state/NativeCut");
  if (owner == nullptr) return false;
  const std::array methods{
      Method("start", "(J)J", Start),
      Method("await", "(JZ)V", Await),
      Method("giveUp", "(J)V", GiveUp),
      Method("release", "(J)V", Release),
      Method("describe", "(J)[Ljava/lang/Object;", Describe),
      Method("openScan", "(JLjava/lang/String;)J", OpenScan),
      Method("nextPage", "(J)[B", NextPage),
      Method("closeScan", "(J)V", CloseScan),
  };
  return env->RegisterNatives(owner, methods.data(), static_cast<jint>(methods.size())) == JNI_OK;
}

}  // namespace castor::flink
