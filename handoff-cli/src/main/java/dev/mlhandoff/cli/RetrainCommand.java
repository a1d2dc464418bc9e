package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Orders that the version that serves is trained again. */
@Command(
    name = "retrain",
    mixinStandardHelpOptions = true,
    description =
        "Train the version that serves again, on its rows and the labelled predictions since; within"
            + " the same bounds as after drift.")
final class RetrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "model id, as `handoff runs` shows it")
  private String model;

  @Option(names = "--reason", description = "kept with the order and on the new card")
  private @Nullable String reason;

  @Option(
      names = "--home",
      defaultValue = ".handoff",
      description = "home of the running system (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(names = "--json", description = "print the service's answer as it is")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Map<String, String> request =
        reason == null
            ? Map.of("by", System.getProperty("user.name"))
            : Map.of("by", System.getProperty("user.name"), "reason", reason);
    byte[] body =
        Rest.post(
            Endpoints.read(home).rollouts() + "/models/" + Rest.id(model) + "/retrain",
            Json.write(request));
    if (json) {
      System.out.write(body);
      System.out.println();
      return HandoffCommand.DONE;
    }
    System.out.printf(
        "ordered: %s %s is trained again once enough outcomes are known, as %s%n",
        model,
        Json.tree(body).path("parentVersion").asString(),
        Json.tree(body).path("runId").asString());
    return HandoffCommand.DONE;
  }
}
