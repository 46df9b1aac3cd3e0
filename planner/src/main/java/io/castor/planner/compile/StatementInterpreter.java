package io.castor.planner.compile;

import io.castor.planner.PlanException;
import io.castor.planner.script.Statement;
import java.util.Map;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.operations.CreateTableASOperation;
import org.apache.flink.table.operations.ModifyOperation;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.operations.UseCatalogOperation;
import org.apache.flink.table.operations.UseDatabaseOperation;
import org.apache.flink.table.operations.command.ResetOperation;
import org.apache.flink.table.operations.command.SetOperation;
import org.apache.flink.table.operations.ddl.AlterCatalogCommentOperation;
import org.apache.flink.table.operations.ddl.AlterCatalogOptionsOperation;
import org.apache.flink.table.operations.ddl.AlterDatabaseOperation;
import org.apache.flink.table.operations.ddl.AlterTableOperation;
import org.apache.flink.table.operations.ddl.AlterViewOperation;
import org.apache.flink.table.operations.ddl.CreateCatalogOperation;
import org.apache.flink.table.operations.ddl.CreateDatabaseOperation;
import org.apache.flink.table.operations.ddl.CreateTableOperation;
import org.apache.flink.table.operations.ddl.CreateViewOperation;
import org.apache.flink.table.operations.ddl.DropCatalogOperation;
import org.apache.flink.table.operations.ddl.DropDatabaseOperation;
import org.apache.flink.table.operations.ddl.DropTableOperation;
import org.apache.flink.table.operations.ddl.DropViewOperation;

/**
 * Gives each statement its effect: definitions and settings change the session at once, INSERT and
 * SELECT become sinks of the job. What has no place in a job is refused with a remedy.
 */
final class StatementInterpreter {

  /** Definitions that Flink carries out on its catalog, and their names in the bundle. */
  private static final Map<Class<? extends Operation>, String> DEFINITIONS =
      Map.ofEntries(
          Map.entry(CreateTableOperation.class, "CREATE_TABLE"),
          Map.entry(CreateViewOperation.class, "CREATE_VIEW"),
          Map.entry(CreateDatabaseOperation.class, "CREATE_DATABASE"),
          Map.entry(CreateCatalogOperation.class, "CREATE_CATALOG"),
          Map.entry(DropTableOperation.class, "DROP_TABLE"),
          Map.entry(DropViewOperation.class, "DROP_VIEW"),
          Map.entry(DropDatabaseOperation.class, "DROP_DATABASE"),
          Map.entry(DropCatalogOperation.class, "DROP_CATALOG"),
          Map.entry(AlterTableOperation.class, "ALTER_TABLE"),
          Map.entry(AlterViewOperation.class, "ALTER_VIEW"),
          Map.entry(AlterDatabaseOperation.class, "ALTER_DATABASE"),
          Map.entry(AlterCatalogOptionsOperation.class, "ALTER_CATALOG"),
          Map.entry(AlterCatalogCommentOperation.class, "ALTER_CATALOG"),
          Map.entry(UseCatalogOperation.class, "USE"),
          Map.entry(UseDatabaseOperation.class, "USE"));

  private final Session session;
  private boolean hasSinks;
  private boolean hasSelect;

  StatementInterpreter(Session session) {
    this.session = session;
  }

  CompiledStatement interpret(Statement statement) {
    Refusals.check(statement.sql());
    Operation operation = session.environment().getParser().parse(statement.sql()).get(0);
    if (operation instanceof SetOperation set) {
      return set(statement, set);
    }
    if (operation instanceof ResetOperation reset) {
      return reset(statement, reset);
    }
    if (operation instanceof SinkModifyOperation insert) {
      return insert(statement, insert);
    }
    if (operation instanceof CreateTableASOperation create) {
      session.environment().executeInternal(create.getCreateTableOperation());
      ObjectIdentifier table = create.getCreateTableOperation().getTableIdentifier();
      ModifyOperation sink = create.toSinkModifyOperation(session.catalogs());
      hasSinks = true;
      return new CompiledStatement(statement, "CREATE_TABLE_AS", table, sink);
    }
    if (operation instanceof QueryOperation query) {
      return select(statement, query);
    }
    return define(statement, operation);
  }

  private CompiledStatement define(Statement statement, Operation operation) {
    for (var definition : DEFINITIONS.entrySet()) {
      if (definition.getKey().isInstance(operation)) {
        session.environment().executeInternal(operation);
        ObjectIdentifier table =
            operation instanceof CreateTableOperation create ? create.getTableIdentifier() : null;
        return new CompiledStatement(statement, definition.getValue(), table, null);
      }
    }
    throw Refusals.refuse(statement.sql());
  }

  private CompiledStatement set(Statement statement, SetOperation set) {
    refuseAfterSinks("SET");
    if (set.getKey().isEmpty()) {
      throw new PlanException(
          "SET without a key only shows options.", "Write SET 'key' = 'value'; or leave it out.");
    }
    String key = set.getKey().get();
    String value = set.getValue().orElseThrow();
    SettingCheck.check(key, value);
    session.set(key, value);
    return new CompiledStatement(statement, "SET", null, null);
  }

  private CompiledStatement reset(Statement statement, ResetOperation reset) {
    refuseAfterSinks("RESET");
    reset.getKey().ifPresentOrElse(session::reset, session::resetAll);
    return new CompiledStatement(statement, "RESET", null, null);
  }

  private void refuseAfterSinks(String what) {
    if (hasSinks) {
      throw new PlanException(
          what + " after the first INSERT or SELECT.",
          "All INSERTs of a script form one job with one set of options: move it to the top.");
    }
  }

  private CompiledStatement insert(Statement statement, SinkModifyOperation insert) {
    if (insert.isUpdate() || insert.isDelete()) {
      throw new PlanException(
          (insert.isUpdate() ? "UPDATE" : "DELETE") + " is not possible in a streaming job.",
          "Use INSERT INTO.");
    }
    String connector =
        insert.getContextResolvedTable().getTable().getOptions().get(FactoryUtil.CONNECTOR.key());
    if (insert.isOverwrite() && !session.registry().overwrites(connector)) {
      throw new PlanException(
          "INSERT OVERWRITE is not possible in a streaming job.", "Use INSERT INTO.");
    }
    hasSinks = true;
    return new CompiledStatement(statement, "INSERT", null, insert);
  }

  private CompiledStatement select(Statement statement, QueryOperation query) {
    if (hasSelect) {
      throw new PlanException(
          "A script can show the rows of one SELECT only.",
          "Run the SELECTs one by one, or write INSERT INTO tables with 'connector' = 'print'.");
    }
    hasSinks = true;
    hasSelect = true;
    ModifyOperation sink = CollectTable.sinkFor(query, session.catalogs());
    return new CompiledStatement(statement, "SELECT", null, sink);
  }
}
