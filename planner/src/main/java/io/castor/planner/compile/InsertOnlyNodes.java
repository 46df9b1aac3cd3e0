package io.castor.planner.compile;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecEdge;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.plan.nodes.physical.stream.StreamPhysicalRel;
import org.apache.flink.table.planner.plan.utils.ChangelogPlanUtils;

/**
 * Which nodes of a graph emit inserts only. The optimiser knows (its modify kind set trait), the
 * compiled plan does not say. Trees and graph are walked side by side; a node whose counterpart is
 * of another kind is left out, which is slower but never wrong.
 */
final class InsertOnlyNodes {

  private final Set<ExecNode<?>> visited = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<ExecNode<?>> found = Collections.newSetFromMap(new IdentityHashMap<>());

  private InsertOnlyNodes() {}

  static Set<ExecNode<?>> of(Planned planned) {
    InsertOnlyNodes nodes = new InsertOnlyNodes();
    List<RelNode> trees = planned.optimized();
    List<ExecNode<?>> roots = planned.graph().getRootNodes();
    for (int i = 0; i < roots.size() && trees.size() == roots.size(); i++) {
      nodes.walk(trees.get(i), roots.get(i));
    }
    return nodes.found;
  }

  private void walk(RelNode tree, ExecNode<?> node) {
    List<ExecEdge> inputs = node.getInputEdges();
    if (!kind(tree).equals(kind(node)) || tree.getInputs().size() != inputs.size()) {
      return;
    }
    if (!visited.add(node)) {
      return;
    }
    if (tree instanceof StreamPhysicalRel rel && ChangelogPlanUtils.isInsertOnly(rel)) {
      found.add(node);
    }
    for (int i = 0; i < inputs.size(); i++) {
      walk(tree.getInput(i), inputs.get(i).getSource());
    }
  }

  private static String kind(Object node) {
    return node.getClass().getSimpleName().replaceFirst("^StreamPhysical|^StreamExec", "");
  }
}
