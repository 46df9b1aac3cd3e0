package io.castor.nexmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** A program for a cluster that runs SQL, its arguments: files, one after the other. */
public final class SqlScripts {
  private SqlScripts() {}

  public static void main(String[] files) throws Exception {
    for (String file : files) {
      StreamTableEnvironment tables =
          StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment());
      for (String statement : statements(Path.of(file))) {
        TableResult result = tables.executeSql(statement);
        if (result.getJobClient().isPresent()) {
          result.await();
        }
      }
    }
  }

  /** Statements end with a semicolon at the end of a line. */
  static String[] statements(Path file) throws IOException {
    return Files.readString(file).replaceAll("(?m)^--.*$", "").strip().split("\\s*;\\s*(\n|$)");
  }
}
