package io.castor.conformance;

import java.util.List;

/** Tests that are run together. */
interface Work {

  /** What a filter is matched with. */
  String name();

  Section section();

  List<Result> run(Bench bench);
}
