package io.castor.planner.connector;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.module.Module;

/**
 * Puts {@link SpecTableFactory} in front of every factory Flink would discover: a module's factory
 * has precedence, for temporary tables too.
 */
public final class SpecModule implements Module {

  private final SpecTableFactory factory;

  /**
   * @param workingDirectory against which relative paths of tables are resolved
   * @param readsDisk called when planning looks at files, so that the plan must not be cached
   */
  public SpecModule(SpecRegistry registry, Path workingDirectory, Runnable readsDisk) {
    this.factory = new SpecTableFactory(registry, workingDirectory, readsDisk);
  }

  @Override
  public Optional<DynamicTableSourceFactory> getTableSourceFactory() {
    return Optional.of(factory);
  }

  @Override
  public Optional<DynamicTableSinkFactory> getTableSinkFactory() {
    return Optional.of(factory);
  }
}
