package io.castor.planner.connector;

import io.castor.planner.PlanException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.RowKind;

/** Turns what an option file says about row kinds into Flink's changelog modes. */
final class Changelogs {

  /** Deletes of which only the key is known. */
  private static final String DELETE_BY_KEY = "DK";

  /** Behind the kinds of a sink: they hold for an insert-only query too. */
  private static final String ALWAYS = ",always";

  private Changelogs() {}

  static ChangelogMode ofSource(ConnectorSpec.Changelog changelog, TableOptions options) {
    return switch (changelog.kind()) {
      case FIXED -> parse(changelog.value());
      case OPTION -> parse(options.get(changelog.value()));
      case FORMAT -> parse(formatKinds(options, options.format().sourceChangelog(), "read"));
      default ->
          throw new IllegalStateException("A source cannot have changelog " + changelog.kind());
    };
  }

  static ChangelogMode ofSink(
      ConnectorSpec.Changelog changelog, TableOptions options, ChangelogMode requested) {
    return switch (changelog.kind()) {
      case FIXED -> parse(changelog.value());
      case FORMAT -> parse(formatKinds(options, options.format().sinkChangelog(), "written"));
      case REQUESTED -> requested;
      case REQUESTED_WITHOUT_UPDATE_BEFORE -> withoutUpdateBefore(requested);
      case OPTION -> {
        String written = options.get(changelog.value());
        ChangelogMode accepted = parse(withoutAlways(written));
        boolean always = written.endsWith(ALWAYS);
        yield requested.containsOnly(RowKind.INSERT) && !always ? requested : accepted;
      }
    };
  }

  private static String formatKinds(TableOptions options, String kinds, String verb) {
    if (kinds == null) {
      throw new PlanException(
          "Format '" + options.format().name() + "' cannot be " + verb + ".",
          "Choose another format.");
    }
    return kinds;
  }

  private static ChangelogMode withoutUpdateBefore(ChangelogMode requested) {
    ChangelogMode.Builder builder = ChangelogMode.newBuilder();
    for (RowKind kind : requested.getContainedKinds()) {
      if (kind != RowKind.UPDATE_BEFORE) {
        builder.addContainedKind(kind);
      }
    }
    return builder.build();
  }

  private static String withoutAlways(String kinds) {
    return kinds.endsWith(ALWAYS) ? kinds.substring(0, kinds.length() - ALWAYS.length()) : kinds;
  }

  private static ChangelogMode parse(String kinds) {
    ChangelogMode.Builder builder = ChangelogMode.newBuilder();
    for (String kind : kinds.split(",")) {
      if (kind.strip().equals(DELETE_BY_KEY)) {
        builder.keyOnlyDeletes(true);
      }
      builder.addContainedKind(
          switch (kind.strip()) {
            case "I" -> RowKind.INSERT;
            case "UB" -> RowKind.UPDATE_BEFORE;
            case "UA" -> RowKind.UPDATE_AFTER;
            case "D", DELETE_BY_KEY -> RowKind.DELETE;
            default ->
                throw new PlanException(
                    "Unknown row kind '" + kind.strip() + "'.",
                    "Write a list of I, UB, UA, D (or DK).");
          });
    }
    return builder.build();
  }
}
