package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.MessagePublisher;
import java.time.Duration;

/**
 * Ends the wait of parked runs whose time is over: by a record on the approvals topic, so that it
 * is ordered with what humans decide. It is sent again until the run is decided on; only one
 * counts.
 */
final class ExpiryTask {

  private static final Duration REPEAT = Duration.ofSeconds(30);

  private final ParkedRuns parked;
  private final MessagePublisher publisher;

  ExpiryTask(ParkedRuns parked, MessagePublisher publisher) {
    this.parked = parked;
    this.publisher = publisher;
  }

  void run() {
    for (String runId : parked.expired(REPEAT)) {
      publisher.sendNow(
          Topics.GATE_APPROVALS,
          runId,
          new Approval(runId, Decision.EXPIRE, "the gate's timer", "nobody decided in time"));
    }
  }
}
