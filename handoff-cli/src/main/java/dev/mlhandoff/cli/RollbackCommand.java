package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Take the newest version of a model out of traffic. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Take the newest version of a model out of traffic: ends its rollout, or goes back to the"
            + " version before.")
final class RollbackCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "model id, as `handoff runs` shows it")
  private String model;

  @Option(names = "--reason", description = "kept in the audit trail")
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
            Endpoints.read(home).rollouts() + "/models/" + Rest.id(model) + "/rollback",
            Json.write(request));
    if (json) {
      System.out.write(body);
      System.out.println();
      return HandoffCommand.DONE;
    }
    JsonNode answer = Json.tree(body);
    JsonNode serving = answer.path("serving");
    System.out.printf(
        "rolled back %s %s; %s%n",
        model,
        answer.path("rolledBack").asString(),
        serving.isString() ? serving.asString() + " answers" : "no version answers");
    return HandoffCommand.DONE;
  }
}
