package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;

/** Finds Flink's tests of built-in scalar functions. */
final class ScalarSets {

  private static final String FOLDER = "org/apache/flink/table/planner/functions/";
  private static final String BASE =
      "org.apache.flink.table.planner.functions.BuiltInFunctionTestBase";

  private ScalarSets() {}

  static List<Work> all() {
    List<Work> found = new ArrayList<>();
    for (Object test : TestJar.instances(FOLDER, TestJar.require(BASE))) {
      Stream<Object> specs = Fields.call(test, "getTestSetSpecs");
      Configuration configuration = Fields.call(test, "getConfiguration");
      String suite = test.getClass().getSimpleName();
      int index = 0;
      for (Object spec : specs.toList()) {
        found.add(new ScalarSetWork(suite, index++, spec, configuration.toMap()));
      }
    }
    return found;
  }

  /** The function a spec is about; for one about an expression, what it says of itself. */
  static String function(Object spec) {
    BuiltInFunctionDefinition definition = Fields.get(spec, "definition");
    return definition == null ? spec.toString() : definition.getSqlName();
  }

  /** The family a test class stands for. */
  static String family(String suite) {
    return suite.replaceFirst("(Agg)?Functions?ITCase$|ITCase$", "");
  }
}
