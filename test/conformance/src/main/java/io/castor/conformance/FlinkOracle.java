package io.castor.conformance;

import io.castor.oracle.Cluster;
import io.castor.oracle.values.Collected;
import io.castor.oracle.values.ValuesTableFactory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.types.utils.TypeConversions;

/**
 * Flink itself, run on the same steps over the same connector in the form it has in {@code
 * test/oracle}. Thread-safe.
 */
final class FlinkOracle implements AutoCloseable {

  /** The table that takes the rows of a {@link Step.Select}. */
  static final String SELECTED = "selected";

  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final long TIMEOUT_SECONDS = 30;

  /** Started when it is first needed, which takes seconds. */
  private Cluster cluster;

  private synchronized Map<String, String> options() throws Exception {
    if (cluster == null) {
      cluster = Cluster.start();
    }
    return cluster.options();
  }

  /**
   * The changelogs of the sinks in row text, by name.
   *
   * @throws IllegalStateException Flink does not plan it, or its job broke
   */
  Map<String, List<String>> answer(List<Step> steps) {
    String run = "conformance" + RUNS.incrementAndGet();
    try {
      Session session = new Session(run, options());
      steps.forEach(session::apply);
      session.run();
      Map<String, List<String>> rows = new LinkedHashMap<>();
      session.sinks.forEach(sink -> rows.put(sink, Collected.take(run, sink)));
      return rows;
    } catch (Exception e) {
      throw new IllegalStateException(Causes.message(e), e);
    }
  }

  @Override
  public synchronized void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static final class Session {

    private final TableEnvironmentImpl environment;
    private final StatementSet inserts;
    private final Set<String> sinks = new LinkedHashSet<>();

    Session(String run, Map<String, String> options) {
      Configuration configuration = Configuration.fromMap(options);
      configuration.set(ValuesTableFactory.RUN, run);
      environment =
          TableEnvironmentImpl.create(
              EnvironmentSettings.newInstance()
                  .inStreamingMode()
                  .withConfiguration(configuration)
                  .build());
      environment.loadModule("values", new ValuesModule());
      inserts = environment.createStatementSet();
    }

    void apply(Step step) {
      if (step instanceof Step.Setting setting) {
        environment.getConfig().set(setting.key(), setting.value());
      } else if (step instanceof Step.Define define) {
        define.action().accept(environment);
      } else if (step instanceof Step.Sql sql) {
        interpret(sql.text());
      } else if (step instanceof Step.SqlOf sql) {
        interpret(sql.text().apply(environment));
      } else if (step instanceof Step.Select select) {
        select(select.query().apply(environment));
      }
    }

    private void select(Table query) {
      TableDescriptor sink =
          TableDescriptor.forConnector("values")
              .schema(
                  Schema.newBuilder()
                      .fromRowDataType(
                          TypeConversions.fromLogicalToDataType(
                              query.getResolvedSchema().toPhysicalRowDataType().getLogicalType()))
                      .build())
              .build();
      environment.createTable(SELECTED, sink);
      inserts.addInsert(SELECTED, query);
      sinks.add(SELECTED);
    }

    private void interpret(String sql) {
      Operation operation = environment.getParser().parse(sql).get(0);
      if (operation instanceof SinkModifyOperation insert) {
        inserts.addInsertSql(sql);
        sinks.add(insert.getContextResolvedTable().getIdentifier().getObjectName());
      } else {
        environment.executeSql(sql);
      }
    }

    void run() throws Exception {
      TableResult result = inserts.execute();
      try {
        result.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } finally {
        result
            .getJobClient()
            .filter(job -> !job.getJobStatus().join().isGloballyTerminalState())
            .ifPresent(job -> job.cancel().join());
      }
    }
  }
}
