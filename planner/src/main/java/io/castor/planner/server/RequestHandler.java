package io.castor.planner.server;

import io.castor.planner.Json;
import io.castor.planner.WarmUp;
import io.castor.planner.compile.Request;
import io.castor.planner.compile.ScriptCompiler;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Answers the requests of {@code spec/planner-protocol.md}. Thread-safe. Every answer is one line;
 * a request that cannot be understood gets an error document as a script would.
 */
public final class RequestHandler {

  /**
   * @param stop whether the server is to leave after this answer
   */
  public record Answer(String line, boolean stop) {}

  private final ScriptCompiler compiler;

  public RequestHandler(ScriptCompiler compiler) {
    this.compiler = compiler;
  }

  void warmUp() {
    WarmUp.run(compiler);
  }

  Answer handle(String line) {
    JsonNode request;
    try {
      request = Json.parse(line);
    } catch (IllegalArgumentException e) {
      return error(e.getMessage());
    }
    String operation = request.path("op").asText();
    return switch (operation) {
      case "compile", "explain" -> compile(request, operation.equals("explain"));
      case "ping" -> new Answer(Json.print(pong()), false);
      case "shutdown" -> new Answer(Json.print(Json.object().put("ok", true)), true);
      default -> error("Unknown op '" + operation + "'; known: compile, explain, ping, shutdown");
    };
  }

  private Answer compile(JsonNode request, boolean explain) {
    if (!request.path("script").isTextual()) {
      return error("The request has no script");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    request
        .path("settings")
        .fields()
        .forEachRemaining(e -> settings.put(e.getKey(), e.getValue().asText()));
    Path directory = Path.of(request.path("directory").asText("/"));
    Request compilation =
        new Request(
            request.get("script").asText(),
            request.path("name").asText("job"),
            settings,
            directory,
            explain);
    return new Answer(Json.print(compiler.compile(compilation)), false);
  }

  private static ObjectNode pong() {
    ObjectNode pong = Json.object();
    pong.put("ok", true);
    pong.put("pid", ProcessHandle.current().pid());
    pong.put("flinkVersion", EnvironmentInformation.getVersion());
    return pong;
  }

  private static Answer error(String message) {
    ObjectNode document = Json.object();
    document.putObject("error").put("message", message);
    return new Answer(Json.print(document), false);
  }
}
