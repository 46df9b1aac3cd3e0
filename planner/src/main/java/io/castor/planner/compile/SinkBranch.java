package io.castor.planner.compile;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.planner.plan.nodes.exec.ExecEdge;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeGraph;
import org.apache.flink.table.planner.plan.nodes.exec.common.CommonExecSink;

/**
 * Which part of the graph a statement became: the sink it writes to, and the top of what only it
 * computes. They differ when Flink merges INSERTs into one table into one sink over a union (its
 * {@code SinkReuser}), whose inputs then stand in the order of the statements.
 *
 * @param statement index in the script
 */
record SinkBranch(int statement, ExecNode<?> sink, ExecNode<?> top) {

  static List<SinkBranch> find(List<CompiledStatement> statements, ExecNodeGraph graph) {
    List<SinkBranch> branches = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i).sink() != null) {
        branches.add(find(statements, i, graph));
      }
    }
    return branches;
  }

  private static SinkBranch find(
      List<CompiledStatement> statements, int index, ExecNodeGraph graph) {
    ObjectIdentifier table = target(statements.get(index));
    List<CommonExecSink> sinks =
        graph.getRootNodes().stream()
            .map(CommonExecSink.class::cast)
            .filter(s -> identifier(s).equals(table))
            .toList();
    List<CompiledStatement> writers =
        statements.stream().filter(s -> s.sink() != null && target(s).equals(table)).toList();
    int rank = writers.indexOf(statements.get(index));
    if (sinks.size() == writers.size()) {
      return new SinkBranch(index, sinks.get(rank), sinks.get(rank));
    }
    // Several sinks of one table, some of them merged, are rare: such statements share what they
    // compute, and the last sink stands for those that have none of their own.
    CommonExecSink sink = sinks.get(Math.min(rank, sinks.size() - 1));
    if (sinks.size() > 1) {
      return new SinkBranch(index, sink, sink);
    }
    ExecNode<?> union = sink.getInputEdges().get(0).getSource();
    List<ExecEdge> inputs = union.getInputEdges();
    return new SinkBranch(index, sink, inputs.get(rank).getSource());
  }

  private static ObjectIdentifier target(CompiledStatement statement) {
    return ((SinkModifyOperation) statement.sink()).getContextResolvedTable().getIdentifier();
  }

  private static ObjectIdentifier identifier(CommonExecSink sink) {
    return sink.getTableSinkSpec().getContextResolvedTable().getIdentifier();
  }
}
