package dev.mlhandoff.messages;

/** What the governance gate decided about a run. */
public enum GovernanceVerdict {
  /** Goes on to inference. */
  PASSED,
  /** Waits for a human. */
  PARKED,
  /** Ends at a hard stop. */
  STOPPED
}
