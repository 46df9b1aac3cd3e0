package io.castor.planner.compile;

import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeGraph;
import org.apache.flink.table.planner.plan.nodes.exec.serde.SerdeContext;

/**
 * What Flink's planner made of the statements: trees before and after optimisation, and the graph
 * that a compiled plan is written from.
 */
record Planned(
    List<RelNode> logical,
    List<RelNode> optimized,
    ExecNodeGraph graph,
    SerdeContext serdeContext) {}
