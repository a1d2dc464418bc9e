package dev.mlhandoff.messages;

/**
 * A retrained version and the one that serves, scored on the same hold-out rows.
 *
 * @param championVersion the version that serves
 * @param metric {@code auc_roc} or {@code average_precision}
 * @param rows how many rows both scored, at least 1
 * @param champion the metric of the version that serves, in [0, 1]
 * @param challenger the metric of the retrained version, in [0, 1]
 * @param lower lower end of the 95 % interval of challenger less champion, by paired bootstrap
 * @param upper upper end of it
 * @param margin how far the lower end may lie below 0, in [0, 1]
 */
public record ChampionComparison(
    String championVersion,
    String metric,
    int rows,
    double champion,
    double challenger,
    double lower,
    double upper,
    double margin) {

  /** Whether the challenger is certainly no worse than the margin allows. */
  public boolean notInferior() {
    return lower > -margin;
  }
}
