package io.castor.planner.compile;

import io.castor.planner.Json;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.planner.plan.nodes.exec.utils.ExecNodePlanDumper;
import org.apache.flink.table.planner.plan.utils.FlinkRelOptUtil;

/** The texts of Flink's EXPLAIN, from trees that are there already. */
final class Explanation {

  private Explanation() {}

  static ObjectNode of(Planned planned) {
    ObjectNode texts = Json.object();
    texts.put("ast", print(planned.logical(), SqlExplainLevel.EXPPLAN_ATTRIBUTES, false));
    texts.put("optimized", print(planned.optimized(), SqlExplainLevel.DIGEST_ATTRIBUTES, true));
    texts.put("execution", ExecNodePlanDumper.dagToString(planned.graph()));
    return texts;
  }

  private static String print(List<RelNode> trees, SqlExplainLevel level, boolean changelog) {
    return trees.stream()
        .map(t -> FlinkRelOptUtil.toString(t, level, false, changelog, false, false, false, false))
        .collect(Collectors.joining("\n"));
  }
}
