package io.castor.conformance;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.test.program.SinkTestStep;
import org.apache.flink.table.test.program.SourceTestStep;
import org.apache.flink.table.test.program.SqlTestStep;
import org.apache.flink.table.test.program.TableTestProgram;
import org.apache.flink.table.test.program.TableTestStep;
import org.apache.flink.table.test.program.TestStep;

/** Schemas of the tables of a program, as Flink resolves them. */
final class Schemas {

  private final Map<String, ResolvedSchema> tables = new HashMap<>();

  static Schemas of(TableTestProgram program) {
    TableEnvironmentImpl environment =
        TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
    environment.loadModule("values", new ValuesModule());
    Schemas schemas = new Schemas();
    for (TestStep step : program.setupSteps) {
      if (step instanceof SourceTestStep || step instanceof SinkTestStep) {
        schemas.add(environment, (TableTestStep) step);
      } else if (step instanceof SqlTestStep sql) {
        sql.apply(environment);
      }
    }
    return schemas;
  }

  ResolvedSchema get(String table) {
    return tables.get(table);
  }

  private void add(TableEnvironmentImpl environment, TableTestStep step) {
    environment.executeSql(TestTable.bareDdl(step));
    ObjectIdentifier identifier =
        ObjectIdentifier.of(
            environment.getCurrentCatalog(), environment.getCurrentDatabase(), step.name);
    tables.put(
        step.name, environment.getCatalogManager().getTableOrError(identifier).getResolvedSchema());
  }
}
