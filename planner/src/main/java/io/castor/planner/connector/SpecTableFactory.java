package io.castor.planner.connector;

import io.castor.planner.PlanException;
import io.castor.planner.connector.ConnectorSpec.MetadataColumn;
import io.castor.planner.connector.ConnectorSpec.Partitions;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.flink.table.types.utils.TypeConversions;

/**
 * The one table factory of the planner, for all connectors. It is handed to Flink by {@link
 * SpecModule}, hence without service files: a connector is its option file.
 */
final class SpecTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {

  private final SpecRegistry registry;
  private final Path workingDirectory;
  private final Runnable readsDisk;

  SpecTableFactory(SpecRegistry registry, Path workingDirectory, Runnable readsDisk) {
    this.registry = registry;
    this.workingDirectory = workingDirectory;
    this.readsDisk = readsDisk;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    TableOptions options = check(context, "source");
    if (options.connector().source() == null) {
      throw wrongSide(context, options, "cannot be read from");
    }
    List<MetadataColumn> metadata = options.connector().source().metadata();
    return SpecSource.create(options, types(metadata), partitions(context, options));
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    TableOptions options = check(context, "sink");
    if (options.connector().sink() == null) {
      throw wrongSide(context, options, "cannot be written to");
    }
    return SpecSink.create(options, types(options.connector().sink().metadata()));
  }

  private TableOptions check(Context context, String side) {
    ResolvedCatalogTable table = context.getCatalogTable();
    return TableOptions.check(
        registry, context.getObjectIdentifier().asSummaryString(), table.getOptions(), side);
  }

  private static PlanException wrongSide(Context context, TableOptions options, String what) {
    String name = context.getObjectIdentifier().getObjectName();
    return new PlanException(
            "Table " + name + " " + what + ".",
            "Connector '" + options.connector().name() + "' " + what + ".")
        .inTable(context.getObjectIdentifier().asSummaryString(), "connector");
  }

  private PartitionLister partitions(Context context, TableOptions options) {
    Partitions partitions = options.connector().source().partitions();
    if (partitions == null) {
      return null;
    }
    int depth = context.getCatalogTable().getPartitionKeys().size();
    String path = options.get(partitions.pathOption());
    String defaultName = options.get(partitions.defaultNameOption());
    return new PartitionLister(directory(path), depth, defaultName, readsDisk);
  }

  private Path directory(String path) {
    if (path.startsWith("file:")) {
      return Path.of(URI.create(path).getPath());
    }
    return workingDirectory.resolve(path);
  }

  private static Map<String, DataType> types(List<MetadataColumn> columns) {
    Map<String, DataType> types = new LinkedHashMap<>();
    for (MetadataColumn column : columns) {
      ClassLoader loader = SpecTableFactory.class.getClassLoader();
      types.put(
          column.key(),
          TypeConversions.fromLogicalToDataType(LogicalTypeParser.parse(column.type(), loader)));
    }
    return types;
  }

  @Override
  public String factoryIdentifier() {
    return "castor";
  }

  /** Checked by {@link TableOptions}, not by Flink. */
  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }
}
