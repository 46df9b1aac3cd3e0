package io.castor.oracle.rowtext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTextTest {

  private static RowType rowOf(String type) {
    return (RowType)
        LogicalTypeParser.parse("ROW<c " + type + ">", RowTextTest.class.getClassLoader());
  }

  private static String printed(String type, String field) {
    RowType row = rowOf(type);
    RowTextReader reader = new RowTextReader("[" + field + "]", row);
    String text = new RowTextWriter(row).print(reader.next());
    assertFalse(reader.hasNext());
    assertTrue(text.startsWith("+I[") && text.endsWith("]"), text);
    return text.substring(3, text.length() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "BOOLEAN | true",
        "TINYINT | -128",
        "SMALLINT | 32767",
        "INT | NULL",
        "BIGINT | -9223372036854775808",
        "DECIMAL(10, 2) | -12.30",
        "DECIMAL(38, 38) | 0.12345678901234567890123456789012345678",
        "DECIMAL(20, 0) | 12345678901234567890",
        "FLOAT | 1.0E10",
        "FLOAT | 0.1",
        "FLOAT | 3.4028235E38",
        "DOUBLE | 0.1",
        "DOUBLE | 5.0E-324",
        "DOUBLE | 2.0E-4",
        "DOUBLE | 0.001",
        "DOUBLE | 9999999.0",
        "DOUBLE | 1.0E7",
        "DOUBLE | 2.0E23",
        "DOUBLE | 9.007199254740992E15",
        "DOUBLE | 9.5367431640625E-7",
        "DOUBLE | 1.7976931348623157E308",
        "DOUBLE | -0.0",
        "DOUBLE | NaN",
        "DOUBLE | -Infinity",
        "STRING | ~\"a\\\"b\\\\\\n\\u0001é😀/\"~",
        "CHAR(3) | \"\"",
        "BYTES | x\"00ff\"",
        "BINARY(2) | x\"\"",
        "DATE | 2024-02-29",
        "DATE | -0001-12-31",
        "DATE | +12345-01-01",
        "TIME(0) | 23:59:59",
        "TIME(3) | 00:00:00.120",
        "TIMESTAMP(0) | 2024-02-29 23:59:59",
        "TIMESTAMP(9) | 1969-12-31 23:59:59.123456789",
        "TIMESTAMP_LTZ(3) | 2024-01-01 00:00:00.100Z",
        "INTERVAL YEAR TO MONTH | 14",
        "INTERVAL DAY TO SECOND(3) | -1500",
        "ROW<a INT, b ROW<c STRING>> | (1, (\"x\"))",
        "ROW<a INT> | (NULL)",
        "ARRAY<INT> | [1, NULL, 3]",
        "ARRAY<ARRAY<STRING>> | [[], [\"a\"]]",
        "MAP<STRING, INT> | {\"a\": 1, \"b\": NULL}",
        "MAP<TIMESTAMP(0), INT> | {2024-01-01 00:00:00: 1}",
        "MULTISET<STRING> | {\"a\": 2}",
      })
  void canonicalTextComesBack(String type, String field) {
    assertEquals(field, printed(type, field));
  }

  @Test
  void otherFormsAreReadToo() {
    assertEquals("1.50", printed("DECIMAL(10, 2)", "1.5"));
    assertEquals("1.0", printed("DOUBLE", "1"));
    assertEquals("100000.0", printed("DOUBLE", "1e5"));
    assertEquals("x\"0a\"", printed("BYTES", "x\"0A\""));
    assertEquals("2024-01-01 00:00:00.000", printed("TIMESTAMP(3)", "2024-01-01 00:00:00"));
    assertEquals("{\"a\": 1, \"b\": 2}", printed("MAP<STRING, INT>", "{\"b\": 2, \"a\": 1}"));
    assertEquals("\"/\"", printed("STRING", "\"\\/\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT | 1.5",
        "INT | 2147483648",
        "TINYINT | 128",
        "BOOLEAN | TRUE",
        "DECIMAL(4, 1) | 1.25",
        "DECIMAL(3, 1) | 100",
        "DECIMAL(10, 2) | 1e2",
        "DOUBLE | 0x1p3",
        "DOUBLE | 1.0f",
        "STRING | abc",
        "STRING | 'abc'",
        "DATE | 2023-02-29",
        "TIMESTAMP(3) | 2024-01-01T00:00:00",
        "TIMESTAMP(3) | 2024-01-01 00:00:00.1234",
        "TIMESTAMP_LTZ(3) | 2024-01-01 00:00:00",
        "INT NOT NULL | NULL",
        "BYTES | x\"0\"",
        "ARRAY<INT> | [1 2]",
      })
  void wrongTextIsRefusedWithItsColumn(String type, String field) {
    RowTextReader reader = new RowTextReader("\n[" + field + "]", rowOf(type));
    RowTextException error = assertThrows(RowTextException.class, reader::next);
    assertTrue(error.getMessage().matches("(?s)line 2: .* in column c"), error::getMessage);
  }

  @Test
  void kindsCommentsAndMarks() {
    RowType type = rowOf("STRING");
    List<Item> items =
        Item.read(
            """
            ["a # b"] # comment ]
            -U ["c"]+U["d"]
            @watermark 1970-01-01 00:00:01.5
            @pause 20   # ms
            """,
            type);
    RowTextWriter writer = new RowTextWriter(type);
    assertEquals("+I[\"a # b\"]", writer.print(items.get(0).row()));
    assertEquals("-U[\"c\"]", writer.print(items.get(1).row()));
    assertEquals("+U[\"d\"]", writer.print(items.get(2).row()));
    assertEquals(1500L, items.get(3).watermark());
    assertEquals(20L, items.get(4).pauseMillis());
    assertEquals(5, items.size());
  }
}
