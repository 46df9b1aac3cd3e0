package io.castor.planner.compile;

import io.castor.planner.PlanException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions.RowtimeInserter;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeGraph;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/**
 * Flink writes rows of one event time at most into a table, and says so when it runs a plan ({@code
 * StreamExecSink}), not when it compiles one. The result of a SELECT may have several.
 */
final class RowtimeCheck {

  private RowtimeCheck() {}

  static void check(Session session, List<CompiledStatement> sinks, ExecNodeGraph graph) {
    RowtimeInserter inserter =
        session
            .environment()
            .getConfig()
            .get(ExecutionConfigOptions.TABLE_EXEC_SINK_ROWTIME_INSERTER);
    if (inserter == RowtimeInserter.DISABLED) {
      return;
    }
    for (SinkBranch branch : SinkBranch.find(sinks, graph)) {
      CompiledStatement sink = sinks.get(branch.statement());
      if (!sink.kind().equals("SELECT")) {
        Located.run(sink.statement(), () -> checkInput(branch.sink()));
      }
    }
  }

  private static Void checkInput(ExecNode<?> sink) {
    RowType row = (RowType) sink.getInputEdges().get(0).getOutputType();
    List<RowType.RowField> times =
        row.getFields().stream()
            .filter(field -> LogicalTypeChecks.isRowtimeAttribute(field.getType()))
            .toList();
    if (times.size() > 1) {
      String names =
          times.stream().map(RowType.RowField::getName).collect(Collectors.joining(", "));
      throw new PlanException(
          "The query has more than one event time: " + names + ".",
          "Cast all but the one to be written with the rows to a plain TIMESTAMP or"
              + " TIMESTAMP_LTZ, or set 'table.exec.sink.rowtime-inserter' to 'DISABLED'.");
    }
    return null;
  }
}
