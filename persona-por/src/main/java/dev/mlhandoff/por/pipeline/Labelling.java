package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Target;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Decides each entity's label, by a column or by inactivity. */
final class Labelling {

  private final DuckDb database;
  private final Dag dag;
  private final Dataset dataset;
  private final Target target;

  Labelling(DuckDb database, Dag dag, Dataset dataset, Target target) {
    this.database = database;
    this.dag = dag;
    this.dataset = dataset;
    this.target = target;
  }

  /** Makes {@code labelled}; returns where the label comes from. */
  ColumnLineage label(List<CleanColumn> entities, List<CleanColumn> events)
      throws SQLException, DataRejectedException {
    return target.inactiveDays() == null ? byColumn(entities) : byInactivity(events);
  }

  private ColumnLineage byInactivity(List<CleanColumn> events)
      throws SQLException, DataRejectedException {
    if (dataset.events() == null) {
      throw new DataRejectedException(
          "UNKNOWN_TARGET", "the target needs events and the dataset has none", "/target");
    }
    String rule =
        "1 for no event within %d days after the as-of date".formatted(target.inactiveDays());
    // What is sent back is no activity.
    String purchase = dataset.amount() == null ? "" : " AND (amount IS NULL OR amount >= 0)";
    dag.view(
        "labelled",
        rule,
        List.of("entities", "events_valid"),
        "SELECT c.*, CASE WHEN a.entity_key IS NULL THEN 1 ELSE 0 END AS label FROM entities c"
            + " LEFT JOIN (SELECT DISTINCT entity_key FROM events_valid WHERE event_time >= "
            + ObservationPeriod.of(dataset, target).endOfHistory()
            + purchase
            + ") a USING (entity_key)");
    List<ColumnLineage.SourceColumn> sources =
        events.stream()
            .filter(
                column ->
                    Stream.of("entity_key", "event_time", "amount").anyMatch(column.name()::equals))
            .map(CleanColumn::source)
            .toList();
    return new ColumnLineage("entities.label", "LABEL", sources, rule);
  }

  private ColumnLineage byColumn(List<CleanColumn> entities)
      throws SQLException, DataRejectedException {
    String wanted = Objects.requireNonNull(target.column());
    CleanColumn column =
        entities.stream()
            .filter(c -> c.source().column().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataRejectedException(
                        "MISSING_COLUMN", "the entities have no column " + wanted, "/dataset"));
    String quoted = DuckDb.name(column.name());
    String rule =
        "1 where %s is %s; entities without a value are left out"
            .formatted(wanted, target.positive());
    dag.view(
        "labelled",
        rule,
        List.of("entities"),
        "SELECT * EXCLUDE ("
            + quoted
            + "), CASE WHEN "
            + quoted
            + " = "
            + positiveValue(column.name())
            + " THEN 1 ELSE 0 END AS label FROM entities WHERE "
            + quoted
            + " IS NOT NULL");
    return new ColumnLineage("entities.label", "LABEL", List.of(column.source()), rule);
  }

  /** As a value of the column's type: a column of Yes and No, for one, is read as truth values. */
  private String positiveValue(String column) throws SQLException {
    String type =
        database.columns("entities").stream()
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
}
