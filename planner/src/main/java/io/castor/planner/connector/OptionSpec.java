package io.castor.planner.connector;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One option of a connector or format, as its file in {@code spec/options} describes it.
 *
 * @param type string, boolean, int, long, float, double, duration, memory, enum or list
 * @param defaultValue in the syntax a user would write, or null
 * @param scope source or sink, or null for both
 * @param pattern whether {@code #} in the key stands for any column name
 * @param needsFormat whether only tables with a format take it
 */
record OptionSpec(
    String key,
    String type,
    String defaultValue,
    boolean required,
    String scope,
    boolean pattern,
    boolean needsFormat,
    List<String> values,
    List<String> fallbackKeys) {

  boolean matches(String written) {
    if (pattern) {
      return written.matches(Pattern.quote(key).replace("#", "\\E.+\\Q"));
    }
    return key.equals(written) || fallbackKeys.contains(written);
  }

  boolean usedBy(String side) {
    return scope == null || scope.equals(side);
  }

  OptionSpec withPrefix(String prefix) {
    return new OptionSpec(
        prefix + key,
        type,
        defaultValue,
        required,
        scope,
        pattern,
        needsFormat,
        values,
        fallbackKeys.stream().map(k -> prefix + k).toList());
  }
}
