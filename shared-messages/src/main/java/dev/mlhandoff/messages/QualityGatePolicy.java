package dev.mlhandoff.messages;

/**
 * What the project asks of the quality gate.
 *
 * @param threshold the lowest quality score that passes, in [0, 1]
 * @param maxAttempts how often training may be tried, 1 to 10
 */
public record QualityGatePolicy(double threshold, int maxAttempts) {

  /** The figures of the reference scenario. */
  public static final QualityGatePolicy DEFAULT = new QualityGatePolicy(0.65, 3);
}
