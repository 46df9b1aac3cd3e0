package io.castor.planner.compile;

import java.io.IOException;
import java.util.function.Predicate;
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
    types.addSerializer(
        new TypeSerializer<>(
            RelDataType.class,
            flink,
            PlanWriter::holdsVariant,
            (type, generator, provider) ->
                provider.defaultSerializeValue(FlinkTypeFactory.toLogicalType(type), generator)));
    types.addSerializer(
        new TypeSerializer<>(
            LogicalType.class,
            flink,
            PlanWriter::holdsVariant,
            (type, generator, provider) -> generator.writeString(type.asSerializableString())));
    return new DefaultSerializerProvider.Impl()
        .createInstance(_config, _serializerFactory.withAdditionalSerializers(types));
  }

  private static boolean holdsVariant(RelDataType type) {
    if (type == null || type.getSqlTypeName() == SqlTypeName.VARIANT) {
      return type != null;
    }
    return Stream.of(type.getComponentType(), type.getKeyType(), type.getValueType())
            .anyMatch(PlanWriter::holdsVariant)
        || type.isStruct() && type.getFieldList().stream().anyMatch(f -> holdsVariant(f.getType()));
  }

  private static boolean holdsVariant(LogicalType type) {
    return LogicalTypeChecks.hasNested(type, t -> t.is(LogicalTypeRoot.VARIANT))
        && !LogicalTypeChecks.hasNested(type, LogicalTypeChecks::isTimeAttribute);
  }

  private interface Writer<T> {
    void write(T type, JsonGenerator generator, SerializerProvider provider) throws IOException;
  }

  /** Writes some types by a writer of their own, all others as Flink does. */
  private static final class TypeSerializer<T> extends StdSerializer<T> {

    private static final long serialVersionUID = 1L;

    private final ObjectWriter flink;
    private final transient Predicate<T> isOwn;
    private final transient Writer<T> own;

    TypeSerializer(Class<T> kind, ObjectWriter flink, Predicate<T> isOwn, Writer<T> own) {
      super(kind);
      this.flink = flink;
      this.isOwn = isOwn;
      this.own = own;
    }

    @Override
    public void serialize(T type, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      if (isOwn.test(type)) {
        own.write(type, generator, provider);
      } else {
        flink.writeValue(generator, type);
      }
    }
  }
}
