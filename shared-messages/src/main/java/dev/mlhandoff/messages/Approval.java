package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A decision about a parked run, on {@code gate.approvals.v1} under the run's id; the first valid
 * one counts.
 *
 * @param who who decided, as they want to be named on the card
 * @param why the reason, for the audit report
 */
public record Approval(String runId, Decision decision, String who, String why) {

  /** What was decided. */
  public enum Decision {
    /** Lets mandatory findings through; not enough for a hard stop. */
    @JsonProperty("approve")
    APPROVE,
    /** Lets every finding through, a hard stop as well. */
    @JsonProperty("waive")
    WAIVE,
    /** Ends the run. */
    @JsonProperty("reject")
    REJECT,
    /** Nobody decided in time: the gate's own timer ends the run. */
    @JsonProperty("expire")
    EXPIRE
  }
}
