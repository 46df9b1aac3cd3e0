package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.DefaultSqlFactory;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.SpecializedFunction.ExpressionEvaluator;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.operations.ProjectQueryOperation;
import org.apache.flink.table.operations.ValuesQueryOperation;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.planner.codegen.calls.BridgingFunctionGenUtil;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.types.AbstractDataType;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.DataTypeUtils;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.Row;

/**
 * The one row a test of scalar functions reads. A test gives it to {@code fromValues}, which takes
 * Java's values of many classes, expressions too, and casts them to the types of the fields:
 * Flink's own code computes the row here, in this process.
 */
record FieldRow(RowData row, RowType type, List<ResolvedExpression> expressions) {

  /**
   * @param types null: those that Flink derives
   */
  static FieldRow compute(
      Object[] data, AbstractDataType<?>[] types, Map<String, String> configuration) {
    TableEnvironmentImpl environment = environment(configuration);
    Table table = values(environment, data, types);
    RowType type =
        (RowType) table.getResolvedSchema().toPhysicalRowDataType().notNull().getLogicalType();
    ValuesQueryOperation values = (ValuesQueryOperation) table.getQueryOperation();
    List<ResolvedExpression> expressions = values.getValues().get(0);
    return new FieldRow(evaluate(environment, expressions, type), type, expressions);
  }

  private static TableEnvironmentImpl environment(Map<String, String> configuration) {
    TableEnvironmentImpl environment =
        TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
    Bench.SETTINGS.forEach(environment.getConfig()::set);
    configuration.forEach(environment.getConfig()::set);
    return environment;
  }

  private static Table values(
      TableEnvironmentImpl environment, Object[] data, AbstractDataType<?>[] types) {
    return types == null
        ? environment.fromValues(Row.of(data))
        : environment.fromValues(rowOf(types), Row.of(data));
  }

  /**
   * The row with a column behind for what each call of a function written in Java gives.
   *
   * @param functions those functions, by name
   */
  static FieldRow compute(
      Object[] data,
      AbstractDataType<?>[] types,
      Map<String, String> configuration,
      JavaCalls calls,
      Map<String, Class<? extends UserDefinedFunction>> functions) {
    FieldRow fields = compute(data, types, configuration);
    TableEnvironmentImpl environment = environment(configuration);
    functions.forEach(environment::createTemporarySystemFunction);
    Table table = values(environment, data, types);
    environment.createTemporaryView(Feed.TABLE, table);
    List<RowType.RowField> columns = new ArrayList<>(fields.type.getFields());
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      LogicalType type = columns.get(i).getType();
      values.add(RowData.createFieldGetter(type.copy(true), i).getFieldOrNull(fields.row));
    }
    calls
        .columns()
        .forEach(
            (name, call) -> {
              Table result =
                  call instanceof String sql
                      ? environment.sqlQuery("SELECT " + sql + " FROM " + Feed.TABLE)
                      : table.select((Expression) call);
              DataType type = result.getResolvedSchema().getColumnDataTypes().get(0);
              String sql =
                  call instanceof String text
                      ? text
                      : ((ProjectQueryOperation) result.getQueryOperation())
                          .getProjectList()
                          .get(0)
                          .asSerializableString(DefaultSqlFactory.INSTANCE);
              values.add(fields.call(environment, sql, type));
              columns.add(new RowType.RowField(name, type.getLogicalType()));
            });
    return new FieldRow(
        GenericRowData.of(values.toArray()), new RowType(false, columns), fields.expressions);
  }

  /** What SQL over the fields gives. */
  private Object call(TableEnvironmentImpl environment, String sql, DataType type) {
    PlannerBase planner = (PlannerBase) environment.getPlanner();
    List<Object> arguments = new ArrayList<>();
    List<DataTypes.Field> parameters = new ArrayList<>();
    for (RowType.RowField field : this.type.getFields()) {
      DataType argument = TypeConversions.fromLogicalToDataType(field.getType());
      parameters.add(DataTypes.FIELD(field.getName(), DataTypeUtils.toInternalDataType(argument)));
      arguments.add(
          RowData.createFieldGetter(field.getType().copy(true), arguments.size())
              .getFieldOrNull(row));
    }
    ClassLoader loader = FieldRow.class.getClassLoader();
    ExpressionEvaluator evaluator =
        new BridgingFunctionGenUtil.DefaultExpressionEvaluatorFactory(
                environment.getConfig(), loader, planner.getFlinkContext().getRexFactory())
            .createEvaluator(
                "ROW(" + sql + ")",
                DataTypeUtils.toInternalDataType(
                    DataTypes.ROW(DataTypes.FIELD("value", type)).notNull()),
                parameters.toArray(DataTypes.Field[]::new));
    RowData value = (RowData) invoke(evaluator, loader, arguments);
    return RowData.createFieldGetter(type.getLogicalType().copy(true), 0).getFieldOrNull(value);
  }

  private static Object invoke(
      ExpressionEvaluator evaluator, ClassLoader loader, List<Object> arguments) {
    try {
      return evaluator.open(new FunctionContext(null, loader, null)).invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      evaluator.close();
    }
  }

  private static AbstractDataType<?> rowOf(AbstractDataType<?>[] types) {
    return DataTypes.ROW(
        IntStream.range(0, types.length)
            .mapToObj(i -> DataTypes.FIELD("f" + i, types[i]))
            .toArray(DataTypes.UnresolvedField[]::new));
  }

  private static RowData evaluate(
      TableEnvironmentImpl environment, List<ResolvedExpression> fields, RowType type) {
    PlannerBase planner = (PlannerBase) environment.getPlanner();
    DataType output = DataTypeUtils.toInternalDataType(planned(type, planner.getTypeFactory()));
    CallExpression row =
        CallExpression.permanent(
            BuiltInFunctionDefinitions.ROW,
            fields.stream().map(FieldRow::withTypedNulls).toList(),
            output);
    ClassLoader loader = FieldRow.class.getClassLoader();
    ExpressionEvaluator evaluator =
        new BridgingFunctionGenUtil.DefaultExpressionEvaluatorFactory(
                environment.getConfig(), loader, planner.getFlinkContext().getRexFactory())
            .createEvaluator(row, output, new DataTypes.Field[0]);
    return (RowData) invoke(evaluator, loader, List.of());
  }

  /** The planner knows fewer types: one INTERVAL of each family, TIME of three digits. */
  private static DataType planned(RowType type, FlinkTypeFactory factory) {
    return TypeConversions.fromLogicalToDataType(
        FlinkTypeFactory.toLogicalType(factory.createFieldTypeFromLogicalType(type)));
  }

  /** As the planner's simplification does: NULL of no type cannot be cast by generated code. */
  private static ResolvedExpression withTypedNulls(ResolvedExpression expression) {
    if (!(expression instanceof CallExpression call)) {
      return expression;
    }
    List<ResolvedExpression> arguments =
        call.getResolvedChildren().stream().map(FieldRow::withTypedNulls).toList();
    DataType type = call.getOutputDataType();
    boolean untyped =
        call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST
            && arguments.get(0).getOutputDataType().getLogicalType().is(LogicalTypeRoot.NULL);
    return untyped
        ? new ValueLiteralExpression(null, type.nullable())
        : call.replaceArgs(arguments, type);
  }
}
