package io.castor.planner;

import io.castor.planner.compile.Request;
import io.castor.planner.compile.ScriptCompiler;
import io.castor.planner.connector.SpecRegistry;
import io.castor.planner.server.PlannerServer;
import io.castor.planner.server.RequestHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The planner's command line.
 *
 * <pre>
 *   --script FILE [--out FILE] [--name NAME] [--set KEY=VALUE]... [--explain]   compile once
 *   --socket PATH [--idle SECONDS]                                              serve requests
 *   --warm-up                                                                   train the class archive
 *   --options FOLDER                                                            more connectors
 * </pre>
 *
 * Exit codes: 0 done, 1 the script has an error (the output is the error document), 2 wrong use.
 */
public final class Main {

  private static final int DEFAULT_IDLE_SECONDS = 600;

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private final List<Path> optionFolders = new ArrayList<>();
  private boolean explain;
  private boolean warmUp;

  public static void main(String[] args) throws IOException {
    Main main = new Main();
    try {
      main.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("castor-planner: " + e.getMessage());
      System.exit(2);
    }
    System.exit(main.run());
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--explain")) {
        explain = true;
        continue;
      }
      if (args[i].equals("--warm-up")) {
        warmUp = true;
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      String value = args[++i];
      switch (args[i - 1]) {
        case "--set" -> addSetting(value);
        case "--options" -> optionFolders.add(Path.of(value));
        case "--script", "--out", "--name", "--socket", "--idle" -> values.put(args[i - 1], value);
        default -> throw new IllegalArgumentException("unknown argument " + args[i - 1]);
      }
    }
    if (!warmUp && values.containsKey("--script") == values.containsKey("--socket")) {
      throw new IllegalArgumentException("give either --script FILE or --socket PATH");
    }
  }

  private void addSetting(String setting) {
    int equals = setting.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException("--set needs KEY=VALUE, not " + setting);
    }
    settings.put(setting.substring(0, equals), setting.substring(equals + 1));
  }

  private int run() throws IOException {
    ScriptCompiler compiler = new ScriptCompiler(SpecRegistry.load(optionFolders));
    if (values.containsKey("--socket")) {
      return serve(compiler);
    }
    return warmUp ? train(compiler) : compileOnce(compiler);
  }

  private int serve(ScriptCompiler compiler) throws IOException {
    int idle = Integer.parseInt(values.getOrDefault("--idle", "" + DEFAULT_IDLE_SECONDS));
    RequestHandler handler = new RequestHandler(compiler);
    try {
      new PlannerServer(Path.of(values.get("--socket")), Duration.ofSeconds(idle), handler).serve();
    } catch (PlannerServer.AlreadyServing e) {
      System.err.println("castor-planner: " + e.getMessage());
    }
    return 0;
  }

  private static int train(ScriptCompiler compiler) {
    WarmUp.run(compiler);
    return 0;
  }

  private int compileOnce(ScriptCompiler compiler) throws IOException {
    Path script = Path.of(values.get("--script"));
    String name = values.getOrDefault("--name", stem(script));
    Request request =
        new Request(
            Files.readString(script), name, settings, Path.of("").toAbsolutePath(), explain);
    ObjectNode result = compiler.compile(request);
    String text = Json.printPretty(result) + "\n";
    if (values.containsKey("--out")) {
      Files.writeString(Path.of(values.get("--out")), text);
    } else {
      System.out.print(text);
    }
    return result.has("error") ? 1 : 0;
  }

  private static String stem(Path script) {
    return script.getFileName().toString().replaceFirst("\\.sql$", "");
  }
}
