package dev.mlhandoff.far.features;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One column of the entities, and what is inferred of it: whether it is a number kept as text,
 * whether it only names the rows, which number stands for a missing one. The definition says so.
 */
public final class EntityColumn {

  /** Share of the rows that a number must have to be taken for a mark of missing ones. */
  private static final double SENTINEL_SHARE = 0.01;

  private static final List<String> CODES =
      List.of("-9", "-99", "-999", "-9999", "-99999", "999", "9999", "99999", "999999");

  private final DuckDb database;
  private final String name;
  private final String type;
  private final @Nullable String asOf;
  private final String column;

  /**
   * @param database holds the table {@code dataset}
   * @param type DuckDB's name of its type
   * @param asOf ISO date; null for a dataset without events
   */
  public EntityColumn(DuckDb database, String name, String type, @Nullable String asOf) {
    this.database = database;
    this.name = name;
    this.type = type;
    this.asOf = asOf;
    this.column = DuckDb.name(name);
  }

  /**
   * The feature of a column that is declared to be one, even if it names the rows.
   *
   * @throws IllegalStateException for a date without an as-of date
   */
  public FeatureDefinition declared() throws SQLException {
    Optional<FeatureDefinition> inferred = feature();
    if (inferred.isPresent()) {
      return inferred.get();
    }
    if (new ColumnInfo(name, type).isTemporal()) {
      throw new IllegalStateException(name + " is a date without an as-of date");
    }
    boolean text =
        type.equals("VARCHAR")
            && count("count(*) FILTER (%s IS NOT NULL AND %s IS NULL)".formatted(column, cast()))
                > 0;
    return text
        ? definition(name, "CATEGORICAL", name + " as recorded", "d." + column)
        : number(name + " as recorded");
  }

  /** Its candidate feature; empty if it can be none. */
  Optional<FeatureDefinition> feature() throws SQLException {
    ColumnInfo info = new ColumnInfo(name, type);
    if (info.isTemporal()) {
      return asOf == null ? Optional.empty() : Optional.of(days(asOf));
    }
    if (type.equals("BOOLEAN")) {
      return Optional.of(definition(name, "NUMERIC", name + " as recorded", "d." + column));
    }
    if (!type.equals("VARCHAR")) {
      // Lists, structures, bytes, intervals and such are no numbers.
      return !info.isNumeric() || namesRows()
          ? Optional.empty()
          : Optional.of(number(name + " as recorded"));
    }
    long distinct = count("count(DISTINCT " + column + ")");
    if (distinct > 2
        && count("count(*) FILTER (%s IS NOT NULL AND %s IS NULL)".formatted(column, cast()))
            == 0) {
      // Some sources keep numbers as text because of blanks in a few rows.
      return namesRows() ? Optional.empty() : Optional.of(number(name + ", a number kept as text"));
    }
    // A text that is different in most rows names the entity; it cannot be learned from.
    return distinct > database.count("dataset") / 2
        ? Optional.empty()
        : Optional.of(definition(name, "CATEGORICAL", name + " as recorded", "d." + column));
  }

  private FeatureDefinition days(String date) {
    return definition(
        name + "_days",
        "NUMERIC",
        "days from " + name + " to the as-of date",
        // A date after the as-of date was not known then.
        "CASE WHEN CAST(d.%s AS DATE) <= DATE '%s' THEN date_diff('day', CAST(d.%s AS DATE), DATE '%s') END"
            .formatted(column, date, column, date));
  }

  private FeatureDefinition number(String description) throws SQLException {
    String number = "TRY_CAST(d.%s AS DOUBLE)".formatted(column);
    String finite = "CASE WHEN isfinite(%s) THEN %s END".formatted(number, number);
    Optional<String> sentinel = sentinel();
    if (sentinel.isEmpty()) {
      return definition(name, "NUMERIC", description, finite);
    }
    return definition(
        name,
        "NUMERIC",
        description + "; " + sentinel.get() + " is taken for missing",
        "nullif(" + finite + ", " + sentinel.get() + ")");
  }

  /** Whole numbers, each of them once and close together, count the rows. */
  private boolean namesRows() throws SQLException {
    return count(
            ("CAST(count(*) > 20 AND count(%s) = count(*) AND count(DISTINCT %s) = count(*) AND"
                    + " bool_and(%s = floor(%s)) AND max(%s) - min(%s) < 2 * count(*) AS INTEGER)")
                .formatted(column, column, cast(), cast(), cast(), cast()))
        == 1;
  }

  /**
   * A number of nines that stands apart from all others of the training part by more than their
   * whole range and is frequent there: a code, not a measurement.
   */
  private Optional<String> sentinel() throws SQLException {
    for (String code : frequentCodes()) {
      long isSentinel =
          database.number(
              ("SELECT CAST(coded >= %s * rows AND distinct_others >= 10 AND (low - %s > high - low"
                      + " OR %s - high > high - low) AS INTEGER) FROM (SELECT count(*) AS rows,"
                      + " count(*) FILTER (v = %s) AS coded, count(DISTINCT v) FILTER (v <> %s) AS"
                      + " distinct_others, min(v) FILTER (v <> %s) AS low, max(v) FILTER (v <> %s)"
                      + " AS high FROM (SELECT %s AS v FROM dataset WHERE NOT holdout))")
                  .formatted(SENTINEL_SHARE, code, code, code, code, code, code, cast()));
      if (isSentinel == 1) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  /** Those that enough rows of the training part have, found in one pass over the column. */
  private List<String> frequentCodes() throws SQLException {
    return database.texts(
        "SELECT code FROM (SELECT unnest([%s]) AS code, unnest([%s]) AS coded, rows FROM (SELECT count(*) AS rows, %s FROM (SELECT %s AS v FROM dataset WHERE NOT holdout))) WHERE coded >= %s * rows"
            .formatted(
                CODES.stream().map(DuckDb::text).collect(Collectors.joining(", ")),
                CODES.stream().map(EntityColumn::counted).collect(Collectors.joining(", ")),
                CODES.stream()
                    .map(code -> "count(*) FILTER (v = %s) AS %s".formatted(code, counted(code)))
                    .collect(Collectors.joining(", ")),
                cast(),
                SENTINEL_SHARE));
  }

  private static String counted(String code) {
    return DuckDb.name("n" + code);
  }

  private String cast() {
    return "TRY_CAST(" + column + " AS DOUBLE)";
  }

  private long count(String aggregate) throws SQLException {
    return database.number("SELECT " + aggregate + " FROM dataset");
  }

  private FeatureDefinition definition(
      String feature, String kind, String description, String expression) {
    return new FeatureDefinition(
        feature, kind, description, expression, List.of("entities." + name));
  }
}
