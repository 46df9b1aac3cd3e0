package io.castor.flink.state;

/** Gemini's own checkpoint of an instance: a description, and the files that it names by number. */
final class NativeCheckpoint {
  final byte[] description;
  final String[] paths;

  NativeCheckpoint(byte[] description, String[] paths) {
    this.description = description;
    this.paths = paths;
  }
}
