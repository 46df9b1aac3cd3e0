package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the native library that the jar carries, once a class loader. */
final class NativeLibrary {
  private static final String NAME = "libgemini_jni.so";
  private static boolean loaded;

  private NativeLibrary() {}

  /** Extracts to {@code folder} for as long as that takes: what is loaded needs no file. */
  static synchronized void load(File folder) throws IOException {
    if (loaded) {
      return;
    }
    String resource = platform() + "/" + NAME;
    Files.createDirectories(folder.toPath());
    Path extracted = Files.createTempDirectory(folder.toPath(), "gemini-library-");
    Path file = extracted.resolve(NAME);
    try (InputStream bytes = NativeLibrary.class.getResourceAsStream("/" + resource)) {
      if (bytes == null) {
        throw new IOException("the state backend has no native library for " + platform());
      }
      Files.copy(bytes, file);
      System.load(file.toAbsolutePath().toString());
      loaded = true;
    } catch (UnsatisfiedLinkError failure) {
      throw new IOException("the native library " + resource + " cannot be loaded", failure);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(extracted);
    }
  }

  private static String platform() {
    String architecture = System.getProperty("os.arch");
    return System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT)
        + "-"
        + (architecture.equals("amd64") ? "x86_64" : architecture);
  }
}
