package dev.mlhandoff.messages;

import java.util.SortedMap;

/**
 * One check of the governance gate and what it found.
 *
 * @param id for example {@code equal-opportunity}
 * @param finding what was seen, in a sentence
 * @param evidence SHA-256 by name of the artifact that was looked at
 * @param numbers the figures that decided, by name
 * @param remediation what would mend it; empty if the check passed
 * @param deadline until when, as an ISO 8601 period after the audit; empty if the check passed
 */
public record GovernanceCheck(
    String id,
    Severity severity,
    boolean passed,
    String finding,
    SortedMap<String, String> evidence,
    SortedMap<String, Double> numbers,
    String remediation,
    String deadline) {

  /** What a failed check does. */
  public enum Severity {
    /** Ends the run, or parks it where the policy says so. */
    HARD_STOP,
    /** Parks the run until somebody approves. */
    MANDATORY,
    /** Is reported. */
    ADVISORY
  }
}
