package io.castor.conformance;

import io.castor.oracle.values.ValuesTableFactory;
import java.util.Optional;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.module.Module;

/** Makes {@code values} mean Castor's connector: Flink's tests have one of that name too. */
final class ValuesModule implements Module {

  @Override
  public Optional<DynamicTableSourceFactory> getTableSourceFactory() {
    return Optional.of(new ValuesTableFactory());
  }

  @Override
  public Optional<DynamicTableSinkFactory> getTableSinkFactory() {
    return Optional.of(new ValuesTableFactory());
  }
}
