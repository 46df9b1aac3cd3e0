package io.castor.flink.state;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** A program that runs SQL, its arguments: files, one after the other. */
public final class SqlScripts {
  private SqlScripts() {}

  public static void main(String[] files) throws Exception {
    for (String file : files) {
      StreamTableEnvironment tables =
          StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment());
      String text = Files.readString(Path.of(file)).replaceAll("(?m)^--.*$", "").strip();
      for (String statement : text.split("\\s*;\\s*(\n|$)")) {
        TableResult result = tables.executeSql(statement);
        if (result.getJobClient().isPresent()) {
          result.await();
        }
      }
    }
  }
}
