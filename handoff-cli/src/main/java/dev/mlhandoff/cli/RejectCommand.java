package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Approval.Decision;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a parked run. */
@Command(
    name = "reject",
    mixinStandardHelpOptions = true,
    description = "End a parked run; its request is rejected with GOVERNANCE_REJECTED.")
final class RejectCommand implements Callable<Integer> {

  @Mixin private Decisions decisions;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "no reason given",
      description = "the reason, for the audit report")
  private String why;

  @Override
  public Integer call() throws Exception {
    return decisions.publish(Decision.REJECT, why);
  }
}
