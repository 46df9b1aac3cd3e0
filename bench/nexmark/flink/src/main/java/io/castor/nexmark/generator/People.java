package io.castor.nexmark.generator;

import static io.castor.nexmark.generator.Draws.pickHigh;
import static io.castor.nexmark.generator.Draws.pickLow;

import java.util.Arrays;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.binary.BinaryStringData;

/** The texts of a person; {@code spec/nexmark.md}, section 7. */
final class People {
  private static final String[] FIRST_NAMES = {
    "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"
  };
  private static final String[] LAST_NAMES = {
    "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"
  };
  private static final String[] CITIES = {
    "Phoenix",
    "Los Angeles",
    "San Francisco",
    "Boise",
    "Portland",
    "Bend",
    "Redmond",
    "Seattle",
    "Kent",
    "Cheyenne"
  };
  private static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
  private static final byte BLANK = ' ';

  private final Draws draws;
  private final BinaryStringData[] names = names();
  private final BinaryStringData[] cities = binary(CITIES);
  private final BinaryStringData[] states = binary(STATES);

  People(Draws draws) {
    this.draws = draws;
  }

  /** Sets fields 1 to 5 and returns the sum of their lengths. */
  int fill(long n, GenericRowData row) {
    long w0 = draws.word(n, 0);
    long w4 = draws.word(n, 4);
    int name =
        (int) (pickHigh(w0, FIRST_NAMES.length) * LAST_NAMES.length)
            + (int) pickLow(w0, LAST_NAMES.length);
    BinaryStringData email = wrap(email(n));
    BinaryStringData city = cities[(int) pickHigh(w4, CITIES.length)];
    BinaryStringData state = states[(int) pickLow(w4, STATES.length)];
    row.setField(1, names[name]);
    row.setField(2, email);
    row.setField(3, wrap(creditCard(n)));
    row.setField(4, city);
    row.setField(5, state);
    return names[name].getSizeInBytes()
        + email.getSizeInBytes()
        + 19
        + city.getSizeInBytes()
        + state.getSizeInBytes();
  }

  private byte[] email(long n) {
    long w1 = draws.word(n, 1);
    byte[] user = text(draws, n, 8, 3 + (int) pickHigh(w1, 4), BLANK);
    byte[] domain = text(draws, n, 10, 3 + (int) pickLow(w1, 2), BLANK);
    byte[] email = Arrays.copyOf(user, user.length + 1 + domain.length + 4);
    int at = user.length;
    email[at++] = '@';
    System.arraycopy(domain, 0, email, at, domain.length);
    at += domain.length;
    email[at++] = '.';
    email[at++] = 'c';
    email[at++] = 'o';
    email[at] = 'm';
    return email;
  }

  private byte[] creditCard(long n) {
    byte[] card = new byte[19];
    long w2 = draws.word(n, 2);
    long w3 = draws.word(n, 3);
    fourDigits((int) pickHigh(w2, 10_000), card, 0);
    card[4] = BLANK;
    fourDigits((int) pickLow(w2, 10_000), card, 5);
    card[9] = BLANK;
    fourDigits((int) pickHigh(w3, 10_000), card, 10);
    card[14] = BLANK;
    fourDigits((int) pickLow(w3, 10_000), card, 15);
    return card;
  }

  private static void fourDigits(int value, byte[] to, int at) {
    to[at] = (byte) ('0' + value / 1000);
    to[at + 1] = (byte) ('0' + value / 100 % 10);
    to[at + 2] = (byte) ('0' + value / 10 % 10);
    to[at + 3] = (byte) ('0' + value % 10);
  }

  /** A text without blanks at its ends. */
  static byte[] text(Draws draws, long n, int firstWord, int length, byte special) {
    byte[] text = new byte[length];
    Texts.write(draws, n, firstWord, length, special, text, 0);
    int from = 0;
    int to = length;
    while (from < to && text[from] == BLANK) {
      from++;
    }
    while (from < to && text[to - 1] == BLANK) {
      to--;
    }
    return to - from == length ? text : Arrays.copyOfRange(text, from, to);
  }

  static BinaryStringData wrap(byte[] text) {
    return BinaryStringData.fromBytes(text);
  }

  private static BinaryStringData[] names() {
    BinaryStringData[] names = new BinaryStringData[FIRST_NAMES.length * LAST_NAMES.length];
    for (int i = 0; i < names.length; i++) {
      names[i] =
          Texts.binary(
              FIRST_NAMES[i / LAST_NAMES.length] + " " + LAST_NAMES[i % LAST_NAMES.length]);
    }
    return names;
  }

  private static BinaryStringData[] binary(String[] texts) {
    return Arrays.stream(texts).map(Texts::binary).toArray(BinaryStringData[]::new);
  }
}
