package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Check;
import dev.mlhandoff.data.catalog.Dataset;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs the checks every dataset gets and those that the catalog declares. */
public final class QualityChecks {

  private static final double MAX_QUARANTINED = 0.5;

  private QualityChecks() {}

  /** The results, in a fixed order. */
  public static List<CheckResult> run(DuckDb database, Dataset dataset) throws SQLException {
    List<CheckResult> results = new ArrayList<>();
    long rows = database.count("dataset");
    results.add(
        result(
            "entity keys are unique",
            "HARD",
            rows == database.number("SELECT count(DISTINCT entity_key) FROM dataset"),
            rows + " rows",
            "one row a key"));
    if (dataset.events() != null) {
      long all = database.count("events_unique");
      long unknown =
          database.number("SELECT count(*) FROM events_judged WHERE reason = 'UNKNOWN_ENTITY'");
      results.add(
          result(
              "events belong to known entities",
              "HARD",
              unknown <= MAX_QUARANTINED * all,
              unknown + " of " + all + " do not",
              "at most half"));
      long active = database.number("SELECT count(DISTINCT entity_key) FROM events");
      results.add(
          result(
              "entities have events",
              "WARN",
              active >= MAX_QUARANTINED * rows,
              active + " of " + rows,
              "at least half"));
      String newest = String.join("", database.texts("SELECT max(event_time) FROM events"));
      results.add(
          result(
              "history reaches the as-of date",
              "WARN",
              database.number(
                      "SELECT count(*) FROM events WHERE event_time >= TIMESTAMP '%s' - INTERVAL 31 DAY"
                          .formatted(dataset.asOf()))
                  > 0,
              "newest event " + newest,
              "within 31 days of " + dataset.asOf()));
    }
    for (Check check : dataset.checks()) {
      results.addAll(declared(database, check));
    }
    return results;
  }

  private static List<CheckResult> declared(DuckDb database, Check check) throws SQLException {
    String table = check.on().equals("events") ? "events_typed" : "entities_typed";
    boolean present =
        database.columns(table).stream().map(ColumnInfo::name).anyMatch(check.column()::equals);
    String severity = check.severity().name();
    String label = check.on() + "." + check.column();
    if (!present) {
      return List.of(result(label + " exists", severity, false, "no such column", "a column"));
    }
    String column = DuckDb.name(check.column());
    long rows = Math.max(1, database.count(table));
    List<CheckResult> results = new ArrayList<>();
    if (check.maxMissing() != null) {
      long missing =
          database.number("SELECT count(*) FROM " + table + " WHERE " + column + " IS NULL");
      double share = (double) missing / rows;
      results.add(
          result(
              label + " is filled",
              severity,
              share <= check.maxMissing(),
              "%.4f missing".formatted(share),
              "at most " + check.maxMissing()));
    }
    if (check.min() != null || check.max() != null) {
      List<String> outside = new ArrayList<>();
      // What is no number at all is in no range either.
      outside.add("%s IS NOT NULL AND TRY_CAST(%s AS DOUBLE) IS NULL".formatted(column, column));
      if (check.min() != null) {
        outside.add("TRY_CAST(" + column + " AS DOUBLE) < " + check.min());
      }
      if (check.max() != null) {
        outside.add("TRY_CAST(" + column + " AS DOUBLE) > " + check.max());
      }
      long count =
          database.number(
              "SELECT count(*) FROM " + table + " WHERE " + String.join(" OR ", outside));
      results.add(
          result(
              label + " is in range",
              severity,
              count == 0,
              count + " outside",
              check.min() + " to " + check.max()));
    }
    if (check.values() != null) {
      List<String> allowed = check.values().stream().map(DuckDb::text).toList();
      long count =
          database.number(
              "SELECT count(*) FROM %s WHERE %s IS NOT NULL AND %s NOT IN (%s)"
                  .formatted(table, column, column, String.join(", ", allowed)));
      results.add(
          result(
              label + " has allowed values",
              severity,
              count == 0,
              count + " others",
              String.join(", ", check.values())));
    }
    return results;
  }

  private static CheckResult result(
      String check, String severity, boolean passed, String observed, String expected) {
    return new CheckResult(check, severity, passed, observed, expected);
  }
}
