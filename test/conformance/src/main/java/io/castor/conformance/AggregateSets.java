package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds Flink's tests of built-in aggregate functions. */
final class AggregateSets {

  private static final String FOLDER = "org/apache/flink/table/planner/functions/";
  private static final String BASE =
      "org.apache.flink.table.planner.functions.BuiltInAggregateFunctionTestBase";

  private AggregateSets() {}

  static List<Work> all() {
    List<Work> found = new ArrayList<>();
    for (Object test : TestJar.instances(FOLDER, TestJar.require(BASE))) {
      Stream<Object> specs = Fields.call(test, "getTestCaseSpecs");
      String suite = test.getClass().getSimpleName();
      int index = 0;
      for (Object spec : specs.toList()) {
        found.add(new AggregateSetWork(suite, index++, spec));
      }
    }
    return found;
  }
}
