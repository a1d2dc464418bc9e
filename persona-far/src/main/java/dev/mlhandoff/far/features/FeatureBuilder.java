package dev.mlhandoff.far.features;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.OrderedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derives candidate features from what the dataset description says: recency, frequency and money
 * over several windows up to the as-of date, and the entity's own columns. Reads no label.
 */
public final class FeatureBuilder {

  private static final int[] WINDOWS = {7, 30, 90, 180, 365};
  private static final Set<String> BOOKKEEPING = Set.of("entity_key", "label", "holdout", "fold");

  private final DuckDb database;
  private final @Nullable String asOf;
  private final boolean hasAmount;
  private final List<FeatureDefinition> definitions = new ArrayList<>();
  private final Set<String> declared = new HashSet<>();
  private final List<String> leftOut = new ArrayList<>();

  /**
   * @param database holds the tables {@code dataset} and, with an as-of date, {@code events}
   * @param asOf ISO date; null for a dataset without events
   */
  public FeatureBuilder(DuckDb database, @Nullable String asOf, boolean hasAmount) {
    this.database = database;
    this.asOf = asOf;
    this.hasAmount = hasAmount;
  }

  /** Every candidate, in the order of the columns. */
  public List<FeatureDefinition> definitions() {
    return List.copyOf(definitions);
  }

  /**
   * Columns that only name the rows, are neither number, text nor date, are dates where there is no
   * as-of date, or tell nothing of an entity but how many events it has.
   */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** Adds a column of the entities, by DuckDB's name of its type, unless it names the rows. */
  public void entityColumn(String name, String type) throws SQLException {
    Optional<FeatureDefinition> feature = new EntityColumn(database, name, type, asOf).feature();
    if (feature.isPresent()) {
      derive(feature.get());
    } else {
      leftOut.add(name);
    }
  }

  /** Adds what the history of events tells: recency, frequency, money, gaps and trends. */
  public void history() throws SQLException {
    if (asOf == null) {
      return;
    }
    HistorySql history = new HistorySql(asOf);
    long span =
        database.number(
            "SELECT date_diff('day', min(event_time), " + history.end() + ") FROM events");
    String days = history.days();
    event("recency_days", "days since the last event", history.sinceLast(), "event_time");
    event("tenure_days", "days since the first event", "max(" + days + ")", "event_time");
    event("events_all", "number of events", "count(e.event_time)", "event_time");
    event(
        "active_days",
        "days with an event",
        "count(DISTINCT CAST(e.event_time AS DATE))",
        "event_time");
    event(
        "active_months",
        "months with an event",
        "count(DISTINCT date_trunc('month', e.event_time))",
        "event_time");
    event(
        "weekend_share",
        "share of events at a weekend",
        HistorySql.share("isodow(e.event_time) > 5"),
        "event_time");
    event("mean_gap_days", "mean days between events", history.meanGap(), "event_time");
    event(
        "recency_to_gap",
        "days since the last event over the mean gap",
        "%s / greatest(%s, 1.0)".formatted(history.sinceLast(), history.meanGap()),
        "event_time");
    event(
        "recency_to_tenure",
        "days since the last event over days since the first",
        "min(%s)::DOUBLE / greatest(max(%s), 1)".formatted(days, days),
        "event_time");
    if (hasAmount) {
      event("amount_sum", "money in all", "sum(e.amount)::DOUBLE", "amount");
      event("amount_mean", "mean amount", "(sum(e.amount) / count(e.amount))::DOUBLE", "amount");
      event("amount_max", "largest amount", "max(e.amount)::DOUBLE", "amount");
      event("amount_min", "smallest amount", "min(e.amount)::DOUBLE", "amount");
    }
    for (int window : WINDOWS) {
      if (window < span) {
        window(window, history, span);
      }
    }
  }

  /** Adds what a column of the events tells of an entity, by DuckDB's name of its type. */
  public void eventColumn(String name, String type) throws SQLException {
    String seen = new HistorySql(Objects.requireNonNull(asOf)).seen();
    List<FeatureDefinition> features = new EventColumn(database, name, type, seen).features();
    features.forEach(this::derive);
    if (features.isEmpty()) {
      leftOut.add(name);
    }
  }

  /** Makes the table {@code features}, ordered by entity key. */
  public void build() throws SQLException {
    StringBuilder columns = new StringBuilder();
    StringBuilder aggregates = new StringBuilder();
    for (FeatureDefinition definition : definitions) {
      String name = DuckDb.name(definition.name());
      String type = definition.kind().equals("NUMERIC") ? "DOUBLE" : "VARCHAR";
      if (definition.sources().get(0).startsWith("events.")) {
        aggregates.append(", ").append(definition.expression()).append(" AS ").append(name);
        columns.append(", CAST(h.%s AS %s) AS %s".formatted(name, type, name));
      } else {
        columns.append(", CAST(%s AS %s) AS %s".formatted(definition.expression(), type, name));
      }
    }
    String join = "";
    if (asOf != null) {
      // The condition stands here again although the pipeline cut the events already: no feature
      // may ever see what happened after the as-of date.
      database.execute(
          "CREATE TABLE history AS SELECT d.entity_key"
              + aggregates
              + " FROM (SELECT * EXCLUDE (label, fold) FROM dataset) d LEFT JOIN (SELECT * FROM"
              + " events e WHERE "
              + new HistorySql(asOf).seen()
              + " ORDER BY entity_key, event_time) e ON e.entity_key = d.entity_key GROUP BY"
              + " d.entity_key");
      join = " LEFT JOIN history h USING (entity_key)";
    }
    // The label and what follows from it are no columns of what the expressions see: one that
    // names them fails. They are put beside the features afterwards.
    database.execute(
        "CREATE VIEW unlabelled AS SELECT d.entity_key"
            + columns
            + " FROM (SELECT * EXCLUDE (label, fold) FROM dataset) d"
            + join);
    OrderedTable.create(
        database,
        "features",
        "SELECT b.entity_key, b.label, b.holdout, b.fold, u.* EXCLUDE (entity_key) FROM dataset b"
            + " JOIN unlabelled u USING (entity_key)",
        "entity_key");
  }

  private void window(int window, HistorySql history, long span) {
    String inside = history.inLast(window);
    event(
        "events_" + window,
        "events in the last " + window + " days",
        HistorySql.count(inside),
        "event_time",
        window);
    if (hasAmount) {
      event(
          "amount_" + window,
          "money in the last " + window + " days",
          "coalesce(sum(e.amount) FILTER (WHERE " + inside + "), 0)::DOUBLE",
          "amount",
          window);
    }
    if (2L * window < span) {
      event(
          "trend_" + window,
          "events in the last %d days over those before".formatted(window),
          history.countTrend(window),
          "event_time",
          2 * window);
    }
  }

  private void event(String name, String description, String expression, String column) {
    event(name, description, expression, column, null);
  }

  private void event(
      String name,
      String description,
      String expression,
      String column,
      @Nullable Integer windowDays) {
    derive(
        new FeatureDefinition(
            name, "NUMERIC", description, expression, List.of("events." + column), windowDays));
  }

  /** Adds a feature that the operator declares. A derived one of its name gives way to it. */
  public void declare(FeatureDefinition feature) {
    add(feature);
    declared.add(definitions.get(definitions.size() - 1).name().toLowerCase(Locale.ROOT));
  }

  private void derive(FeatureDefinition feature) {
    if (!declared.contains(feature.name().toLowerCase(Locale.ROOT))) {
      add(feature);
    }
  }

  /** A name that is taken already gets a number behind it. */
  private void add(FeatureDefinition feature) {
    String free = feature.name();
    for (int i = 2; isTaken(free); i++) {
      free = feature.name() + "_" + i;
    }
    definitions.add(feature.named(free));
  }

  private boolean isTaken(String name) {
    return BOOKKEEPING.contains(name.toLowerCase(Locale.ROOT))
        || definitions.stream().anyMatch(existing -> existing.name().equalsIgnoreCase(name));
  }
}
