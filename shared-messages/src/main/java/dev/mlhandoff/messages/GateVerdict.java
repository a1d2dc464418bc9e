package dev.mlhandoff.messages;

/** What the quality gate decided about one attempt. */
public enum GateVerdict {
  /** Goes on to inference. */
  PASSED,
  /** Goes back to training with the next attempt. */
  FAILED,
  /** Failed, and no attempt is left. */
  EXHAUSTED,
  /** The report differs from what the artifacts say; final. */
  EVIDENCE_MISMATCH,
  /** Passed on out-of-fold results but not on the hold-out; final. */
  HOLDOUT_FAILED
}
