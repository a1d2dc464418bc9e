package dev.mlhandoff.messages;

/**
 * What one attempt may spend on the search, beside the configurations it begins with.
 *
 * @param trials trials of proposed configurations, one a configuration and fold; 1 to 10000
 * @param seconds no further round begins after this time; 1 to 86400
 */
public record TuningBudget(int trials, int seconds) {

  /** Twelve configurations on five folds, or five minutes. */
  public static final TuningBudget DEFAULT = new TuningBudget(60, 300);
}
