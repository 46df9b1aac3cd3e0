package io.castor.oracle.rowtext;

/**
 * A cursor over row text: skips space and comments, takes tokens, and knows the line for errors.
 * Not thread-safe.
 */
final class Scanner {

  private final String text;
  private int at;

  Scanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    skipBlank();
    return at == text.length();
  }

  /** Takes the character if it comes next. */
  boolean take(char c) {
    skipBlank();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) {
    if (!take(c)) {
      throw error("expected '" + c + "'");
    }
  }

  /** Takes the word if it comes next and ends there. */
  boolean takeWord(String word) {
    skipBlank();
    int end = at + word.length();
    if (text.startsWith(word, at)
        && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
      at = end;
      return true;
    }
    return false;
  }

  boolean takePrefix(String prefix) {
    skipBlank();
    if (text.startsWith(prefix, at)) {
      at += prefix.length();
      return true;
    }
    return false;
  }

  /** A bare value: all up to a separator, a bracket or the end of the line. */
  String bare() {
    skipBlank();
    int begin = at;
    while (at < text.length() && ",[](){}#\"\n\r".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at).strip();
  }

  /** A map key ends at a colon that is followed by a space, since times have colons too. */
  String bareKey() {
    skipBlank();
    int begin = at;
    while (at < text.length()
        && ",[](){}#\"\n\r".indexOf(text.charAt(at)) < 0
        && !(text.charAt(at) == ':' && followedByBlank())) {
      at++;
    }
    return text.substring(begin, at).strip();
  }

  private boolean followedByBlank() {
    return at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1));
  }

  /** A JSON string, quotes included in the text, not in the result. */
  String quoted() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return out.toString();
      }
      out.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case '"', '\\', '/' -> c;
      case 'u' -> {
        String digits = "" + next() + next() + next() + next();
        try {
          yield (char) Integer.parseInt(digits, 16);
        } catch (NumberFormatException e) {
          throw error("bad escape \\u" + digits);
        }
      }
      default -> throw error("bad escape \\" + c);
    };
  }

  private char next() {
    if (at == text.length()) {
      throw error("the string is not closed");
    }
    return text.charAt(at++);
  }

  private void skipBlank() {
    while (at < text.length()) {
      if (text.charAt(at) == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else {
        return;
      }
    }
  }

  RowTextException error(String message) {
    long line =
        text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
    return new RowTextException("line " + line + ": " + message);
  }
}
