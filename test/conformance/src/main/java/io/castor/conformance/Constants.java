package io.castor.conformance;

import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.tools.RuleSet;
import org.apache.calcite.tools.RuleSets;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.planner.calcite.CalciteConfigBuilder;
import org.apache.flink.table.planner.plan.optimize.program.FlinkChainedProgram;
import org.apache.flink.table.planner.plan.optimize.program.FlinkStreamProgram;
import org.apache.flink.table.planner.plan.optimize.program.StreamOptimizeContext;

/** Keeps the planner from computing constant expressions, so that the engine has to. */
final class Constants {

  private static final RuleSet REDUCING =
      RuleSets.ofList(
          CoreRules.FILTER_REDUCE_EXPRESSIONS,
          CoreRules.PROJECT_REDUCE_EXPRESSIONS,
          CoreRules.CALC_REDUCE_EXPRESSIONS,
          CoreRules.JOIN_REDUCE_EXPRESSIONS);

  private Constants() {}

  static void keep(TableEnvironment environment) {
    FlinkChainedProgram<StreamOptimizeContext> program =
        FlinkStreamProgram.buildProgram(environment.getConfig());
    program.getFlinkRuleSetProgram(FlinkStreamProgram.DEFAULT_REWRITE()).get().remove(REDUCING);
    environment
        .getConfig()
        .setPlannerConfig(new CalciteConfigBuilder().replaceStreamProgram(program).build());
  }
}
