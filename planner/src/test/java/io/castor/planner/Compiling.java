package io.castor.planner;

import io.castor.planner.compile.Request;
import io.castor.planner.compile.ScriptCompiler;
import io.castor.planner.connector.SpecRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Compiles scripts for tests. */
public final class Compiling {

  public static final String TABLES =
      """
      CREATE TABLE orders (id BIGINT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3),
        WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
      WITH ('connector' = 'filesystem', 'path' = '/data/orders', 'format' = 'json');
      CREATE TABLE totals (customer STRING, n BIGINT) WITH ('connector' = 'print');
      CREATE TABLE big (id BIGINT, amount DECIMAL(10, 2)) WITH ('connector' = 'blackhole');
      """;

  public static final ScriptCompiler COMPILER = compiler();

  private Compiling() {}

  private static ScriptCompiler compiler() {
    try {
      return new ScriptCompiler(SpecRegistry.load(List.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bundle or error document of a script. */
  public static JsonNode compile(String script) {
    return compile(script, Map.of());
  }

  public static JsonNode compile(String script, Map<String, String> settings) {
    return COMPILER.compile(new Request(script, "test", settings, Path.of("/"), false));
  }

  /** The bundle of a script that must be right. */
  public static JsonNode bundle(String script) {
    JsonNode bundle = compile(script);
    if (bundle.has("error")) {
      throw new AssertionError(Json.printPretty(bundle));
    }
    return bundle;
  }

  /** The error of a script that must be wrong. */
  public static JsonNode error(String script) {
    JsonNode document = compile(script);
    if (!document.has("error")) {
      throw new AssertionError("no error in " + script);
    }
    return document.get("error");
  }
}
