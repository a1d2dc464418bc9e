package dev.mlhandoff.far.features;

import dev.mlhandoff.data.DuckDb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One column of the events, and what its values tell of the entity: numbers are summed, of texts
 * and booleans the shares are taken. What is no more alike within an entity than between entities
 * tells nothing but how many events there are, and becomes no feature.
 */
final class EventColumn {

  private static final int MAX_SHARES = 8;

  private final DuckDb database;
  private final String name;
  private final String type;

  /** Holds for the events that were known as of the as-of date: not even values come from later. */
  private final String seen;

  private final String column;
  private final EntitySignal signal;

  EventColumn(DuckDb database, String name, String type, String seen) {
    this.database = database;
    this.name = name;
    this.type = type;
    this.seen = seen;
    this.column = "e." + DuckDb.name(name);
    this.signal = new EntitySignal(database, seen);
  }

  /** Its candidate features; none if it tells nothing of the entity. */
  List<FeatureDefinition> features() throws SQLException {
    if (type.startsWith("TIMESTAMP") || type.equals("DATE")) {
      return List.of();
    }
    if (type.equals("BOOLEAN")) {
      return signal.ofCategory(column)
          ? List.of(share(name + "_share", "share of events with " + name, column))
          : List.of();
    }
    return type.equals("VARCHAR") ? shares() : sum();
  }

  private List<FeatureDefinition> sum() throws SQLException {
    if (namesEvents() || !signal.ofNumber("CAST(" + column + " AS DOUBLE)")) {
      return List.of();
    }
    return List.of(
        definition(
            name + "_sum", "sum of " + name, "sum(CAST(" + column + " AS DECIMAL(18,4)))::DOUBLE"));
  }

  private List<FeatureDefinition> shares() throws SQLException {
    String from = " FROM events e WHERE " + seen;
    long distinct = database.number("SELECT count(DISTINCT " + column + ")" + from);
    if (distinct > database.number("SELECT count(*)" + from) / 10 || !signal.ofCategory(column)) {
      return List.of();
    }
    List<FeatureDefinition> shares = new ArrayList<>();
    shares.add(
        definition(
            name + "_distinct", "different values of " + name, "count(DISTINCT " + column + ")"));
    for (String value : HistorySql.mostFrequent(database, column, seen, MAX_SHARES)) {
      shares.add(
          share(
              name + "_share_" + value,
              "share of events with " + name + " " + value,
              column + " = " + DuckDb.text(value)));
    }
    return shares;
  }

  private FeatureDefinition share(String feature, String description, String condition) {
    return definition(feature, description, HistorySql.share(condition));
  }

  /** Whole numbers, each of them once and close together, count the events. */
  private boolean namesEvents() throws SQLException {
    return database.number(
            ("SELECT CAST(count(*) > 20 AND count(DISTINCT %s) = count(*) AND bool_and(%s = floor(%s))"
                    + " AND max(%s) - min(%s) < 2 * count(*) AS INTEGER) FROM events e WHERE %s")
                .formatted(column, column, column, column, column, seen))
        == 1;
  }

  private FeatureDefinition definition(String feature, String description, String expression) {
    return new FeatureDefinition(
        feature, "NUMERIC", description, expression, List.of("events." + name), null);
  }
}
