package dev.mlhandoff.messages;

/** What the quality gate decided about one attempt. */
public enum GateVerdict {
  /** Goes on to the governance gate. */
  PASSED,
  /** Goes back to training with the next attempt. */
  FAILED,
  /** Failed, and no attempt is left. */
  EXHAUSTED,
  /** Ranks no better than one column alone; final, for there is nothing to tune for. */
  NOT_BETTER_THAN_SINGLE_FEATURE,
  /** The report differs from what the artifacts say; final. */
  EVIDENCE_MISMATCH,
  /** Passed on out-of-fold results but not on the hold-out; final. */
  HOLDOUT_FAILED,
  /** A retrained version that may be worse than the one that serves; final. */
  INFERIOR_TO_CHAMPION
}
