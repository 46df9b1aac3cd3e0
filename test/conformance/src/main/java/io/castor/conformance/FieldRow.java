package io.castor.conformance;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.SpecializedFunction.ExpressionEvaluator;
import org.apache.flink.table.operations.ValuesQueryOperation;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.planner.codegen.calls.BridgingFunctionGenUtil;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.types.AbstractDataType;
import org.apache.flink.table.types.DataType;
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
    TableEnvironmentImpl environment =
        TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
    Bench.SETTINGS.forEach(environment.getConfig()::set);
    configuration.forEach(environment.getConfig()::set);
    Table table =
        types == null
            ? environment.fromValues(Row.of(data))
            : environment.fromValues(rowOf(types), Row.of(data));
    RowType type =
        (RowType) table.getResolvedSchema().toPhysicalRowDataType().notNull().getLogicalType();
    ValuesQueryOperation values = (ValuesQueryOperation) table.getQueryOperation();
    List<ResolvedExpression> expressions = values.getValues().get(0);
    return new FieldRow(evaluate(environment, expressions, type), type, expressions);
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
    try {
      return (RowData) evaluator.open(new FunctionContext(null, loader, null)).invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      evaluator.close();
    }
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
