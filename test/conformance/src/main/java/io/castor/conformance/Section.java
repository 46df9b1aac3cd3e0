package io.castor.conformance;

/** The three kinds of tests, with their names in the report. */
enum Section {
  PROGRAMS("tablePrograms", "table programs"),
  SCALAR("scalarFunctions", "scalar functions"),
  AGGREGATE("aggregateFunctions", "aggregate functions");

  final String key;
  final String title;

  Section(String key, String title) {
    this.key = key;
    this.title = title;
  }
}
