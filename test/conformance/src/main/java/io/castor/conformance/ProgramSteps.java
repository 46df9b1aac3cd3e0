package io.castor.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.expressions.DefaultSqlFactory;
import org.apache.flink.table.test.program.ConfigOptionTestStep;
import org.apache.flink.table.test.program.FailingSqlTestStep;
import org.apache.flink.table.test.program.FailingTableApiTestStep;
import org.apache.flink.table.test.program.ModelTestStep;
import org.apache.flink.table.test.program.SinkTestStep;
import org.apache.flink.table.test.program.SourceTestStep;
import org.apache.flink.table.test.program.SqlTestStep;
import org.apache.flink.table.test.program.StatementSetTestStep;
import org.apache.flink.table.test.program.TableApiTestStep;
import org.apache.flink.table.test.program.TableTestProgram;
import org.apache.flink.table.test.program.TemporalFunctionTestStep;
import org.apache.flink.table.test.program.TestStep;
import org.apache.flink.table.types.DataType;

/** Writes a table test program as steps over Castor's {@code values} connector. */
final class ProgramSteps {

  /** Which rows the sources have, and whether they end behind them. */
  record Input(boolean before, boolean after, boolean bounded) {}

  /**
   * Where a restore test stops the job all inputs have given their rows before, and none has begun
   * with the others; that also decides which rows are late.
   */
  private static final String BETWEEN = "@pause 300\n";

  private final TableTestProgram program;
  private final Map<String, String> defaults;
  private final Schemas schemas;

  /**
   * @param defaults options that the test sets before the program's own
   */
  ProgramSteps(TableTestProgram program, Map<String, String> defaults) {
    this.program = program;
    this.defaults = defaults;
    this.schemas = Schemas.of(program);
  }

  /** Type of the rows of a sink. */
  DataType typeOf(SinkTestStep sink) {
    return TableMetadata.rowsOf(sink, schemas.get(sink.name));
  }

  List<Integer> keyOf(SinkTestStep sink) {
    List<String> columns = DataType.getFieldNames(typeOf(sink));
    return schemas
        .get(sink.name)
        .getPrimaryKey()
        .map(key -> key.getColumns().stream().map(columns::indexOf).toList())
        .orElse(List.of());
  }

  /**
   * @param extra options that hold unless the program sets them
   * @param out folder in which each sink has one
   */
  List<Step> write(Input input, Map<String, String> extra, Path out) {
    List<Step> steps = prepare(input, extra, out);
    program.runSteps.forEach(step -> addRun(step, steps));
    return steps;
  }

  /** The same with one of the steps that run. */
  List<Step> writeOnly(TestStep run, Input input, Path out) {
    List<Step> steps = prepare(input, Map.of(), out);
    addRun(run, steps);
    return steps;
  }

  private List<Step> prepare(Input input, Map<String, String> extra, Path out) {
    List<Step> steps = new ArrayList<>();
    Bench.SETTINGS.forEach((key, value) -> steps.add(new Step.Setting(key, value)));
    extra.forEach((key, value) -> steps.add(new Step.Setting(key, value)));
    defaults.forEach((key, value) -> steps.add(new Step.Setting(key, value)));
    for (TestStep step : program.setupSteps) {
      steps.add(setup(step, input, out));
    }
    return steps;
  }

  private Step setup(TestStep step, Input input, Path out) {
    if (step instanceof ConfigOptionTestStep<?> option) {
      return setting(option);
    }
    if (step instanceof SourceTestStep source) {
      return TestTable.source(source, rows(source, input), input.bounded());
    }
    if (step instanceof SinkTestStep sink) {
      return TestTable.sink(sink, out.resolve(sink.name));
    }
    if (step instanceof SqlTestStep sql) {
      return new Step.Sql(sql.sql);
    }
    if (step instanceof TemporalFunctionTestStep function) {
      return new Step.Define(function::apply);
    }
    if (step instanceof ModelTestStep) {
      throw new Unsupported("models");
    }
    throw new IllegalStateException("Unknown step " + step.getKind());
  }

  private static <T> Step setting(ConfigOptionTestStep<T> step) {
    Configuration text = new Configuration();
    text.set(step.option, step.value);
    return new Step.Setting(step.option.key(), text.toMap().get(step.option.key()));
  }

  private String rows(SourceTestStep source, Input input) {
    DataType type = TableMetadata.rowsOf(source, schemas.get(source.name));
    String before = input.before() ? RowTexts.print(source.dataBeforeRestore, type) : "";
    if (!input.after()) {
      return before;
    }
    boolean alone = program.getSetupSourceTestSteps().size() == 1;
    return before
        + (input.before() && !alone ? BETWEEN : "")
        + RowTexts.print(source.dataAfterRestore, type);
  }

  private static void addRun(TestStep step, List<Step> steps) {
    if (step instanceof SqlTestStep sql) {
      steps.add(new Step.Sql(sql.sql));
    } else if (step instanceof FailingSqlTestStep failing) {
      steps.add(new Step.Sql(failing.sql));
    } else if (step instanceof StatementSetTestStep set) {
      set.statements.forEach(sql -> steps.add(new Step.Sql(sql)));
    } else if (step instanceof TableApiTestStep api) {
      steps.add(insert(api, Fields.get(api, "sinkName"), Fields.get(api, "conflictStrategy")));
    } else if (step instanceof FailingTableApiTestStep api) {
      steps.add(insertFailing(api));
    } else {
      throw new IllegalStateException("Unknown step " + step.getKind());
    }
  }

  /** As {@code TableApiTestStep.applyAsSql}. */
  private static Step insert(TableApiTestStep api, String sink, Object conflict) {
    String suffix = conflict == null ? "" : " ON CONFLICT DO " + conflict;
    return new Step.SqlOf(
        environment ->
            "INSERT INTO "
                + sink
                + " "
                + api.toTable(environment)
                    .getQueryOperation()
                    .asSerializableString(DefaultSqlFactory.INSTANCE)
                + suffix);
  }

  private static Step insertFailing(FailingTableApiTestStep api) {
    String sink = Fields.get(api, "sinkName");
    return new Step.SqlOf(
        environment ->
            "INSERT INTO "
                + sink
                + " "
                + api.toTable(environment)
                    .getQueryOperation()
                    .asSerializableString(DefaultSqlFactory.INSTANCE));
  }
}
