package io.castor.conformance;

import io.castor.oracle.rowtext.RowTextException;
import io.castor.oracle.rowtext.RowTextReader;
import io.castor.oracle.rowtext.RowTextWriter;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;

/** Flink's external rows to row text and back. */
final class RowTexts {

  private RowTexts() {}

  /** One row a line, with kinds. */
  static String print(List<Row> rows, DataType type) {
    DataStructureConverter<Object, Object> converter = converter(type);
    RowTextWriter writer = new RowTextWriter((RowType) type.getLogicalType());
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      RowData data = (RowData) converter.toInternal(row);
      data.setRowKind(row.getKind());
      try {
        text.append(writer.print(data)).append('\n');
      } catch (RowTextException e) {
        throw new Unsupported("values connector: " + e.getMessage());
      }
    }
    return text.toString();
  }

  static List<Row> read(List<String> lines, DataType type) {
    DataStructureConverter<Object, Object> converter = converter(type);
    return lines.stream().map(line -> read(line, type, converter)).toList();
  }

  private static Row read(
      String line, DataType type, DataStructureConverter<Object, Object> converter) {
    RowData data = new RowTextReader(line, (RowType) type.getLogicalType()).next();
    Row row = (Row) converter.toExternal(data);
    row.setKind(data.getRowKind());
    return row;
  }

  private static DataStructureConverter<Object, Object> converter(DataType type) {
    DataStructureConverter<Object, Object> converter = DataStructureConverters.getConverter(type);
    converter.open(RowTexts.class.getClassLoader());
    return converter;
  }
}
