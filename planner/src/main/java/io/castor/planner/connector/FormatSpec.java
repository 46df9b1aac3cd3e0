package io.castor.planner.connector;

import java.util.List;

/**
 * A format: its options (keys without the format's prefix), and the row kinds it reads and writes;
 * null if it cannot.
 *
 * @param takesOtherOptions whether options that are not listed are passed on to a library
 */
record FormatSpec(
    String name,
    List<OptionSpec> options,
    boolean takesOtherOptions,
    String sourceChangelog,
    String sinkChangelog) {}
