package io.castor.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The list of tests that pass, kept in the repository. It may only grow. A line is a name, or
 * several that differ in their last part only: {@code JsonFunctionsITCase/3: 0 2 3}.
 */
final class PassingList {

  private static final String SEPARATOR = ": ";

  private final Path file;
  private final Set<String> names = new TreeSet<>();

  private PassingList(Path file) {
    this.file = file;
  }

  static PassingList read(Path file) throws IOException {
    PassingList list = new PassingList(file);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        list.add(line);
      }
    }
    return list;
  }

  private void add(String line) {
    int separator = line.indexOf(SEPARATOR);
    if (line.startsWith("#") || line.isBlank()) {
      return;
    }
    if (separator < 0) {
      names.add(line);
      return;
    }
    String prefix = line.substring(0, separator);
    for (String last : line.substring(separator + SEPARATOR.length()).split(" ")) {
      names.add(prefix + "/" + last);
    }
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  /** Whether a test whose name begins so is listed. */
  boolean containsBelow(String prefix) {
    return names.stream().anyMatch(n -> n.equals(prefix) || n.startsWith(prefix + "/"));
  }

  /** Listed tests that did not pass, or are no longer there. */
  List<String> lost(Collection<Result> results) {
    Set<String> passed =
        results.stream()
            .filter(r -> r.state() == State.PASSED)
            .map(Result::id)
            .collect(Collectors.toSet());
    return names.stream().filter(n -> !passed.contains(n)).toList();
  }

  int size() {
    return names.size();
  }

  /** Adds what passed; takes nothing away. */
  void grow(Collection<Result> results) throws IOException {
    results.stream().filter(r -> r.state() == State.PASSED).map(Result::id).forEach(names::add);
    Files.writeString(file, text());
  }

  /** Of the file, as the page of compatibility names it. */
  String sha256() throws IOException {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String text() {
    StringBuilder text =
        new StringBuilder(
            "# Tests of Flink that pass, by name. It may only grow: conformance.sh --update.\n");
    String open = null;
    for (String name : sorted()) {
      int slash = name.lastIndexOf('/');
      String last = name.substring(slash + 1);
      boolean number = last.chars().allMatch(Character::isDigit);
      String prefix = number ? name.substring(0, slash) : null;
      if (number && prefix.equals(open)) {
        text.append(' ').append(last);
      } else {
        text.append(open == null && text.charAt(text.length() - 1) == '\n' ? "" : "\n");
        text.append(number ? prefix + SEPARATOR + last : name);
      }
      open = prefix;
    }
    return text.append('\n').toString();
  }

  private List<String> sorted() {
    return names.stream().sorted(PassingList::compare).toList();
  }

  /** Numbers by value. */
  private static int compare(String a, String b) {
    String[] left = a.split("/");
    String[] right = b.split("/");
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      boolean numbers = (left[i] + right[i]).chars().allMatch(Character::isDigit);
      int order =
          numbers
              ? Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]))
              : left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }
}
