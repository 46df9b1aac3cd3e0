package io.castor.oracle;

import io.castor.oracle.values.Collected;
import io.castor.oracle.values.ValuesTableFactory;
import io.castor.planner.script.ScriptSplitter;
import io.castor.planner.script.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions.RowtimeInserter;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.UnresolvedIdentifier;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.operations.command.ResetOperation;
import org.apache.flink.table.operations.command.SetOperation;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeUtils;
import org.apache.flink.table.types.utils.TypeConversions;

/**
 * Runs one script on real Flink as Castor would run it: all INSERTs and a SELECT as one job. The
 * results are the rows of every {@code values} sink and of the SELECT.
 */
final class ScriptRunner {

  private static final String SELECT = "SELECT";
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String run = "run" + RUNS.incrementAndGet();
  private final TableEnvironmentImpl environment;
  private final StatementSet inserts;
  private final Map<String, ResultTable> results = new LinkedHashMap<>();
  private final long timeoutSeconds;

  ScriptRunner(Map<String, String> options, long timeoutSeconds) {
    Configuration configuration = Configuration.fromMap(options);
    configuration.set(ValuesTableFactory.RUN, run);
    environment =
        TableEnvironmentImpl.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(configuration)
                .build());
    inserts = environment.createStatementSet();
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Changelogs in row text, by result table, in the order of the script. */
  Map<ResultTable, List<String>> run(String script) throws Exception {
    for (Statement statement : ScriptSplitter.split(script)) {
      interpret(statement.sql());
    }
    TableResult result = inserts.execute();
    try {
      result.await(timeoutSeconds, TimeUnit.SECONDS);
    } finally {
      result.getJobClient().ifPresent(ScriptRunner::cancelIfRunning);
    }
    Map<ResultTable, List<String>> changelogs = new LinkedHashMap<>();
    results.forEach((name, table) -> changelogs.put(table, Collected.take(run, name)));
    return changelogs;
  }

  private static void cancelIfRunning(JobClient job) {
    if (!job.getJobStatus().join().isGloballyTerminalState()) {
      job.cancel().join();
    }
  }

  private void interpret(String sql) {
    Operation operation = environment.getParser().parse(sql).get(0);
    if (operation instanceof SetOperation set && set.getKey().isPresent()) {
      environment.getConfig().set(set.getKey().get(), set.getValue().orElseThrow());
    } else if (operation instanceof ResetOperation reset) {
      reset.getKey().ifPresent(k -> environment.getConfig().getConfiguration().removeKey(k));
    } else if (operation instanceof SinkModifyOperation insert) {
      inserts.addInsertSql(sql);
      addResult(insert.getContextResolvedTable());
    } else if (operation instanceof QueryOperation) {
      addSelect(environment.sqlQuery(sql));
    } else {
      environment.executeSql(sql);
    }
  }

  private void addResult(ContextResolvedTable sink) {
    if (!"values".equals(sink.getTable().getOptions().get("connector"))) {
      return;
    }
    ResolvedSchema schema = sink.getResolvedSchema();
    List<Integer> key =
        schema
            .getPrimaryKey()
            .map(k -> k.getColumns().stream().map(schema.getColumnNames()::indexOf).toList())
            .orElse(List.of());
    String name = sink.getIdentifier().getObjectName();
    RowType type = (RowType) schema.toPhysicalRowDataType().getLogicalType();
    results.putIfAbsent(name, new ResultTable(name, type, key));
  }

  /**
   * A SELECT is an INSERT into a table that takes every kind of row, and any number of event times,
   * as Flink's own table for results does.
   */
  private void addSelect(Table query) {
    environment
        .getConfig()
        .set(ExecutionConfigOptions.TABLE_EXEC_SINK_ROWTIME_INSERTER, RowtimeInserter.DISABLED);
    ResolvedSchema schema = query.getResolvedSchema();
    List<DataType> types = new ArrayList<>();
    schema.getColumnDataTypes().forEach(type -> types.add(withoutTimeAttribute(type)));
    environment.createTemporaryTable(
        SELECT,
        TableDescriptor.forConnector("values")
            .schema(Schema.newBuilder().fromFields(schema.getColumnNames(), types).build())
            .build());
    inserts.addInsert(SELECT, query);
    addResult(
        environment
            .getCatalogManager()
            .getTableOrError(
                environment
                    .getCatalogManager()
                    .qualifyIdentifier(UnresolvedIdentifier.of(SELECT))));
  }

  private static DataType withoutTimeAttribute(DataType type) {
    return TypeConversions.fromLogicalToDataType(
        LogicalTypeUtils.removeTimeAttributes(type.getLogicalType()));
  }
}
