package io.castor.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The classes of the published tests of Flink's planner. */
final class TestJar {

  private static final String KNOWN_CLASS =
      "org/apache/flink/table/planner/functions/BuiltInFunctionTestBase.class";

  private TestJar() {}

  /** Instances of the concrete classes below a package that extend a base, in order of name. */
  static List<Object> instances(String folder, Class<?> base) {
    List<Object> found = new ArrayList<>();
    for (String name : classNames(folder)) {
      Class<?> type = load(name);
      if (base.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
        found.add(create(type));
      }
    }
    return found;
  }

  static Class<?> require(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Flink's tests have no class " + name, e);
    }
  }

  private static List<String> classNames(String folder) {
    URL url = TestJar.class.getClassLoader().getResource(KNOWN_CLASS);
    try {
      JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile();
      return jar.stream()
          .map(JarEntry::getName)
          .filter(n -> n.startsWith(folder) && n.endsWith(".class") && !n.contains("$"))
          .map(n -> n.substring(0, n.length() - ".class".length()).replace('/', '.'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, TestJar.class.getClassLoader());
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new IllegalStateException("Flink's test " + name + " cannot be loaded", e);
    }
  }

  private static Object create(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      // The one parameter there ever is asks for streaming.
      return constructor.getParameterCount() == 0
          ? constructor.newInstance()
          : constructor.newInstance(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Flink's test " + type + " cannot be created", e);
    }
  }
}
