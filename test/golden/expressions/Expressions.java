import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.NullNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.TextNode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.CompiledPlan;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Answers a case file (see README.md) with Flink; writes JSON, one case per line. */
public class Expressions {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringBuilder out = new StringBuilder();
  private final Map<String, String> options = new LinkedHashMap<>();
  private StreamTableEnvironment env;
  private StreamExecutionEnvironment streams;
  private String columns;
  private final List<String> rows = new ArrayList<>();
  private final List<String> expressions = new ArrayList<>();
  private final List<String> failing = new ArrayList<>();
  private boolean refused;

  public static void main(String[] args) throws Exception {
    Expressions run = new Expressions();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      run.line(line.strip());
    }
    run.finishTable();
    // Not to standard output, where Flink prints code that does not compile.
    Files.writeString(Path.of(args[1]), "[" + run.out + "\n]\n");
    System.exit(run.refused ? 1 : 0);
  }

  private void line(String line) throws Exception {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int blank = line.indexOf(' ');
    String word = line.substring(0, blank);
    String rest = line.substring(blank + 1).strip();
    switch (word) {
      case "set" -> {
        finishTable();
        String[] pair = rest.split("=", 2);
        options.put(pair[0], pair[1]);
      }
      case "table" -> {
        finishTable();
        columns = rest;
      }
      case "row" -> rows.add(rest);
      case "expr" -> expressions.add(rest);
      case "fail" -> failing.add(rest);
      default -> throw new IllegalArgumentException(line);
    }
  }

  // --- one table ---

  private void finishTable() throws Exception {
    if (columns == null) {
      return;
    }
    streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(1);
    env = StreamTableEnvironment.create(streams);
    options.forEach((key, value) -> env.getConfig().set(key, value));
    env.executeSql("CREATE TABLE planned (" + columns + ") WITH ('connector' = 'datagen')");

    List<Column> schema = env.from("planned").getResolvedSchema().getColumns();
    List<Row> data = readRows(schema);
    List<DataTypes.Field> fields = new ArrayList<>();
    for (Column column : schema) {
      fields.add(DataTypes.FIELD(column.getName(), column.getDataType()));
    }
    DataType rowType = DataTypes.ROW(fields).notNull();
    DataStream<Row> stream = streams.fromData(data, ExternalTypeInfo.of(rowType));
    Schema.Builder builder = Schema.newBuilder();
    schema.forEach(c -> builder.column(c.getName(), c.getDataType()));
    env.createTemporaryView("t", stream, builder.build());

    ObjectNode group = JSON.createObjectNode();
    ObjectNode settings = group.putObject("options");
    options.forEach(settings::put);
    ArrayNode columnNodes = group.putArray("columns");
    for (Column column : schema) {
      ObjectNode node = columnNodes.addObject();
      node.put("name", column.getName());
      node.put("type", column.getDataType().getLogicalType().asSerializableString());
    }
    ArrayNode rowNodes = group.putArray("rows");
    for (Row row : data) {
      ArrayNode values = rowNodes.addArray();
      for (int i = 0; i < row.getArity(); i++) {
        values.add(json(row.getField(i)));
      }
    }
    String head = JSON.writeValueAsString(group);
    if (out.length() > 0) {
      out.append(",");
    }
    out.append("\n").append(head, 0, head.length() - 1).append(",\"cases\":[");
    String separator = "\n";
    List<List<JsonNode>> answers = answer(expressions);
    for (int i = 0; i < expressions.size(); i++) {
      if (answers.get(i) == null) {
        continue;
      }
      ObjectNode node = plan(expressions.get(i));
      ArrayNode expected = node.putArray("expected");
      answers.get(i).forEach(expected::add);
      out.append(separator).append(JSON.writeValueAsString(node));
      separator = ",\n";
    }
    for (String expression : failing) {
      String failure = failure(expression);
      if (failure == null) {
        continue;
      }
      ObjectNode node = plan(expression);
      node.put("error", failure);
      out.append(separator).append(JSON.writeValueAsString(node));
      separator = ",\n";
    }
    out.append("]}");
    columns = null;
    rows.clear();
    expressions.clear();
    failing.clear();
  }

  private List<Row> readRows(List<Column> schema) throws Exception {
    // Casts one by one keep each column's type; literals are folded while planning.
    StringBuilder sql = new StringBuilder("VALUES ");
    for (String row : rows) {
      List<String> values = splitLiterals(row);
      sql.append(sql.length() > 7 ? ", (" : "(");
      for (int i = 0; i < values.size(); i++) {
        String type =
            schema.get(i).getDataType().getLogicalType().copy(true).asSerializableString();
        sql.append(i == 0 ? "" : ", ").append("CAST(").append(values.get(i)).append(" AS ");
        sql.append(type).append(")");
      }
      sql.append(")");
    }
    List<Row> result = new ArrayList<>();
    try (CloseableIterator<Row> answer = env.executeSql(sql.toString()).collect()) {
      answer.forEachRemaining(result::add);
    }
    return result;
  }

  /** Splits at commas outside of quotes, parentheses and brackets. */
  private static List<String> splitLiterals(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    int depth = 0;
    for (char c : text.toCharArray()) {
      quoted ^= c == '\'';
      if (!quoted) {
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      }
      if (c == ',' && !quoted && depth == 0) {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().strip());
    return parts;
  }

  private List<List<JsonNode>> answer(List<String> list) throws Exception {
    List<List<JsonNode>> answers = new ArrayList<>();
    list.forEach(e -> answers.add(new ArrayList<>()));
    if (list.isEmpty()) {
      return answers;
    }
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < list.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(list.get(i)).append(" AS r").append(i);
    }
    try (CloseableIterator<Row> result = env.executeSql(sql + " FROM t").collect()) {
      while (result.hasNext()) {
        Row row = result.next();
        for (int i = 0; i < list.size(); i++) {
          answers.get(i).add(json(row.getField(i)));
        }
      }
    } catch (Exception e) {
      return answerOneByOne(list, e);
    }
    return answers;
  }

  /** Names what fails, and leaves it out. */
  private List<List<JsonNode>> answerOneByOne(List<String> list, Exception cause) throws Exception {
    List<List<JsonNode>> answers = new ArrayList<>();
    if (list.size() == 1) {
      refuse(list.get(0), "fails: " + rootOf(cause));
      answers.add(null);
      return answers;
    }
    for (String expression : list) {
      answers.addAll(answer(List.of(expression)));
    }
    return answers;
  }

  private String failure(String expression) throws Exception {
    try (CloseableIterator<Row> result =
        env.executeSql("SELECT " + expression + " FROM t").collect()) {
      StringBuilder answer = new StringBuilder();
      result.forEachRemaining(row -> answer.append(' ').append(row));
      refuse(expression, "does not fail:" + answer);
      return null;
    } catch (RuntimeException e) {
      String root = rootOf(e);
      if (root.startsWith("Sql") || root.startsWith("Validation") || root.startsWith("CodeGen")) {
        refuse(expression, "is not even planned: " + root);
        return null;
      }
      return root;
    }
  }

  private void refuse(String expression, String why) {
    System.err.println(columns + ": " + expression + " " + why);
    refused = true;
  }

  private static String rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  // --- the plan ---

  private ObjectNode plan(String expression) throws Exception {
    Table query = env.sqlQuery("SELECT " + expression + " AS r FROM planned");
    DataType type = query.getResolvedSchema().getColumnDataTypes().get(0);
    env.executeSql("DROP TABLE IF EXISTS answer");
    String sinkType = type.getLogicalType().copy(true).asSerializableString();
    env.executeSql("CREATE TABLE answer (r " + sinkType + ") WITH ('connector' = 'blackhole')");
    CompiledPlan plan =
        env.compilePlanSql("INSERT INTO answer SELECT " + expression + " AS r FROM planned");
    JsonNode nodes = JSON.readTree(plan.asJsonString()).get("nodes");
    ObjectNode result = JSON.createObjectNode();
    result.put("sql", expression);
    ArrayNode inputs = result.putArray("inputs");
    for (String name : inputNames(nodes)) {
      inputs.add(name);
    }
    result.put("type", type.getLogicalType().asSerializableString());
    for (JsonNode node : nodes) {
      if (node.get("type").asText().startsWith("stream-exec-calc")) {
        result.set("expression", node.get("projection").get(0));
      }
    }
    if (!result.has("expression")) {
      throw new IllegalStateException("no calc in the plan of " + expression);
    }
    return result;
  }

  /** The fields of what the calc reads: the scan's, which may be pruned. */
  private static List<String> inputNames(JsonNode nodes) {
    JsonNode type = nodes.get(0).get("outputType");
    List<String> names = new ArrayList<>();
    if (type.isObject()) {
      type.get("fields").forEach(f -> names.add(f.get("name").asText()));
      return names;
    }
    // ROW<`a` INT, `s` VARCHAR(2147483647)>: names are what stands in backticks at depth one.
    String text = type.asText();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '<' ? 1 : c == '>' ? -1 : 0;
      if (c == '`') {
        int end = text.indexOf('`', i + 1);
        if (depth == 1) {
          names.add(text.substring(i + 1, end));
        }
        i = end;
      }
    }
    return names;
  }

  // --- values, see engine/expr/testing.h ---

  /** Rows and arrays as arrays, maps as arrays of entries, all else as text. */
  private static JsonNode json(Object value) {
    if (value instanceof Row row) {
      ArrayNode node = JSON.createArrayNode();
      for (int i = 0; i < row.getArity(); i++) {
        node.add(json(row.getField(i)));
      }
      return node;
    }
    if (value instanceof Map<?, ?> map) {
      ArrayNode node = JSON.createArrayNode();
      map.forEach((key, of) -> node.addArray().add(json(key)).add(json(of)));
      return node;
    }
    if (value != null && value.getClass().isArray() && !(value instanceof byte[])) {
      ArrayNode node = JSON.createArrayNode();
      for (int i = 0; i < Array.getLength(value); i++) {
        node.add(json(Array.get(value, i)));
      }
      return node;
    }
    String text = text(value);
    return text == null ? NullNode.getInstance() : TextNode.valueOf(text);
  }

  private static String text(Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof LocalDate date) {
      return String.format(
          "%04d-%02d-%02d", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }
    if (value instanceof LocalTime time) {
      return time(time);
    }
    if (value instanceof LocalDateTime timestamp) {
      return text(timestamp.toLocalDate()) + " " + time(timestamp.toLocalTime());
    }
    if (value instanceof Instant instant) {
      return text(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
    if (value instanceof Duration duration) {
      return String.valueOf(duration.toMillis());
    }
    if (value instanceof Period period) {
      return String.valueOf(period.toTotalMonths());
    }
    return value.toString();
  }

  private static String time(LocalTime time) {
    String text =
        String.format("%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    if (time.getNano() == 0) {
      return text;
    }
    return text + ("." + String.format("%09d", time.getNano())).replaceAll("0+$", "");
  }
}
