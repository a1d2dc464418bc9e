package dev.mlhandoff.mos.experiment;

/**
 * What was registered before the first prediction of an A/B test was seen.
 *
 * @param minimumSamples entities with a known outcome that each version needs before a verdict
 * @param maximumSamples after so many of each version the test ends in any case
 * @param significance probability that versions that do not differ are ever told apart, in (0, 0.5]
 * @param split share of the entities that version B answers, in percent, 1 to 99
 */
public record AbTestPlan(
    String versionA,
    String versionB,
    Metric metric,
    int minimumSamples,
    int maximumSamples,
    double significance,
    int split) {

  /**
   * @throws IllegalArgumentException if no test can be made of it
   */
  public AbTestPlan {
    require(!versionA.equals(versionB), "the two versions must differ");
    require(minimumSamples >= 1, "minimum samples must be at least 1");
    require(maximumSamples >= minimumSamples, "maximum samples must not be below the minimum");
    require(significance > 0 && significance <= 0.5, "significance must be in (0, 0.5]");
    require(split >= 1 && split <= 99, "split must be from 1 to 99 percent");
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
