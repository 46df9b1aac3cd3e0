package io.castor.flink.state;

import org.apache.flink.util.FlinkRuntimeException;

/** Gemini could not do what it was asked for; also thrown by native code. */
public final class GeminiException extends FlinkRuntimeException {
  public GeminiException(String message) {
    super(message);
  }

  public GeminiException(String message, Throwable cause) {
    super(message, cause);
  }
}
