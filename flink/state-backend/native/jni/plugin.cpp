// What the JVM calls when it has loaded the library.
#include <jni.h>

#include "flink/state-backend/native/jni/bindings.h"
#include "flink/state-backend/native/jni/java_error.h"

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void*) {
  JNIEnv* env = nullptr;
  if (vm->GetEnv(reinterpret_cast<void**>(&env), JNI_VERSION_1_8) != JNI_OK) return JNI_ERR;
  const bool registered = castor::flink::FindExceptionClass(env) &&
                          castor::flink::RegisterStore(env) && castor::flink::RegisterCut(env) &&
                          castor::flink::RegisterBatch(env) && castor::flink::RegisterParts(env);
  return registered ? JNI_VERSION_1_8 : JNI_ERR;
}

extern "C" JNIEXPORT void JNICALL JNI_OnUnload(JavaVM* vm, void*) {
  JNIEnv* env = nullptr;
  if (vm->GetEnv(reinterpret_cast<void**>(&env), JNI_VERSION_1_8) == JNI_OK) {
    castor::flink::ForgetExceptionClass(env);
  }
}
