package io.castor.oracle;

import io.castor.oracle.rowtext.RowTextReader;
import io.castor.oracle.rowtext.RowTextWriter;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * A sink whose rows are shown.
 *
 * @param key column indexes of its key; empty: none
 */
record ResultTable(String name, RowType type, List<Integer> key) {

  List<String> materialize(List<String> changelog) {
    return Materializer.apply(changelog, key.isEmpty() ? null : this::keyOf);
  }

  private String keyOf(String row) {
    RowData data = new RowTextReader(row, type).next();
    RowTextWriter writer = new RowTextWriter(type);
    return key.stream().map(i -> writer.printField(data, i)).toList().toString();
  }
}
