package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Source;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** The steps from the source of events to those that features may see. */
final class EventCleaning {

  private final DuckDb database;
  private final Dag dag;
  private final Dataset dataset;
  private final ObservationPeriod period;

  EventCleaning(DuckDb database, Dag dag, Dataset dataset, ObservationPeriod period) {
    this.database = database;
    this.dag = dag;
    this.dataset = dataset;
    this.period = period;
  }

  /** Makes {@code events_unique}, which also numbers repeated events; returns its columns. */
  List<CleanColumn> clean(Source source, SourceLoader loader)
      throws SQLException, IOException, DataRejectedException {
    loader.loadBoth(database, "events_raw", source);
    dag.source("events_raw", source.description());
    List<CleanColumn> columns =
        new CleaningRules(dataset).events(source, database.columns("events_raw"));
    dag.table(
        "events_typed",
        "types, declared spellings, infinities as missing; personal data left out",
        List.of("events_raw"),
        "SELECT "
            + columns.stream().map(CleanColumn::selected).collect(Collectors.joining(", "))
            + " FROM events_raw");
    numberOccurrences(columns);
    return columns;
  }

  private void numberOccurrences(List<CleanColumn> columns) throws SQLException {
    String key =
        columns.stream()
            .filter(column -> column.role() == CleanColumn.Role.EVENT_KEY)
            .map(CleanColumn::name)
            .findFirst()
            .orElse("");
    if (key.isEmpty()) {
      dag.table(
          "events_unique",
          "no event key is declared, so equal rows are different events",
          List.of("events_typed"),
          "SELECT *, 1 AS occurrence FROM events_typed");
      return;
    }
    dag.table(
        "events_unique",
        "numbers the occurrences of each event key; the first one is kept",
        List.of("events_typed"),
        "SELECT *, row_number() OVER (PARTITION BY "
            + DuckDb.name(key)
            + " ORDER BY event_time, entity_key, CAST(events_typed AS VARCHAR)) AS occurrence"
            + " FROM events_typed");
  }

  /** Makes {@code events_judged}, {@code events_valid} and {@code events}. */
  void keepUsable(List<CleanColumn> columns) throws SQLException {
    dag.table(
        "events_judged",
        "gives each event that cannot be used its reason",
        List.of("events_unique", "entities"),
        "SELECT e.*, CASE WHEN occurrence > 1 THEN 'DUPLICATE_EVENT'"
            + " WHEN e.entity_key IS NULL THEN 'MISSING_KEY'"
            + " WHEN event_time IS NULL THEN 'UNREADABLE_TIME'"
            + " WHEN event_time >= "
            + period.endOfLabel()
            + " THEN 'TIME_IN_THE_FUTURE'"
            + new DeclaredRanges(dataset.ranges(), "events")
                .quarantined(columns)
                .map(condition -> " WHEN " + condition + " THEN 'OUT_OF_RANGE'")
                .orElse("")
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
            + period.endOfHistory()
            + " ORDER BY entity_key, event_time, CAST(events_valid AS VARCHAR)");
  }
}
