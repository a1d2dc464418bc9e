package dev.mlhandoff.cli;

import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;

/** Tells a user how a request ended. */
final class Outcomes {

  private Outcomes() {}

  /** Prints the outcome and returns the exit status for it. */
  static int show(ProjectOutcome outcome) {
    if (outcome.status() == Status.COMPLETED) {
      System.out.println("completed: " + outcome.cardKey());
      return HandoffCommand.DONE;
    }
    Rejection rejection = outcome.rejection();
    if (rejection != null) {
      System.out.println(
          "rejected at %s: %s %s %s"
              .formatted(
                  rejection.stage(), rejection.code(), rejection.pointer(), rejection.message()));
      rejection.history().forEach(line -> System.out.println("  " + line));
    }
    return HandoffCommand.REJECTED;
  }
}
