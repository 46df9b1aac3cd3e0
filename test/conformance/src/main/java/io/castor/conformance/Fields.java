package io.castor.conformance;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Reads what Flink's test classes keep to themselves. */
final class Fields {

  private Fields() {}

  /** A field of the object's class or of one above it. */
  @SuppressWarnings("unchecked")
  static <T> T get(Object object, String name) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return (T) field.get(object);
      } catch (NoSuchFieldException e) {
        continue;
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException(object.getClass() + " has no field " + name);
  }

  /** Calls the method of a name, wherever in the object's class or above it stands. */
  @SuppressWarnings("unchecked")
  static <T> T call(Object object, String name, Object... arguments) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
          return (T) invoke(method, object, arguments);
        }
      }
    }
    throw new IllegalStateException(object.getClass() + " has no method " + name);
  }

  private static Object invoke(Method method, Object object, Object... arguments) {
    try {
      method.setAccessible(true);
      return method.invoke(object, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method + ": " + Causes.message(e), e);
    }
  }
}
