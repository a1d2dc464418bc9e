package dev.mlhandoff.gate.quality;

import java.util.List;
import java.util.SortedMap;

/**
 * How an attempt was judged, before the hold-out is looked at.
 *
 * @param score the lowest of the dimensions
 * @param dimensions score in [0, 1] by name
 * @param result what follows from it
 * @param mismatches claims that differ from what the artifacts say
 * @param reasons one sentence for each thing that decided
 */
public record Judgement(
    double score,
    SortedMap<String, Double> dimensions,
    Result result,
    List<String> mismatches,
    List<String> reasons) {

  /** What follows from a judgement. */
  public enum Result {
    /** May be held against the hold-out. */
    PASSES,
    /** Only what better training can cure is wrong. */
    MAY_RETRY,
    /** Something is wrong that the policy gives no second try. */
    FAILS,
    /** Good enough, but no better than one column alone. */
    NOT_BETTER_THAN_SINGLE_FEATURE,
    /** The report is not what the artifacts give. */
    MISMATCH
  }
}
