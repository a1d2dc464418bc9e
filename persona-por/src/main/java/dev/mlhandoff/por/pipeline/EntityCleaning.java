package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Source;
import dev.mlhandoff.por.pipeline.CleanColumn.Role;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The steps from the source of entities to one row an entity. */
final class EntityCleaning {

  private final DuckDb database;
  private final Dag dag;
  private final Dataset dataset;

  EntityCleaning(DuckDb database, Dag dag, Dataset dataset) {
    this.database = database;
    this.dag = dag;
    this.dataset = dataset;
  }

  /** Makes {@code entities} from their source; returns its columns. */
  List<CleanColumn> clean(Source source, SourceLoader loader)
      throws SQLException, IOException, DataRejectedException {
    loader.loadBoth(database, "entities_raw", source);
    dag.source("entities_raw", source.description());
    List<CleanColumn> columns =
        new CleaningRules(dataset).entities(source, database.columns("entities_raw"));
    dag.table(
        "entities_typed",
        "types, declared spellings, infinities as missing; personal data left out",
        List.of("entities_raw"),
        "SELECT "
            + columns.stream().map(CleanColumn::selected).collect(Collectors.joining(", "))
            + " FROM entities_raw");
    keepUsable(columns);
    return columns;
  }

  /** Makes {@code entities} of those with an event; returns its only column. */
  List<CleanColumn> derive(Source events, ObservationPeriod period)
      throws SQLException, DataRejectedException {
    dag.table(
        "entities_typed",
        "the entities are those with an event up to the as-of date",
        List.of("events_unique"),
        "SELECT DISTINCT entity_key FROM events_unique WHERE entity_key IS NOT NULL AND event_time"
            + " < "
            + period.endOfHistory());
    keepUsable(List.of());
    return List.of(
        new CleanColumn(
            "entity_key",
            Role.KEY,
            "entity_key",
            "those with an event up to the as-of date",
            new ColumnLineage.SourceColumn(
                events.description(), Objects.requireNonNull(dataset.entityKey()))));
  }

  private void keepUsable(List<CleanColumn> columns) throws SQLException, DataRejectedException {
    // Only the rows of repeated keys are sorted, by all of their columns: sorting every row of a
    // wide table would take more memory than the engine has.
    dag.table(
        "entities_repeated",
        "numbers the rows of each entity that has several; the first one is kept",
        List.of("entities_typed"),
        "SELECT row_id, row_number() OVER (PARTITION BY entity_key ORDER BY row) AS occurrence FROM"
            + " (SELECT rowid AS row_id, entity_key, CAST(t AS VARCHAR) AS row FROM entities_typed t"
            + " WHERE entity_key IN (SELECT entity_key FROM entities_typed GROUP BY entity_key"
            + " HAVING count(*) > 1))");
    dag.view(
        "entities_judged",
        "gives each row that cannot be used its reason",
        List.of("entities_typed", "entities_repeated"),
        "SELECT t.*, coalesce(occurrence, 1) AS occurrence, CASE WHEN entity_key IS NULL THEN 'MISSING_KEY'"
            + " WHEN occurrence > 1 THEN 'DUPLICATE_ENTITY'"
            + new DeclaredRanges(dataset.ranges(), "entities")
                .quarantined(columns)
                .map(condition -> " WHEN " + condition + " THEN 'OUT_OF_RANGE'")
                .orElse("")
            + " END AS reason FROM entities_typed t LEFT JOIN entities_repeated ON row_id = t.rowid");
    dag.view(
        "entities",
        "one row an entity",
        List.of("entities_judged"),
        "SELECT * EXCLUDE (occurrence, reason) FROM entities_judged WHERE reason IS NULL");
    if (database.count("entities") == 0) {
      throw new DataRejectedException("EMPTY_DATASET", "the dataset has no entities", "/dataset");
    }
  }
}
