package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.GovernanceCheck.Severity;
import dev.mlhandoff.messages.GovernanceVerdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The governance gate's decision about a run.
 *
 * @param score the quality score, and the threshold it was held against
 * @param expiresAt until when a parked run waits
 */
record GovernanceOutput(
    GovernanceVerdict verdict,
    double score,
    double threshold,
    List<GovernanceCheck> checks,
    String policyVersion,
    Deliverable deliverable,
    @Nullable Instant expiresAt) {

  GovernanceOutput until(Instant end) {
    return new GovernanceOutput(verdict, score, threshold, checks, policyVersion, deliverable, end);
  }

  GovernanceOutput with(Deliverable other) {
    return new GovernanceOutput(verdict, score, threshold, checks, policyVersion, other, expiresAt);
  }

  /** The failed checks that stand in the way. */
  List<GovernanceCheck> open() {
    return checks.stream()
        .filter(check -> !check.passed() && check.severity() != Severity.ADVISORY)
        .toList();
  }

  List<String> openIds() {
    return open().stream().map(GovernanceCheck::id).toList();
  }

  /** One sentence for each check that stands in the way. */
  List<String> reasons() {
    return open().stream().map(check -> check.id() + ": " + check.finding()).toList();
  }

  /** The least that lets the run on. */
  Approval.Decision needs() {
    return open().stream().anyMatch(check -> check.severity() == Severity.HARD_STOP)
        ? Approval.Decision.WAIVE
        : Approval.Decision.APPROVE;
  }
}
