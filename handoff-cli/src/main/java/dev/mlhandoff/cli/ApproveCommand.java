package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Approval.Decision;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets a parked run on. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = {
      "Let a parked run on; it then stands on the card.",
      "An approval covers mandatory findings; a hard stop needs --waive and a reason."
    })
final class ApproveCommand implements Callable<Integer> {

  @Mixin private Decisions decisions;

  @Spec private CommandSpec spec;

  @Option(names = "--waive", description = "lift a hard stop as well; needs --why")
  private boolean waive;

  @Option(names = "--why", paramLabel = "TEXT", description = "the reason, for the audit report")
  private @Nullable String why;

  @Override
  public Integer call() throws Exception {
    if (waive && why == null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--waive needs --why");
    }
    return decisions.publish(
        waive ? Decision.WAIVE : Decision.APPROVE, why == null ? "no reason given" : why);
  }
}
