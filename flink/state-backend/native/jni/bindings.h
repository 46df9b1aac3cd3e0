// The native methods of Java's classes, and their registration.
//
// Bytes of accesses go through the exchange; only a query takes an array. Sizes that Java gives
// have been checked there.
#pragma once

#include <jni.h>

namespace castor::flink {

// False: an exception is on its way.
bool RegisterStore(JNIEnv* env);
bool RegisterCut(JNIEnv* env);
bool RegisterBatch(JNIEnv* env);
bool RegisterParts(JNIEnv* env);

}  // namespace castor::flink
