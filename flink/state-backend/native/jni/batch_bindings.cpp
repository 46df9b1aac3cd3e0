#include <array>

#include "flink/state-backend/native/jni/bindings.h"
#include "flink/state-backend/native/jni/handles.h"
#include "flink/state-backend/native/jni/java_error.h"

namespace castor::flink {
namespace {

RequestBatch& BatchOf(jlong number) { return *HandleOf<BatchHandle>(number).batch; }

jlong Open(JNIEnv* env, jclass) {
  return Guarded(env, jlong{0}, [&]() -> Result<jlong> {
    return NewHandle(BatchHandle{std::make_unique<RequestBatch>()});
  });
}

void Close(JNIEnv*, jclass, jlong batch) { DeleteHandle<BatchHandle>(batch); }

jobject BufferOf(JNIEnv* env, Exchange& exchange) {
  return env->NewDirectByteBuffer(exchange.data(), static_cast<jlong>(exchange.capacity()));
}

// With what has been put into it.
jobject Message(JNIEnv* env, jclass, jlong batch, jint capacity) {
  try {
    Exchange& message = BatchOf(batch).message();
    message.Resize(static_cast<size_t>(capacity));
    return BufferOf(env, message);
  } catch (const std::exception& failure) {
    Throw(env, failure.what());
    return nullptr;
  }
}

jobject Answers(JNIEnv* env, jclass, jlong batch) {
  return BufferOf(env, BatchOf(batch).answers());
}

jint Run(JNIEnv* env, jclass, jlong batch, jlong store, jint bytes) {
  return Guarded(env, jint{0}, [&] {
    return HandleOf<StoreHandle>(store).store->Run(&BatchOf(batch), static_cast<size_t>(bytes));
  });
}

}  // namespace

bool RegisterBatch(JNIEnv* env) {
  const jclass owner = env->FindClass("io/castor/flink/state/NativeBatch");
  if (owner == nullptr) return false;
  const std::array methods{
      Method("open", "()J", Open),
      Method("close", "(J)V", Close),
      Method("message", "(JI)Ljava/nio/ByteBuffer;", Message),
      Method("answers", "(J)Ljava/nio/ByteBuffer;", Answers),
      Method("run", "(JJI)I", Run),
  };
  return env->RegisterNatives(owner, methods.data(), static_cast<jint>(methods.size())) == JNI_OK;
}

}  // namespace castor::flink
