package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Show where a run is, and where its time went. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show a run by stages, with the time it queued, worked and published.")
final class StatusCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "a run id")
  private String run;

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(names = "--json", description = "print the service's answer as it is")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    byte[] answer = Rest.get(Endpoints.read(home).cards() + "/runs/" + Rest.id(run));
    if (json) {
      System.out.write(answer);
      System.out.println();
    } else {
      show(Json.tree(answer));
    }
    return HandoffCommand.DONE;
  }

  private static void show(JsonNode record) {
    System.out.println(
        "%s  %s  %s %s"
            .formatted(
                record.path("runId").asString(""),
                record.path("status").asString(""),
                record.path("name").asString(""),
                record.path("version").asString(""))
            .strip());
    TextTable table = new TextTable("STAGE", "ATTEMPT", "STATUS", "QUEUE", "WORK", "PUBLISH", "");
    for (JsonNode stage : record.path("stages")) {
      table.row(
          stage.path("persona").asString("") + " " + stage.path("stage").asString(""),
          stage.path("attempt").asString(""),
          stage.path("status").asString(""),
          milliseconds(stage.path("queueMs")),
          milliseconds(stage.path("workMs")),
          milliseconds(stage.path("publishMs")),
          progress(stage));
    }
    table.print(System.out);
    JsonNode parked = record.path("parked");
    if (parked.isObject()) {
      System.out.println(
          "waits until %s for a human: handoff approve or handoff reject %s"
              .formatted(parked.path("expiresAt").asString(""), record.path("runId").asString("")));
      parked.path("reasons").forEach(line -> System.out.println("  " + line.asString("")));
    }
    JsonNode rejection = record.path("outcome").path("rejection");
    if (rejection.isObject()) {
      System.out.println(
          "rejected: %s %s %s"
              .formatted(
                  rejection.path("code").asString(""),
                  rejection.path("pointer").asString(""),
                  rejection.path("message").asString("")));
      rejection.path("history").forEach(line -> System.out.println("  " + line.asString("")));
    }
    String card = record.path("cardKey").asString("");
    if (!card.isEmpty()) {
      System.out.println("card: " + card);
    }
  }

  private static String progress(JsonNode stage) {
    return stage.path("status").asString("").equals("RUNNING")
        ? "%.0f %% %s"
            .formatted(
                100 * stage.path("fraction").asDouble(0), stage.path("progress").asString(""))
        : "";
  }

  private static String milliseconds(JsonNode value) {
    return value.isNumber() ? "%,d ms".formatted(value.asLong()) : "";
  }
}
