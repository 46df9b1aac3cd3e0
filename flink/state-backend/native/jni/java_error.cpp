#include "flink/state-backend/native/jni/java_error.h"

namespace castor::flink {
namespace {

jclass exception_class = nullptr;

}  // namespace

bool FindExceptionClass(JNIEnv* env) {
  const jclass found = env->FindClass("io/castor/flink/state/GeminiException");
  if (found == nullptr) return false;
  exception_class = static_cast<jclass>(env->NewGlobalRef(found));
  return exception_class != nullptr;
}

void ForgetExceptionClass(JNIEnv* env) { env->DeleteGlobalRef(exception_class); }

void Throw(JNIEnv* env, const std::string& message) {
  if (!env->ExceptionCheck()) env->ThrowNew(exception_class, message.c_str());
}

}  // namespace castor::flink
