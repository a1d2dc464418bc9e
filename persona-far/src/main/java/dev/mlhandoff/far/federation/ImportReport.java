package dev.mlhandoff.far.federation;

import java.util.List;

/**
 * What became of an import. The entities are those matched and those not, by the reason.
 *
 * @param matched got values
 * @param unmapped no pair of keys names them
 * @param belowThreshold every pair of theirs is too unsure
 * @param ambiguous several other entities are equally sure
 * @param unknown the other entity has no value that was known at the moment
 * @param expired its values were older than their time to live
 */
public record ImportReport(
    String view,
    List<String> columns,
    long entities,
    long matched,
    long unmapped,
    long belowThreshold,
    long ambiguous,
    long unknown,
    long expired) {

  /** Share of the entities that got values, 0 to 1. */
  public double matchedShare() {
    return entities == 0 ? 0 : (double) matched / entities;
  }

  /** In one sentence. */
  public String sentence() {
    return "%d of %d entities (%.1f %%) are matched in %s; not matched are %d without a pair of keys, %d below the threshold, %d ambiguous, %d without a value known then, %d with an expired one"
        .formatted(
            matched,
            entities,
            100 * matchedShare(),
            view,
            unmapped,
            belowThreshold,
            ambiguous,
            unknown,
            expired);
  }
}
