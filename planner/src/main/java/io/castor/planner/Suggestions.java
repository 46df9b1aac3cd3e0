package io.castor.planner;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the names that a mistyped one was probably meant to be. */
public final class Suggestions {

  private static final int MOST = 3;

  private Suggestions() {}

  /** A sentence that names the nearest candidates, or lists all when none is near and few exist. */
  public static String hint(String written, Collection<String> candidates, String noun) {
    List<String> near = nearest(written, candidates);
    if (!near.isEmpty()) {
      return "Did you mean " + quoted(near, " or ") + "?";
    }
    return "Known " + noun + ": " + quoted(candidates.stream().sorted().toList(), ", ") + ".";
  }

  public static List<String> nearest(String written, Collection<String> candidates) {
    int limit = Math.max(2, written.length() / 3);
    return candidates.stream()
        .distinct()
        .filter(c -> distance(written, c) <= limit || sharesTail(written, c))
        .sorted(Comparator.comparingInt((String c) -> distance(written, c)).thenComparing(c -> c))
        .limit(MOST)
        .toList();
  }

  private static boolean sharesTail(String written, String candidate) {
    return candidate.endsWith("." + written) || written.endsWith("." + candidate);
  }

  private static String quoted(Collection<String> names, String separator) {
    return names.stream().map(n -> "'" + n + "'").collect(Collectors.joining(separator));
  }

  /** Edit distance (Levenshtein), two rows at a time. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
