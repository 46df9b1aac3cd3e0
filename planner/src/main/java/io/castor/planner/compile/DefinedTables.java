package io.castor.planner.compile;

import io.castor.planner.Json;
import java.util.TreeMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.catalog.CatalogManager;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;

/**
 * The tables and views of the current database with columns and options: what a script that cannot
 * be planned has defined all the same, for who completes what is typed.
 */
final class DefinedTables {

  private DefinedTables() {}

  static ArrayNode of(Session session) {
    CatalogManager catalogs = session.catalogs();
    ArrayNode tables = Json.array();
    for (String name : session.environment().listTables()) {
      ObjectIdentifier identifier =
          ObjectIdentifier.of(catalogs.getCurrentCatalog(), catalogs.getCurrentDatabase(), name);
      catalogs
          .getTable(identifier)
          .ifPresent(table -> describe(name, table.getResolvedTable(), tables.addObject()));
    }
    return tables;
  }

  private static void describe(String name, ResolvedCatalogBaseTable<?> table, ObjectNode entry) {
    entry.put("name", name);
    ArrayNode columns = entry.putArray("columns");
    for (Column column : table.getResolvedSchema().getColumns()) {
      columns
          .addObject()
          .put("name", column.getName())
          .put("type", column.getDataType().getLogicalType().asSummaryString());
    }
    ObjectNode options = entry.putObject("options");
    new TreeMap<>(table.getOptions()).forEach(options::put);
  }
}
