package dev.mlhandoff.mos.experiment;

/** How an A/B test stands. */
public enum Verdict {
  /** Not decided yet. */
  RUNNING,
  A_BETTER,
  B_BETTER,
  /** It ended, and no difference could be told from chance. */
  NO_DIFFERENCE
}
