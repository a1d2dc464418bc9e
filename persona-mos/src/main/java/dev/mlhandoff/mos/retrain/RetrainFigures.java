package dev.mlhandoff.mos.retrain;

import java.util.Map;

/**
 * How the rows of a retrain came together; counts of rows.
 *
 * @param originalRows training rows of the first data pipeline that stay
 * @param originalRowsLeftOut those that do not, as their entities are in the hold-out
 * @param feedbackRows labelled predictions that train
 * @param feedbackRowsLeftOut labelled predictions of entities in the hold-out that neither train
 *     nor are held out
 * @param holdoutRows labelled predictions that are held out, one an entity
 * @param repeatedRows labelled predictions that say nothing new: same entity, features and outcome
 * @param unknownEntities labelled predictions that named no entity; each counts as one of its own
 * @param laterThanParent rows that train or are held out and were predicted after the parent
 *     version came into production
 */
public record RetrainFigures(
    long originalRows,
    long originalRowsLeftOut,
    long feedbackRows,
    long feedbackRowsLeftOut,
    long holdoutRows,
    long repeatedRows,
    long unknownEntities,
    long laterThanParent) {

  /** By the names that they have on the card. */
  public Map<String, Double> metrics() {
    return Map.of(
        "original_rows", (double) originalRows,
        "original_rows_left_out", (double) originalRowsLeftOut,
        "feedback_rows", (double) feedbackRows,
        "feedback_rows_left_out", (double) feedbackRowsLeftOut,
        "holdout", (double) holdoutRows,
        "repeated_rows", (double) repeatedRows,
        "rows_of_unknown_entities", (double) unknownEntities,
        "rows_later_than_parent", (double) laterThanParent);
  }
}
