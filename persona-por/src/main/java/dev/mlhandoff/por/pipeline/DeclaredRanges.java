package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.RangeRule;
import dev.mlhandoff.data.catalog.RangeRule.Outside;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The catalog's range rules of one table, as SQL. */
final class DeclaredRanges {

  private final List<RangeRule> rules;

  /**
   * @param on {@code entities} or {@code events}
   */
  DeclaredRanges(List<RangeRule> rules, String on) {
    this.rules = rules.stream().filter(rule -> rule.on().equals(on)).toList();
  }

  List<String> columns() {
    return rules.stream().map(RangeRule::column).toList();
  }

  /** The expression of a source column's values, with those out of range changed as declared. */
  String changed(String column, String expression) {
    String changed = expression;
    for (RangeRule rule : rules) {
      if (!rule.column().equals(column) || rule.outside() == Outside.QUARANTINE) {
        continue;
      }
      StringBuilder sql = new StringBuilder("CASE");
      if (rule.min() != null) {
        sql.append(" WHEN ").append(below(changed, rule)).append(" THEN ").append(end(rule, true));
      }
      if (rule.max() != null) {
        sql.append(" WHEN ").append(above(changed, rule)).append(" THEN ").append(end(rule, false));
      }
      changed = sql + " ELSE " + changed + " END";
    }
    return changed;
  }

  /** What was declared for a source column, in words; empty if nothing was. */
  String inWords(String column) {
    return rules.stream()
        .filter(rule -> rule.column().equals(column))
        .map(
            rule ->
                "; out of %s to %s: %s"
                    .formatted(
                        rule.min() == null ? "any" : rule.min(),
                        rule.max() == null ? "any" : rule.max(),
                        rule.outside()))
        .collect(Collectors.joining());
  }

  /** The condition under which a cleaned row is put aside. */
  Optional<String> quarantined(List<CleanColumn> columns) {
    String condition =
        rules.stream()
            .filter(rule -> rule.outside() == Outside.QUARANTINE)
            .flatMap(
                rule ->
                    columns.stream()
                        .filter(column -> column.source().column().equals(rule.column()))
                        .map(column -> outside(DuckDb.name(column.name()), rule)))
            .collect(Collectors.joining(" OR "));
    return condition.isEmpty() ? Optional.empty() : Optional.of("(" + condition + ")");
  }

  private static String outside(String column, RangeRule rule) {
    if (rule.min() == null) {
      return above(column, rule);
    }
    String below = below(column, rule);
    return rule.max() == null ? below : below + " OR " + above(column, rule);
  }

  private static String below(String expression, RangeRule rule) {
    return "TRY_CAST(" + expression + " AS DOUBLE) < " + rule.min();
  }

  private static String above(String expression, RangeRule rule) {
    return "TRY_CAST(" + expression + " AS DOUBLE) > " + rule.max();
  }

  private static String end(RangeRule rule, boolean lower) {
    return rule.outside() == Outside.MISSING
        ? "NULL"
        : String.valueOf(lower ? rule.min() : rule.max());
  }
}
