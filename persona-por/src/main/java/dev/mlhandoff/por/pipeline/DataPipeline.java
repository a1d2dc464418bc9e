package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Source;
import dev.mlhandoff.data.catalog.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Ingests, cleans, labels and splits one dataset. Values are changed only by rules that the catalog
 * declares; what cannot be used is put aside with its reason.
 */
public final class DataPipeline {

  /** Share of the entities whose labels only the quality gate sees. */
  static final double HOLDOUT_SHARE = 0.2;

  private final DuckDb database;
  private final Dataset dataset;
  private final Target target;
  private final Dag dag;
  private final SourceLoader loader;

  public DataPipeline(
      DuckDb database,
      Dataset dataset,
      Target target,
      SourceLoader loader,
      Consumer<String> onStep) {
    this.database = database;
    this.dataset = dataset;
    this.target = target;
    this.loader = loader;
    this.dag = new Dag(database, onStep);
  }

  /** The steps that ran. */
  public Dag dag() {
    return dag;
  }

  /**
   * Runs everything; afterwards the tables {@code dataset}, {@code events} (if there are any),
   * {@code holdout_labels} and {@code quarantine} stand in the database.
   */
  public void run(long seed, int folds) throws SQLException, IOException, DataRejectedException {
    if (dataset.events() != null) {
      cleanEvents(dataset.events());
    }
    cleanEntities();
    if (dataset.events() != null) {
      keepKnownEvents();
    }
    label();
    split(seed, folds);
    quarantine();
  }

  private void cleanEvents(Source source) throws SQLException, IOException, DataRejectedException {
    loader.load(database, "events_raw", source);
    dag.source("events_raw", source.description());
    List<ColumnInfo> columns = database.columns("events_raw");
    String key = require(columns, dataset.entityKey(), "events");
    String time = require(columns, Objects.requireNonNull(dataset.eventTime()), "events");
    List<String> selected = new ArrayList<>();
    selected.add("CAST(" + key + " AS VARCHAR) AS entity_key");
    selected.add(eventTime(time, source) + " AS event_time");
    if (dataset.amount() != null) {
      String amount = require(columns, dataset.amount(), "events");
      selected.add("TRY_CAST(" + finite(amount) + " AS DECIMAL(18,4)) AS amount");
    }
    for (ColumnInfo column : columns) {
      if (!List.of(dataset.entityKey(), dataset.eventTime()).contains(column.name())
          && !column.name().equals(dataset.amount())
          && !dataset.pii().contains(column.name())) {
        selected.add(cleaned(column) + " AS " + DuckDb.name(column.name()));
      }
    }
    dag.table(
        "events_typed",
        "types, declared spellings, infinities as missing; personal data left out",
        List.of("events_raw"),
        "SELECT " + String.join(", ", selected) + " FROM events_raw");
    String eventKey = dataset.eventKey();
    if (eventKey == null) {
      dag.table(
          "events_unique",
          "no event key is declared, so equal rows are different events",
          List.of("events_typed"),
          "SELECT *, 1 AS occurrence FROM events_typed");
    } else {
      require(columns, eventKey, "events");
      dag.table(
          "events_unique",
          "numbers the occurrences of each event key; the first one is kept",
          List.of("events_typed"),
          "SELECT *, row_number() OVER (PARTITION BY "
              + DuckDb.name(eventKey)
              + " ORDER BY event_time, entity_key, CAST(events_typed AS VARCHAR)) AS occurrence"
              + " FROM events_typed");
    }
  }

  private String eventTime(String column, Source source) {
    return source.dateFormat() == null
        ? "TRY_CAST(" + column + " AS TIMESTAMP)"
        : "TRY_STRPTIME(CAST(" + column + " AS VARCHAR), " + DuckDb.text(source.dateFormat()) + ")";
  }

  private void cleanEntities() throws SQLException, IOException, DataRejectedException {
    Source source = dataset.entities();
    if (source == null) {
      dag.table(
          "entities_typed",
          "the entities are those with an event up to the as-of date",
          List.of("events_unique"),
          "SELECT DISTINCT entity_key, 1 AS occurrence FROM events_unique WHERE entity_key IS NOT"
              + " NULL AND event_time < "
              + endOfHistory());
    } else {
      loader.load(database, "entities_raw", source);
      dag.source("entities_raw", source.description());
      List<ColumnInfo> columns = database.columns("entities_raw");
      String key = require(columns, dataset.entityKey(), "entities");
      List<String> selected = new ArrayList<>();
      selected.add("CAST(" + key + " AS VARCHAR) AS entity_key");
      for (ColumnInfo column : columns) {
        if (!column.name().equals(dataset.entityKey()) && !dataset.pii().contains(column.name())) {
          selected.add(cleaned(column) + " AS " + DuckDb.name(column.name()));
        }
      }
      dag.table(
          "entities_typed",
          "types, declared spellings, infinities as missing; personal data left out",
          List.of("entities_raw"),
          "SELECT *, row_number() OVER (PARTITION BY entity_key ORDER BY CAST(typed AS VARCHAR))"
              + " AS occurrence FROM (SELECT "
              + String.join(", ", selected)
              + " FROM entities_raw) typed");
    }
    dag.table(
        "entities",
        "one row an entity",
        List.of("entities_typed"),
        "SELECT * EXCLUDE (occurrence) FROM entities_typed WHERE occurrence = 1 AND entity_key IS"
            + " NOT NULL");
    if (database.count("entities") == 0) {
      throw new DataRejectedException("EMPTY_DATASET", "the dataset has no entities", "/dataset");
    }
  }

  private void keepKnownEvents() throws SQLException {
    dag.table(
        "events_judged",
        "gives each event that cannot be used its reason",
        List.of("events_unique", "entities"),
        "SELECT e.*, CASE WHEN occurrence > 1 THEN 'DUPLICATE_EVENT'"
            + " WHEN event_time IS NULL THEN 'UNREADABLE_TIME'"
            + " WHEN event_time >= "
            + endOfPeriod()
            + " THEN 'TIME_IN_THE_FUTURE'"
            + " WHEN k.entity_key IS NULL THEN 'UNKNOWN_ENTITY' END AS reason"
            + " FROM events_unique e LEFT JOIN entities k USING (entity_key)");
    dag.table(
        "events_valid",
        "events that can be used",
        List.of("events_judged"),
        "SELECT * EXCLUDE (occurrence, reason) FROM events_judged WHERE reason IS NULL");
    dag.table(
        "events",
        "events up to the as-of date: all that features may see",
        List.of("events_valid"),
        "SELECT * FROM events_valid WHERE event_time < "
            + endOfHistory()
            + " ORDER BY entity_key, event_time, CAST(events_valid AS VARCHAR)");
  }

  private void label() throws SQLException, DataRejectedException {
    if (target.inactiveDays() != null) {
      if (dataset.events() == null) {
        throw new DataRejectedException(
            "UNKNOWN_TARGET", "the target needs events and the dataset has none", "/target");
      }
      String purchase = dataset.amount() == null ? "" : " AND (amount IS NULL OR amount >= 0)";
      dag.table(
          "labelled",
          "1 for no event within %d days after the as-of date".formatted(target.inactiveDays()),
          List.of("entities", "events_valid"),
          "SELECT c.*, CASE WHEN a.entity_key IS NULL THEN 1 ELSE 0 END AS label FROM entities c"
              + " LEFT JOIN (SELECT DISTINCT entity_key FROM events_valid WHERE event_time >= "
              + endOfHistory()
              + purchase
              + ") a USING (entity_key)");
    } else {
      String column = Objects.requireNonNull(target.column());
      List<ColumnInfo> columns = database.columns("entities");
      String quoted = require(columns, column, "entities");
      dag.table(
          "labelled",
          "1 where %s is %s; entities without a value are left out"
              .formatted(column, target.positive()),
          List.of("entities"),
          "SELECT * EXCLUDE ("
              + quoted
              + "), CASE WHEN "
              + quoted
              + " = "
              + positiveValue(columns, column)
              + " THEN 1 ELSE 0 END AS label FROM entities WHERE "
              + quoted
              + " IS NOT NULL");
    }
  }

  /** As a value of the column's type: a column of Yes and No, for one, is read as truth values. */
  private String positiveValue(List<ColumnInfo> columns, String column) {
    String type =
        columns.stream()
            .filter(c -> c.name().equals(column))
            .map(ColumnInfo::type)
            .findFirst()
            .orElse("VARCHAR");
    return "TRY_CAST("
        + DuckDb.text(Objects.requireNonNull(target.positive()))
        + " AS "
        + type
        + ")";
  }

  private void split(long seed, int folds) throws SQLException, DataRejectedException {
    long rows = database.count("labelled");
    long positives = database.number("SELECT sum(label) FROM labelled");
    if (rows == 0) {
      throw new DataRejectedException("EMPTY_DATASET", "no entity has a label", "/dataset");
    }
    if (positives == 0 || positives == rows) {
      throw new DataRejectedException(
          "SINGLE_CLASS_TARGET",
          "all %d labels are %s: there is nothing to learn"
              .formatted(rows, positives == 0 ? "negative" : "positive"),
          "/target");
    }
    long smaller = Math.min(positives, rows - positives);
    if (smaller < 4L * folds) {
      throw new DataRejectedException(
          "TOO_FEW_ROWS",
          "the rarer class has %d rows; %d folds and a hold-out need at least %d"
              .formatted(smaller, folds, 4L * folds),
          "/dataset");
    }
    // The order within a class is that of a hash of seed and key: no entity chooses its fold, and
    // each keeps its place whatever else is in the data is sorted like.
    dag.table(
        "split",
        "hold-out of %.0f %% and %d folds, stratified, by a seeded hash of the entity key"
            .formatted(100 * HOLDOUT_SHARE, folds),
        List.of("labelled"),
        "SELECT *, place < floor(%s * size) AS holdout, CASE WHEN place >= floor(%s * size) THEN"
                .formatted(HOLDOUT_SHARE, HOLDOUT_SHARE)
            + " CAST(place %% %d AS INTEGER) END AS fold FROM (SELECT *, row_number() OVER"
                .formatted(folds)
            + " (PARTITION BY label ORDER BY md5('%d|' || entity_key), entity_key) - 1 AS place,"
                .formatted(seed)
            + " count(*) OVER (PARTITION BY label) AS size FROM labelled)");
    dag.table(
        "holdout_labels",
        "labels that only the quality gate reads",
        List.of("split"),
        "SELECT entity_key, label FROM split WHERE holdout ORDER BY entity_key");
    dag.table(
        "dataset",
        "the cleaned entities; labels of the hold-out removed",
        List.of("split"),
        "SELECT entity_key, * EXCLUDE (entity_key, label, holdout, fold, place, size), CASE WHEN"
            + " NOT holdout THEN label END AS label, holdout, fold FROM split ORDER BY entity_key");
  }

  private void quarantine() throws SQLException {
    String entities =
        "SELECT 'entities' AS source, CASE WHEN entity_key IS NULL THEN 'MISSING_KEY' ELSE"
            + " 'DUPLICATE_ENTITY' END AS reason, CAST(t AS VARCHAR) AS row FROM entities_typed t"
            + " WHERE occurrence > 1 OR entity_key IS NULL";
    String events =
        dataset.events() == null
            ? ""
            : " UNION ALL SELECT 'events', reason, CAST(j AS VARCHAR) FROM events_judged j WHERE"
                + " reason IS NOT NULL";
    dag.table(
        "quarantine",
        "rows that were put aside, with the reason",
        dataset.events() == null
            ? List.of("entities_typed")
            : List.of("entities_typed", "events_judged"),
        "SELECT * FROM (" + entities + events + ") ORDER BY source, reason, row");
  }

  private String cleaned(ColumnInfo column) {
    String name = DuckDb.name(column.name());
    if (column.type().equals("DOUBLE") || column.type().equals("FLOAT")) {
      return finite(name);
    }
    if (!column.type().equals("VARCHAR")) {
      return name;
    }
    Map<String, List<String>> spellings = dataset.spellings().getOrDefault(column.name(), Map.of());
    StringBuilder sql = new StringBuilder("CASE");
    for (Map.Entry<String, List<String>> spelling : spellings.entrySet()) {
      List<String> variants =
          spelling.getValue().stream().map(v -> DuckDb.text(v.strip())).toList();
      sql.append(
          " WHEN trim(%s) IN (%s) THEN %s"
              .formatted(name, String.join(", ", variants), DuckDb.text(spelling.getKey())));
    }
    return spellings.isEmpty()
        ? "nullif(trim(" + name + "), '')"
        : sql + " ELSE nullif(trim(" + name + "), '') END";
  }

  private static String finite(String column) {
    return "CASE WHEN isfinite(TRY_CAST(%s AS DOUBLE)) THEN %s END".formatted(column, column);
  }

  /** The first moment that features must not see. */
  private String endOfHistory() {
    return "TIMESTAMP '" + Objects.requireNonNull(dataset.asOf()).plusDays(1) + "'";
  }

  /** The first moment after the time in which the label is decided. */
  private String endOfPeriod() {
    int days = target.inactiveDays() == null ? 0 : target.inactiveDays();
    return "TIMESTAMP '" + Objects.requireNonNull(dataset.asOf()).plusDays(1L + days) + "'";
  }

  private static String require(List<ColumnInfo> columns, String name, String where)
      throws DataRejectedException {
    for (ColumnInfo column : columns) {
      if (column.name().equals(name)) {
        return DuckDb.name(name);
      }
    }
    throw new DataRejectedException(
        "MISSING_COLUMN",
        "the %s have no column %s, only %s"
            .formatted(where, name, columns.stream().map(ColumnInfo::name).toList()),
        "/dataset");
  }
}
