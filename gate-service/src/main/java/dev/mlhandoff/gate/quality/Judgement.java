package dev.mlhandoff.gate.quality;

import java.util.List;
import java.util.SortedMap;

/**
 * How an attempt was judged, before the hold-out is looked at.
 *
 * @param score the lowest of the dimensions
 * @param mismatches claims that differ from what the artifacts say
 * @param reasons one sentence for each thing that decided
 */
public record Judgement(
    double score,
    SortedMap<String, Double> dimensions,
    boolean beatsSingleFeature,
    List<String> mismatches,
    List<String> reasons) {

  /** Whether the attempt may be held against the hold-out. */
  public boolean passes(double threshold) {
    return mismatches.isEmpty() && score >= threshold && beatsSingleFeature;
  }
}
