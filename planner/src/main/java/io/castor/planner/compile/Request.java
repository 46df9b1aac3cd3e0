package io.castor.planner.compile;

import java.nio.file.Path;
import java.util.Map;

/**
 * What to compile.
 *
 * @param name the job's name unless {@code pipeline.name} is set
 * @param settings options set before the script runs
 * @param workingDirectory against which relative paths are resolved while planning
 * @param explain whether Flink's explanation goes with the bundle
 */
public record Request(
    String script,
    String name,
    Map<String, String> settings,
    Path workingDirectory,
    boolean explain) {}
