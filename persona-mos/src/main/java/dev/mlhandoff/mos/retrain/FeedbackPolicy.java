package dev.mlhandoff.mos.retrain;

/**
 * How labelled predictions are parted into training rows and hold-out.
 *
 * @param holdoutShare share of the entities, those predicted last, that are held out, in (0, 1)
 * @param largestHoldout at most so many entities are held out
 * @param minimumHoldout entities that the hold-out needs
 * @param minimumRarerClass hold-out rows that each of the two outcomes needs
 */
public record FeedbackPolicy(
    double holdoutShare, int largestHoldout, int minimumHoldout, int minimumRarerClass) {

  public FeedbackPolicy {
    if (!(holdoutShare > 0 && holdoutShare < 1)) {
      throw new IllegalArgumentException(
          "the hold-out's share must be in (0, 1), not " + holdoutShare);
    }
    if (minimumHoldout < 2 || largestHoldout < minimumHoldout || minimumRarerClass < 1) {
      throw new IllegalArgumentException(
          "the hold-out needs at least 2 entities, no more than its largest size, and a row of each"
              + " outcome");
    }
  }

  /**
   * How many of the entities whose outcome is known are held out.
   *
   * @throws NotEnoughLabelsException if these are too few
   */
  public long holdout(long entities) throws NotEnoughLabelsException {
    long size = Math.min(largestHoldout, (long) (holdoutShare * entities));
    if (size < minimumHoldout) {
      throw new NotEnoughLabelsException(
          "%d entities have outcomes, which gives a hold-out of %d; %d are needed"
              .formatted(entities, size, minimumHoldout));
    }
    return size;
  }
}
