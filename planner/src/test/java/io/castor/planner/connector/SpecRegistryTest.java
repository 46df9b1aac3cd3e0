package io.castor.planner.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.castor.planner.compile.Request;
import io.castor.planner.compile.ScriptCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecRegistryTest {

  /** All it takes to bring a connector from outside. */
  @Test
  void aConnectorIsItsOptionFile(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("my.json"),
        """
        {"connector": "my", "description": "mine",
         "source": {"name": "My", "changelog": ["I", "UA", "D"], "limit": true},
         "options": [{"key": "my.size", "type": "int", "required": true, "description": "d"}]}
        """);
    ScriptCompiler compiler = new ScriptCompiler(SpecRegistry.load(List.of(folder)));
    String script =
        "CREATE TABLE t (id INT, v INT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH ('connector' = 'my', 'my.size' = '3'); SELECT * FROM t;";
    JsonNode bundle = compiler.compile(new Request(script, "x", Map.of(), folder, false));
    assertFalse(bundle.has("error"), bundle::toString);
    assertEquals("stream-exec-changelog-normalize_1", bundle.at("/plan/nodes/2/type").asText());
  }
}
