package io.castor.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeMetadata;
import org.apache.flink.table.planner.plan.nodes.exec.testutils.RestoreTestBase;
import org.apache.flink.table.planner.plan.nodes.exec.testutils.SemanticTestBase;
import org.apache.flink.table.planner.plan.utils.ExecNodeMetadataUtil;
import org.apache.flink.table.test.program.TableTestProgram;
import org.apache.flink.table.test.program.TableTestProgramRunner;

/** Finds the programs of Flink's restore tests and semantic tests of streaming plan nodes. */
final class TablePrograms {

  private static final String FOLDER = "org/apache/flink/table/planner/plan/nodes/exec/stream/";

  /**
   * Restore tests run plans that older versions of Flink made; what only compiling would refuse
   * today must not be refused.
   */
  private static final Map<String, String> OF_OLD_PLANS =
      Map.of(ExecutionConfigOptions.TABLE_EXEC_SINK_REQUIRE_ON_CONFLICT.key(), "false");

  private TablePrograms() {}

  static List<Work> all() {
    List<Work> found = new ArrayList<>();
    for (Object test : TestJar.instances(FOLDER, TableTestProgramRunner.class)) {
      if (test instanceof RestoreTestBase restore) {
        addAll(restore, groupOf(restore), endOf(restore), OF_OLD_PLANS, found);
      } else if (test instanceof SemanticTestBase semantic) {
        String name = test.getClass().getSimpleName().replaceFirst("SemanticTests?$", "");
        TableConfig config = TableConfig.getDefault();
        Fields.call(semantic, "applyDefaultEnvironmentOptions", config);
        Map<String, String> defaults = config.getConfiguration().toMap();
        addAll(semantic, "semantic tests: " + name, ProgramWork.End.SEMANTIC, defaults, found);
      }
    }
    return found;
  }

  private static void addAll(
      TableTestProgramRunner test,
      String group,
      ProgramWork.End end,
      Map<String, String> defaults,
      List<Work> found) {
    String suite = test.getClass().getSimpleName();
    test.programs().stream()
        .sorted(Comparator.comparing((TableTestProgram p) -> p.id))
        .forEach(program -> found.add(new ProgramWork(suite, group, end, defaults, program)));
  }

  private static String groupOf(RestoreTestBase test) {
    Class<? extends ExecNode<?>> node = test.getExecNode();
    ExecNodeMetadata metadata = ExecNodeMetadataUtil.latestAnnotation(node);
    return metadata.name().replaceFirst("^stream-exec-", "");
  }

  private static ProgramWork.End endOf(RestoreTestBase test) {
    Object end = Fields.get(test, "afterRestoreSource");
    return ProgramWork.End.valueOf(end.toString());
  }
}
