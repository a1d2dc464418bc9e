package dev.mlhandoff.mos;

import dev.mlhandoff.mos.monitoring.WindowReport;
import java.time.Instant;

/**
 * A window that was judged.
 *
 * @param position of its last prediction, in the order of the kind
 * @param afterArrived its predictions arrived after this one
 * @param upToArrived up to this one
 * @param predictions how many it holds, those of the same entity apart
 */
record JudgedWindow(
    String modelId,
    String version,
    Kind kind,
    long position,
    long afterArrived,
    long upToArrived,
    int predictions,
    Instant at,
    WindowReport report) {

  /** What is judged. */
  enum Kind {
    /** What was asked and answered, in the order of arrival. */
    PREDICTIONS,
    /** How it came out, in the order in which that became known. */
    OUTCOMES
  }
}
