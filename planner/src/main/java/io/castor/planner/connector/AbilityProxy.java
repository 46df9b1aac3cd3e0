package io.castor.planner.connector;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * Gives an object exactly the interfaces its connector declares. Flink's planner asks a table
 * source or sink for its abilities with {@code instanceof}, and here they are known from a file
 * only at run time. The target implements the methods of all abilities without declaring their
 * interfaces.
 */
public final class AbilityProxy {

  private AbilityProxy() {}

  public static Object of(Object target, Set<Class<?>> abilities) {
    return Proxy.newProxyInstance(
        AbilityProxy.class.getClassLoader(),
        abilities.toArray(Class<?>[]::new),
        (proxy, method, arguments) -> call(target, proxy, method, arguments));
  }

  private static Object call(Object target, Object proxy, Method method, Object[] arguments)
      throws Throwable {
    try {
      if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
        return proxy == arguments[0];
      }
      Method own = find(target, method);
      if (own != null) {
        return own.invoke(target, arguments);
      }
      if (method.isDefault()) {
        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
      }
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    throw new UnsupportedOperationException(method + " is not for planning");
  }

  private static Method find(Object target, Method method) {
    try {
      return target.getClass().getMethod(method.getName(), method.getParameterTypes());
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
