package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.Dag;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.por.pipeline.CleanColumn.Role;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Assigns hold-out and folds, and parts what training may see from what it may not. */
final class Split {

  /** Share of the entities whose labels only the quality gate sees. */
  static final double HOLDOUT_SHARE = 0.2;

  private final DuckDb database;
  private final Dag dag;

  Split(DuckDb database, Dag dag) {
    this.database = database;
    this.dag = dag;
  }

  /** Makes {@code holdout_labels}, {@code audit_attributes} and {@code dataset}. */
  void split(List<CleanColumn> entities, long seed, int folds)
      throws SQLException, DataRejectedException {
    judge(folds);
    // The order within a class is that of a hash of seed and key: no entity chooses its fold, and
    // each keeps its place whatever else is in the data is sorted like.
    dag.table(
        "split",
        "hold-out of %.0f %% and %d folds, stratified, by a seeded hash of the entity key"
            .formatted(100 * HOLDOUT_SHARE, folds),
        List.of("labelled"),
        "SELECT entity_key, label, place < floor(%s * size) AS holdout, CASE WHEN place >= floor(%s * size) THEN"
                .formatted(HOLDOUT_SHARE, HOLDOUT_SHARE)
            + " CAST(place %% %d AS INTEGER) END AS fold FROM (SELECT entity_key, label, row_number() OVER"
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
        "audit_attributes",
        "protected attributes, to judge fairness by; never a feature",
        List.of("labelled", "split"),
        "SELECT entity_key"
            + columns(entities, Role.PROTECTED)
            + " FROM labelled JOIN split USING (entity_key) ORDER BY entity_key");
    dag.ordered(
        "dataset",
        "the cleaned entities; labels of the hold-out and protected attributes removed",
        List.of("labelled", "split"),
        "SELECT entity_key"
            + columns(entities, Role.FEATURE)
            + ", CASE WHEN NOT holdout THEN split.label END AS label, holdout, fold FROM labelled"
            + " JOIN split USING (entity_key)",
        "entity_key");
  }

  private static String columns(List<CleanColumn> entities, Role role) {
    return entities.stream()
        .filter(column -> column.role() == role)
        .map(column -> ", " + DuckDb.name(column.name()))
        .collect(Collectors.joining());
  }

  private void judge(int folds) throws SQLException, DataRejectedException {
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
  }
}
