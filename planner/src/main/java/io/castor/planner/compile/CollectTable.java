package io.castor.planner.compile;

import java.util.Map;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogManager;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.utils.LogicalTypeUtils;
import org.apache.flink.table.types.utils.TypeConversions;

/**
 * The table a SELECT is planned to write into, as compiled plans know no bare queries: the columns
 * of the query (time attributes as plain timestamps), no key, every row kind accepted.
 */
final class CollectTable {

  static final String NAME = "castor_collect";
  static final String CONNECTOR = "castor-collect";

  private CollectTable() {}

  static SinkModifyOperation sinkFor(QueryOperation query, CatalogManager catalogs) {
    ResolvedSchema schema =
        ResolvedSchema.of(
            query.getResolvedSchema().getColumns().stream()
                .map(c -> Column.physical(c.getName(), withoutTimeAttribute(c.getDataType())))
                .map(Column.class::cast)
                .toList());
    CatalogTable table =
        CatalogTable.newBuilder()
            .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
            .options(Map.of("connector", CONNECTOR))
            .build();
    ObjectIdentifier identifier =
        ObjectIdentifier.of(catalogs.getCurrentCatalog(), catalogs.getCurrentDatabase(), NAME);
    return new SinkModifyOperation(
        ContextResolvedTable.temporary(identifier, new ResolvedCatalogTable(table, schema)), query);
  }

  private static DataType withoutTimeAttribute(DataType type) {
    return LogicalTypeUtils.removeTimeAttributes(type.getLogicalType()) == type.getLogicalType()
        ? type
        : TypeConversions.fromLogicalToDataType(
            LogicalTypeUtils.removeTimeAttributes(type.getLogicalType()));
  }
}
