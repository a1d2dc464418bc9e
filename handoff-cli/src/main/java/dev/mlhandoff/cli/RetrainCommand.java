package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Orders that the version that serves is trained again. */
@Command(
    name = "retrain",
    mixinStandardHelpOptions = true,
    description =
        "Train the version that serves again, on its rows and the labelled predictions since; within"
            + " the same bounds as after drift.")
final class RetrainCommand implements Callable<Integer> {

  @Mixin private ModelOrders orders;

  @Option(names = "--reason", description = "kept with the order and on the new card")
  private @Nullable String reason;

  @Override
  public Integer call() throws Exception {
    byte[] body = orders.post("/retrain", reason);
    if (orders.printed(body)) {
      return HandoffCommand.DONE;
    }
    System.out.printf(
        "ordered: %s %s is trained again once enough outcomes are known, as %s%n",
        orders.model(),
        Json.tree(body).path("parentVersion").asString(),
        Json.tree(body).path("runId").asString());
    return HandoffCommand.DONE;
  }
}
