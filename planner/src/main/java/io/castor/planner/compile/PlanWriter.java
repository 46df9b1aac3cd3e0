package io.castor.planner.compile;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonGenerator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectWriter;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.SerializerProvider;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.module.SimpleSerializers;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ser.DefaultSerializerProvider;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ser.std.StdSerializer;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.planner.plan.nodes.exec.serde.CompiledPlanSerdeUtil;
import org.apache.flink.table.planner.plan.nodes.exec.serde.SerdeContext;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/**
 * Flink's writer of compiled plans, which also writes VARIANT: Flink 2.3 plans such queries, but
 * its {@code RelDataTypeJsonSerializer} and {@code LogicalTypeJsonSerializer} refuse the type. Here
 * it has its SQL form, as most types have. A row with a VARIANT and a time attribute is left to
 * Flink, since the SQL form does not name time attributes.
 */
final class PlanWriter extends ObjectWriter {

  private static final long serialVersionUID = 1L;

  private PlanWriter(ObjectWriter flink) {
    super(flink, flink.getConfig());
  }

  static PlanWriter of(SerdeContext context) {
    return new PlanWriter(CompiledPlanSerdeUtil.createJsonObjectWriter(context));
  }

  /** With a cache of serializers of its own: Flink's holds those that are replaced. */
  @Override
  protected DefaultSerializerProvider _serializerProvider() {
    ObjectWriter flink = new ObjectWriter(this, _config) {};
    SimpleSerializers types = new SimpleSerializers();
    types.addSerializer(RelDataType.class, new ExpressionTypes(flink));
    types.addSerializer(LogicalType.class, new ColumnTypes(flink));
    return new DefaultSerializerProvider.Impl()
        .createInstance(_config, _serializerFactory.withAdditionalSerializers(types));
  }

  private static final class ExpressionTypes extends StdSerializer<RelDataType> {

    private static final long serialVersionUID = 1L;

    private final ObjectWriter flink;

    ExpressionTypes(ObjectWriter flink) {
      super(RelDataType.class);
      this.flink = flink;
    }

    @Override
    public void serialize(RelDataType type, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      if (holdsVariant(type)) {
        provider.defaultSerializeValue(FlinkTypeFactory.toLogicalType(type), generator);
      } else {
        flink.writeValue(generator, type);
      }
    }

    private static boolean holdsVariant(RelDataType type) {
      if (type == null || type.getSqlTypeName() == SqlTypeName.VARIANT) {
        return type != null;
      }
      return Stream.of(type.getComponentType(), type.getKeyType(), type.getValueType())
              .anyMatch(ExpressionTypes::holdsVariant)
          || type.isStruct()
              && type.getFieldList().stream().anyMatch(f -> holdsVariant(f.getType()));
    }
  }

  private static final class ColumnTypes extends StdSerializer<LogicalType> {

    private static final long serialVersionUID = 1L;

    private final ObjectWriter flink;

    ColumnTypes(ObjectWriter flink) {
      super(LogicalType.class);
      this.flink = flink;
    }

    @Override
    public void serialize(LogicalType type, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      boolean variant = LogicalTypeChecks.hasNested(type, t -> t.is(LogicalTypeRoot.VARIANT));
      if (variant && !LogicalTypeChecks.hasNested(type, LogicalTypeChecks::isTimeAttribute)) {
        generator.writeString(type.asSerializableString());
      } else {
        flink.writeValue(generator, type);
      }
    }
  }
}
