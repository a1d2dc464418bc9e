package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Check;
import dev.mlhandoff.data.catalog.Dataset;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs the checks every dataset gets and those that the catalog declares. */
public final class QualityChecks {

  private static final String HARD = Check.Severity.HARD.name();
  private static final String WARN = Check.Severity.WARN.name();
  private static final double HALF = 0.5;
  private static final int FRESH_DAYS = 31;
  private static final double RARE = 0.01;

  private final DuckDb database;
  private final Dataset dataset;
  private final List<CheckResult> results = new ArrayList<>();

  private QualityChecks(DuckDb database, Dataset dataset) {
    this.database = database;
    this.dataset = dataset;
  }

  /** The results, in a fixed order. */
  public static List<CheckResult> run(DuckDb database, Dataset dataset) throws SQLException {
    QualityChecks checks = new QualityChecks(database, dataset);
    checks.always();
    for (Check check : dataset.checks()) {
      checks.declared(check);
    }
    return List.copyOf(checks.results);
  }

  private void always() throws SQLException {
    long rows = database.count("dataset");
    add(
        "entity keys are unique",
        HARD,
        rows == database.number("SELECT count(DISTINCT entity_key) FROM dataset"),
        rows + " rows",
        "one row a key");
    prevalence("label is not rare", WARN, RARE, 1 - RARE);
    if (dataset.entities() != null) {
      readable("entities");
    }
    if (dataset.events() != null) {
      readable("events");
      overlap("events", HALF, HARD);
      overlap("entities", HALF, WARN);
      freshness(FRESH_DAYS, WARN);
    }
  }

  private void readable(String source) throws SQLException {
    long unreadable = database.count(source + "_raw" + SourceLoader.UNREADABLE);
    add(source + " can be read", WARN, unreadable == 0, unreadable + " rows cannot", "every row");
  }

  private void declared(Check check) throws SQLException {
    String severity = check.severity().name();
    if (check.on().equals("label")) {
      prevalence(
          "label has the expected prevalence",
          severity,
          check.min() == null ? 0 : check.min(),
          check.max() == null ? 1 : check.max());
      return;
    }
    if (dataset.events() == null && (check.on().equals("events") || check.minOverlap() != null)) {
      add("events exist", severity, false, "the dataset has none", "events");
      return;
    }
    if (check.column() != null) {
      ofColumn(check, check.column(), severity);
      return;
    }
    if (check.minRows() != null || check.maxRows() != null) {
      long rows = database.count(check.on() + "_typed");
      add(
          check.on() + " have enough rows",
          severity,
          (check.minRows() == null || rows >= check.minRows())
              && (check.maxRows() == null || rows <= check.maxRows()),
          rows + " rows",
          range(check.minRows(), check.maxRows()));
    }
    if (check.maxAgeDays() != null) {
      freshness(check.maxAgeDays(), severity);
    }
    if (check.minOverlap() != null) {
      overlap(check.on(), check.minOverlap(), severity);
    }
  }

  private void ofColumn(Check check, String name, String severity) throws SQLException {
    String label = check.on() + "." + name;
    // Personal data is not let into the cleaned tables, so it is checked where it was loaded.
    String table = has(check.on() + "_typed", name) ? check.on() + "_typed" : check.on() + "_raw";
    if (!has(table, name)) {
      add(label + " exists", severity, false, "no such column", "a column");
      return;
    }
    String column = DuckDb.name(name);
    if (check.type() != null) {
      Check.ColumnType type = type(table, name);
      add(
          label + " has the declared type",
          severity,
          type == check.type(),
          type.name(),
          check.type().name());
    }
    if (check.maxMissing() != null) {
      long missing = count(table, column + " IS NULL");
      double share = (double) missing / Math.max(1, database.count(table));
      add(
          label + " is filled",
          severity,
          share <= check.maxMissing(),
          number(share) + " missing",
          "at most " + check.maxMissing());
    }
    if (Boolean.TRUE.equals(check.unique())) {
      long repeated =
          database.number(
              "SELECT count(%s) - count(DISTINCT %s) FROM %s".formatted(column, column, table));
      add(label + " is unique", severity, repeated == 0, repeated + " repetitions", "none");
    }
    if (check.min() != null || check.max() != null) {
      long outside = count(table, outside(column, check));
      add(
          label + " is in range",
          severity,
          outside == 0,
          outside + " outside",
          range(check.min(), check.max()));
    }
    if (check.values() != null) {
      List<String> allowed = check.values().stream().map(DuckDb::text).toList();
      long others =
          count(
              table,
              "%s IS NOT NULL AND CAST(%s AS VARCHAR) NOT IN (%s)"
                  .formatted(column, column, String.join(", ", allowed)));
      add(
          label + " has allowed values",
          severity,
          others == 0,
          others + " others",
          String.join(", ", check.values()));
    }
  }

  private static String outside(String column, Check check) {
    List<String> outside = new ArrayList<>();
    // What is no number at all is in no range either.
    outside.add("%s IS NOT NULL AND TRY_CAST(%s AS DOUBLE) IS NULL".formatted(column, column));
    if (check.min() != null) {
      outside.add("TRY_CAST(" + column + " AS DOUBLE) < " + check.min());
    }
    if (check.max() != null) {
      outside.add("TRY_CAST(" + column + " AS DOUBLE) > " + check.max());
    }
    return String.join(" OR ", outside);
  }

  private void prevalence(String name, String severity, double min, double max)
      throws SQLException {
    double share =
        (double) database.number("SELECT sum(label) FROM labelled") / database.count("labelled");
    add(name, severity, share >= min && share <= max, number(share), range(min, max));
  }

  private void freshness(int days, String severity) throws SQLException {
    String newest = String.join("", database.texts("SELECT max(event_time) FROM events"));
    long recent =
        count(
            "events",
            "event_time >= TIMESTAMP '%s' + INTERVAL 1 DAY - INTERVAL %d DAY"
                .formatted(dataset.asOf(), days));
    add(
        "history reaches the as-of date",
        severity,
        recent > 0,
        "newest event " + newest,
        "within %d days of the end of %s".formatted(days, dataset.asOf()));
  }

  /** How far the keys of entities and events overlap. */
  private void overlap(String on, double min, String severity) throws SQLException {
    boolean ofEvents = on.equals("events");
    long all = ofEvents ? count("events_unique", "occurrence = 1") : database.count("dataset");
    long known =
        ofEvents
            ? all - count("events_judged", "reason = 'UNKNOWN_ENTITY'")
            : database.number("SELECT count(DISTINCT entity_key) FROM events");
    add(
        ofEvents ? "events belong to known entities" : "entities have events",
        severity,
        known >= min * all,
        known + " of " + all,
        "at least " + min);
  }

  private long count(String table, String condition) throws SQLException {
    return database.number("SELECT count(*) FROM " + table + " WHERE " + condition);
  }

  private boolean has(String table, String column) throws SQLException {
    return database.number(
            "SELECT count(*) FROM duckdb_columns() WHERE table_name = %s AND column_name = %s"
                .formatted(DuckDb.text(table), DuckDb.text(column)))
        > 0;
  }

  private Check.ColumnType type(String table, String name) throws SQLException {
    ColumnInfo column =
        database.columns(table).stream()
            .filter(c -> c.name().equals(name))
            .findFirst()
            .orElseThrow();
    if (column.type().equals("BOOLEAN")) {
      return Check.ColumnType.TRUTH;
    }
    if (column.isNumeric()) {
      return Check.ColumnType.NUMBER;
    }
    return column.isTemporal() ? Check.ColumnType.TIME : Check.ColumnType.TEXT;
  }

  private static String range(@Nullable Number min, @Nullable Number max) {
    return (min == null ? "any" : min) + " to " + (max == null ? "any" : max);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private void add(
      String check, String severity, boolean passed, String observed, String expected) {
    results.add(new CheckResult(check, severity, passed, observed, expected));
  }
}
