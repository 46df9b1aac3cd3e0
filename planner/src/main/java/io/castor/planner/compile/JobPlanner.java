package io.castor.planner.compile;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeGraph;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Runs Flink's planner on all sinks of a script at once. The steps are those of {@code
 * PlannerBase.compilePlan}, taken one by one to keep the trees in between.
 */
final class JobPlanner {

  private JobPlanner() {}

  /** Must not run concurrently: Flink counts node ids in a static counter. */
  static Planned plan(Session session, List<CompiledStatement> sinks) {
    PlannerBase planner = session.planner();
    ExecNodeContext.resetIdCounter();
    planner.beforeTranslation();
    try {
      List<RelNode> logical = new ArrayList<>();
      for (CompiledStatement sink : sinks) {
        logical.add(Located.run(sink.statement(), () -> planner.translateToRel(sink.sink())));
      }
      Seq<RelNode> optimized = optimize(planner, sinks, logical);
      ExecNodeGraph graph = planner.translateToExecNodeGraph(optimized, true);
      return new Planned(
          logical, JavaConverters.seqAsJavaList(optimized), graph, planner.createSerdeContext());
    } finally {
      planner.afterTranslation();
    }
  }

  private static Seq<RelNode> optimize(
      PlannerBase planner, List<CompiledStatement> sinks, List<RelNode> logical) {
    try {
      return planner.optimize(JavaConverters.asScalaBuffer(logical));
    } catch (RuntimeException | Error e) {
      // Optimised as a whole, an error tells nothing of the statement; alone, the culprit shows.
      for (int i = 0; i < sinks.size(); i++) {
        RelNode single = logical.get(i);
        Located.run(sinks.get(i).statement(), () -> planner.optimize(single));
      }
      throw e;
    }
  }
}
