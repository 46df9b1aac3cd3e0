package io.castor.conformance;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexNode;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.data.util.DataFormatConverters;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.legacy.types.logical.TypeInformationRawType;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.runtime.types.TypeInfoLogicalTypeConverter;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import scala.Product;
import scala.collection.JavaConverters;
import scala.collection.mutable.ArrayBuffer;

/**
 * A test class of the older kind ({@code ExpressionTestBase}, in Scala). Its methods, when called,
 * only collect expressions with the text of their result; here they are called and what they
 * collected is read. Not thread-safe.
 */
final class ExpressionTest {

  /**
   * What a method collected.
   *
   * @param errors SQL expression to its error
   * @param apiErrors expression of the Table API to its error
   */
  record Collected(
      List<ExpressionItem> results,
      List<Map.Entry<String, Expected>> errors,
      List<Map.Entry<Expression, Expected>> apiErrors,
      Map<String, String> options) {}

  private final Object test;

  ExpressionTest(Object test) {
    this.test = test;
  }

  List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    for (Method method : test.getClass().getMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        methods.add(method);
      }
    }
    methods.sort((a, b) -> a.getName().compareTo(b.getName()));
    return methods;
  }

  Collected collect(Method method) throws InvocationTargetException, IllegalAccessException {
    Fields.call(test, "prepare");
    method.invoke(test);
    TableConfig config = Fields.get(test, "tableConfig");
    List<ExpressionItem> results = new ArrayList<>();
    for (Product collected : tuples("validExprs")) {
      String expression = (String) collected.productElement(0);
      String expected = (String) collected.productElement(2);
      if (expected != null) {
        RexNode node = (RexNode) collected.productElement(1);
        LogicalType type = typeAsSql(expression);
        boolean same =
            type != null
                && FlinkTypeFactory.toLogicalType(node.getType()).is(type.getTypeRoot())
                && typeAsSql(ExpressionItem.asText(expression)) != null;
        results.add(new ExpressionItem(expression, same ? null : node, type != null, expected));
      }
    }
    return new Collected(
        results,
        errors("invalidSqlExprs"),
        errors("invalidTableApiExprs"),
        config.getConfiguration().toMap());
  }

  @SuppressWarnings("unchecked")
  private <T> List<Map.Entry<T, Expected>> errors(String field) {
    List<Map.Entry<T, Expected>> errors = new ArrayList<>();
    for (Product collected : tuples(field)) {
      Class<?> type = (Class<?>) collected.productElement(2);
      String keywords = (String) collected.productElement(1);
      errors.add(
          Map.entry(
              (T) collected.productElement(0),
              new Expected(type, keywords, type == ValidationException.class)));
    }
    return errors;
  }

  private List<Product> tuples(String field) {
    ArrayBuffer<Product> buffer = Fields.get(test, field);
    return List.copyOf(JavaConverters.seqAsJavaList(buffer));
  }

  /** What the Table API prints is SQL at times, and mostly means the same; null: it is no SQL. */
  private LogicalType typeAsSql(String expression) {
    TableEnvironment environment = Fields.get(test, "tEnv");
    String table = Fields.get(test, "tableName");
    try {
      Table query = environment.sqlQuery("SELECT " + expression + " FROM " + table);
      return query.getResolvedSchema().getColumnDataTypes().get(0).getLogicalType();
    } catch (RuntimeException | AssertionError e) {
      return null;
    }
  }

  /** Names of functions written in Java. Only behind {@link #collect}. */
  List<String> functions() {
    List<String> names = new ArrayList<>();
    Map<String, ?> system = Fields.call(test, "testSystemFunctions");
    names.addAll(system.keySet());
    scala.collection.Map<String, ?> others = Fields.call(test, "functions");
    names.addAll(JavaConverters.mapAsJavaMap(others).keySet());
    return names;
  }

  /** Names of the columns of the row its expressions read. Only behind {@link #collect}. */
  List<String> fields() {
    boolean legacy = Fields.call(test, "containsLegacyTypes");
    if (legacy) {
      TypeInformation<?> info = Fields.call(test, "typeInfo");
      return List.of(((RowTypeInfo) info).getFieldNames());
    }
    DataType type = Fields.get(test, "resolvedDataType");
    return DataType.getFieldNames(type);
  }

  /** The row its expressions read. Only behind {@link #collect}. */
  Feed.Partial feed() {
    boolean legacy = Fields.call(test, "containsLegacyTypes");
    DataType type = Fields.get(test, "resolvedDataType");
    Row row = Fields.call(test, "testData");
    if (legacy) {
      TypeInformation<?> info = Fields.call(test, "typeInfo");
      RowType logical = (RowType) TypeInfoLogicalTypeConverter.fromTypeInfoToLogicalType(info);
      return Feed.ofRow((RowData) internal(type, row), withSerializers(logical));
    }
    DataStructureConverter<Object, Object> converter = DataStructureConverters.getConverter(type);
    converter.open(getClass().getClassLoader());
    return Feed.ofRow((RowData) converter.toInternal(row), (RowType) type.getLogicalType());
  }

  /** Values of a class known only by name get the serializer that Flink finds for it. */
  private static RowType withSerializers(RowType row) {
    List<RowType.RowField> fields = new ArrayList<>();
    for (RowType.RowField field : row.getFields()) {
      LogicalType type =
          field.getType() instanceof TypeInformationRawType<?> raw
              ? raw.resolve(new ExecutionConfig())
              : field.getType();
      fields.add(new RowType.RowField(field.getName(), type));
    }
    return new RowType(row.isNullable(), fields);
  }

  @SuppressWarnings("unchecked")
  private static Object internal(DataType type, Row row) {
    return DataFormatConverters.getConverterForDataType(type).toInternal(row);
  }
}
