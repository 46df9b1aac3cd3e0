package io.castor.conformance;

import io.castor.oracle.rowtext.RowTextException;
import io.castor.oracle.rowtext.RowTextReader;
import io.castor.oracle.rowtext.RowTextWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
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

  /**
   * Rows as Flink collects them: in binary form first, of which arrays get the class of their type.
   */
  static List<Row> read(List<String> lines, DataType type) {
    DataStructureConverter<Object, Object> converter = converter(type);
    RowType logical = (RowType) type.getLogicalType();
    RowDataSerializer serializer = new RowDataSerializer(logical);
    List<Row> rows = new ArrayList<>();
    for (String line : lines) {
      RowData data = new RowTextReader(line, logical).next();
      Row row = (Row) converter.toExternal(serializer.toBinaryRow(data));
      row.setKind(data.getRowKind());
      rows.add(row);
    }
    return rows;
  }

  private static DataStructureConverter<Object, Object> converter(DataType type) {
    DataStructureConverter<Object, Object> converter = DataStructureConverters.getConverter(type);
    converter.open(RowTexts.class.getClassLoader());
    return converter;
  }
}
