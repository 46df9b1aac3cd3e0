package io.castor.oracle.rowtext;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * What a {@code values} source emits, in order (specified in {@code spec/values-connector.md}).
 * Exactly one of the three is set.
 *
 * @param watermark epoch milliseconds
 * @param pauseMillis how long nothing is emitted
 */
public record Item(RowData row, Long watermark, Long pauseMillis) {

  public static List<Item> read(String text, RowType type) {
    RowTextReader reader = new RowTextReader(text, type);
    List<Item> items = new ArrayList<>();
    while (reader.hasNext()) {
      if (reader.takeMark("watermark")) {
        items.add(new Item(null, watermark(reader), null));
      } else if (reader.takeMark("pause")) {
        items.add(new Item(null, null, pause(reader)));
      } else {
        items.add(new Item(reader.next(), null, null));
      }
    }
    return items;
  }

  private static long watermark(RowTextReader reader) {
    String text = reader.markValue().replaceFirst("Z$", "");
    try {
      return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw reader.error("'" + text + "' is no watermark");
    }
  }

  private static long pause(RowTextReader reader) {
    String text = reader.markValue();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw reader.error("'" + text + "' is no number of milliseconds");
    }
  }
}
