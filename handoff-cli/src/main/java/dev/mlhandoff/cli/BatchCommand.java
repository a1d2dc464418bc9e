package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Orders that the current entities of a model are scored. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    description =
        "Score every entity with current features by the version in production; each version once a"
            + " day.")
final class BatchCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration OFTEN = Duration.ofMillis(500);

  @Mixin private ModelOrders orders;

  @Option(names = "--wait", description = "until the batch is complete, and say where it is")
  private boolean wait;

  @Override
  public Integer call() throws Exception {
    byte[] answer = orders.post("/batches", null);
    if (wait) {
      answer = Json.write(complete(Json.tree(answer)));
    }
    if (orders.printed(answer)) {
      return HandoffCommand.DONE;
    }
    JsonNode batch = Json.tree(answer);
    String name =
        "%s %s of %s"
            .formatted(
                orders.model(), batch.path("version").asString(), batch.path("date").asString());
    if (wait) {
      System.out.printf(
          "%s: %d entities, %d of them stale, %d refused; %s%n",
          name,
          batch.path("rows").asLong(),
          batch.path("stale").asLong(),
          batch.path("refused").asLong(),
          batch.path("manifest").asString());
    } else {
      System.out.printf("ordered: %s%n", name);
    }
    return HandoffCommand.DONE;
  }

  private JsonNode complete(JsonNode order) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      Optional<JsonNode> found =
          Json.tree(Rest.get(orders.address("/batches")))
              .valueStream()
              .filter(batch -> batch.path("version").equals(order.path("version")))
              .filter(batch -> batch.path("date").equals(order.path("date")))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(OFTEN.toMillis());
    }
    throw new IOException(
        "the batch is ordered, but not complete after %d minutes; alerts.v1 says what failed"
            .formatted(PATIENCE.toMinutes()));
  }
}
