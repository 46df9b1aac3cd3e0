package io.castor.planner.connector;

import io.castor.planner.PlanException;
import io.castor.planner.connector.ConnectorSpec.Metadata;
import io.castor.planner.connector.ConnectorSpec.MetadataColumn;
import io.castor.planner.connector.ConnectorSpec.Partitions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
    return SpecSource.create(
        options,
        types(options.connector().source().metadata(), options),
        partitions(context, options));
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    TableOptions options = check(context, "sink");
    if (options.connector().sink() == null) {
      throw wrongSide(context, options, "cannot be written to");
    }
    return SpecSink.create(options, types(options.connector().sink().metadata(), options));
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

  /** Null: the connector has no partitions. */
  private Supplier<List<Map<String, String>>> partitions(Context context, TableOptions options) {
    Partitions partitions = options.connector().source().partitions();
    if (partitions == null) {
      return null;
    }
    if (partitions.listOption() != null) {
      String list = options.get(partitions.listOption());
      return list == null ? null : () -> parsePartitions(list);
    }
    int depth = context.getCatalogTable().getPartitionKeys().size();
    String path = options.get(partitions.pathOption());
    String defaultName = options.get(partitions.defaultNameOption());
    return new PartitionLister(directory(path), depth, defaultName, readsDisk)::list;
  }

  /** {@code a=1,b=x;a=2,b=y}. */
  private static List<Map<String, String>> parsePartitions(String text) {
    List<Map<String, String>> partitions = new ArrayList<>();
    for (String partition : text.split(";")) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String part : partition.split(",")) {
        String[] pair = part.split("=", 2);
        values.put(pair[0].strip(), pair.length > 1 ? pair[1].strip() : null);
      }
      partitions.add(values);
    }
    return partitions;
  }

  private Path directory(String path) {
    if (path.startsWith("file:")) {
      return Path.of(URI.create(path).getPath());
    }
    return workingDirectory.resolve(path);
  }

  private static Map<String, DataType> types(Metadata metadata, TableOptions options) {
    Map<String, DataType> types = new LinkedHashMap<>();
    for (MetadataColumn column : metadata.columns()) {
      types.put(column.key(), parse(column.type()));
    }
    String more = metadata.option() == null ? null : options.get(metadata.option());
    if (more != null) {
      DataType row = parse("ROW<" + more + ">");
      DataType.getFields(row).forEach(f -> types.put(f.getName(), f.getDataType()));
    }
    return types;
  }

  private static DataType parse(String type) {
    ClassLoader loader = SpecTableFactory.class.getClassLoader();
    return TypeConversions.fromLogicalToDataType(LogicalTypeParser.parse(type, loader));
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
