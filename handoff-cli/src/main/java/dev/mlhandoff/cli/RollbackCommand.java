package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Take the newest version of a model out of traffic. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Take the newest version of a model out of traffic: ends its rollout, or goes back to the"
            + " version before.")
final class RollbackCommand implements Callable<Integer> {

  @Mixin private ModelOrders orders;

  @Option(names = "--reason", description = "kept in the audit trail")
  private @Nullable String reason;

  @Override
  public Integer call() throws Exception {
    byte[] body = orders.post("/rollback", reason);
    if (orders.printed(body)) {
      return HandoffCommand.DONE;
    }
    JsonNode answer = Json.tree(body);
    JsonNode serving = answer.path("serving");
    System.out.printf(
        "rolled back %s %s; %s%n",
        orders.model(),
        answer.path("rolledBack").asString(),
        serving.isString() ? serving.asString() + " answers" : "no version answers");
    return HandoffCommand.DONE;
  }
}
