package io.castor.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.expressions.ApiExpressionUtils;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.expressions.LookupCallExpression;
import org.apache.flink.table.expressions.UnresolvedCallExpression;
import org.apache.flink.table.expressions.UnresolvedReferenceExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;

/**
 * Calls of functions written in Java that only make a value the test is about: their arguments are
 * fields and constants, and something else is done with what they give. Flink computes them
 * beforehand ({@link FieldRow}); columns of the fed row take their place. What else calls such a
 * function stays one that needs Java. Not thread-safe.
 */
final class JavaCalls {

  private static final Pattern CALL = Pattern.compile("`?([A-Za-z_]\\w*)`?\\s*\\(");

  private final Set<String> functions;

  /** Column to the call as an {@link Expression} or as SQL. */
  private final Map<String, Object> columns = new LinkedHashMap<>();

  /**
   * @param functions names of those written in Java
   */
  JavaCalls(Set<String> functions) {
    this.functions = functions;
  }

  Map<String, Object> columns() {
    return columns;
  }

  /** The SQL with columns in place of the calls; null: Java is needed. */
  String replace(String sql) {
    StringBuilder out = new StringBuilder();
    Matcher call = CALL.matcher(sql);
    int copied = 0;
    while (call.find(copied)) {
      if (!functions.contains(call.group(1))) {
        out.append(sql, copied, call.end());
        copied = call.end();
        continue;
      }
      int end = closing(sql, call.end());
      if (!isGiven(sql.substring(call.end(), end - 1))) {
        return null;
      }
      out.append(sql, copied, call.start()).append(column(sql.substring(call.start(), end)));
      copied = end;
    }
    String replaced = out.append(sql.substring(copied)).toString();
    return columns.containsKey(replaced.strip()) ? null : replaced;
  }

  /** Behind the parenthesis that closes the one before {@code from}. */
  private static int closing(String sql, int from) {
    int depth = 1;
    boolean quoted = false;
    int at = from;
    for (; depth > 0; at++) {
      char c = sql.charAt(at);
      quoted ^= c == '\'';
      depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return at;
  }

  private boolean isGiven(String arguments) {
    Matcher call = CALL.matcher(arguments);
    while (call.find()) {
      if (!functions.contains(call.group(1)) && !call.group(1).equalsIgnoreCase("ROW")) {
        return false;
      }
    }
    return true;
  }

  /** The expressions with columns in place of the calls; null: Java is needed. */
  List<Expression> replace(List<Expression> expressions) {
    List<Expression> replaced = new ArrayList<>();
    for (Expression expression : expressions) {
      Expression tree = ApiExpressionUtils.unwrapFromApi(expression);
      Expression without = isJava(tree) ? null : replace(tree);
      if (without == null) {
        return null;
      }
      replaced.add(without);
    }
    return replaced;
  }

  private Expression replace(Expression tree) {
    if (isJava(tree)) {
      return tree.getChildren().stream().allMatch(this::isGiven)
          ? ApiExpressionUtils.unresolvedRef(column(tree))
          : null;
    }
    if (tree.getChildren().isEmpty()) {
      return tree;
    }
    List<Expression> children = new ArrayList<>();
    for (Expression child : tree.getChildren()) {
      Expression without = replace(child);
      if (without == null) {
        return null;
      }
      children.add(without);
    }
    if (tree instanceof UnresolvedCallExpression call) {
      return call.replaceArgs(children);
    }
    return tree instanceof LookupCallExpression call
        ? ApiExpressionUtils.lookupCall(
            call.getUnresolvedName(), children.toArray(Expression[]::new))
        : null;
  }

  private boolean isJava(Expression expression) {
    return expression instanceof LookupCallExpression call
        && functions.contains(call.getUnresolvedName());
  }

  private boolean isGiven(Expression argument) {
    boolean row =
        argument instanceof UnresolvedCallExpression call
            && call.getFunctionDefinition() == BuiltInFunctionDefinitions.ROW;
    return argument instanceof UnresolvedReferenceExpression
        || argument instanceof ValueLiteralExpression
        || ((row || isJava(argument)) && argument.getChildren().stream().allMatch(this::isGiven));
  }

  private String column(Object call) {
    for (Map.Entry<String, Object> known : columns.entrySet()) {
      if (known.getValue().equals(call)) {
        return known.getKey();
      }
    }
    String name = "java" + columns.size();
    columns.put(name, call);
    return name;
  }
}
