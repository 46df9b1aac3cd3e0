// How errors of native code become exceptions of Java: a Status, or a C++ exception, is thrown as
// io.castor.flink.state.GeminiException with its message.
#pragma once

#include <jni.h>

#include <exception>
#include <string>

#include "base/status.h"

namespace castor::flink {

// Finds the class, in JNI_OnLoad. False: an exception is on its way.
bool FindExceptionClass(JNIEnv* env);
void ForgetExceptionClass(JNIEnv* env);
void Throw(JNIEnv* env, const std::string& message);

// What `call` answers, or `otherwise` with an exception on its way.
template <typename Answer, typename Call>
Answer Guarded(JNIEnv* env, Answer otherwise, const Call& call) {
  try {
    auto answer = call();
    if (answer.ok()) return static_cast<Answer>(*answer);
    Throw(env, answer.status().ToString());
  } catch (const std::exception& failure) {
    Throw(env, failure.what());
  }
  return otherwise;
}

template <typename Call>
void Guarded(JNIEnv* env, const Call& call) {
  try {
    const Status status = call();
    if (!status.ok()) Throw(env, status.ToString());
  } catch (const std::exception& failure) {
    Throw(env, failure.what());
  }
}

}  // namespace castor::flink
