package io.castor.planner;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the names that a mistyped one was probably meant to be. */
public final class Suggestions {

  private static final int MOST = 3;

  /** More than so many names nobody reads. */
  private static final int MOST_LISTED = 20;

  private Suggestions() {}

  /**
   * A sentence that names the nearest candidates; when none is near, it lists all, or those of the
   * written name's group if there are many.
   */
  public static String hint(String written, Collection<String> candidates, String noun) {
    List<String> near = nearest(written, candidates);
    if (!near.isEmpty()) {
      return "Did you mean " + quoted(near, " or ") + "?";
    }
    if (candidates.size() <= MOST_LISTED) {
      return "Known " + noun + ": " + listed(candidates, "") + ".";
    }
    for (int dot = written.lastIndexOf('.'); dot >= 0; dot = written.lastIndexOf('.', dot - 1)) {
      String group = written.substring(0, dot + 1);
      long members = candidates.stream().filter(c -> c.startsWith(group)).count();
      if (members > MOST_LISTED) {
        return "There are " + members + " " + noun + " that begin with '" + group + "'.";
      }
      if (members > 0) {
        return "Known "
            + noun
            + " that begin with '"
            + group
            + "': "
            + listed(candidates, group)
            + ".";
      }
    }
    return "There are " + candidates.size() + " " + noun + ", none of them like it.";
  }

  private static String listed(Collection<String> candidates, String prefix) {
    return quoted(candidates.stream().filter(c -> c.startsWith(prefix)).sorted().toList(), ", ");
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
