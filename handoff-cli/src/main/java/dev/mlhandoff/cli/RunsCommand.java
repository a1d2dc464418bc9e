package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** List the runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "List the newest runs with how they stand or ended.")
final class RunsCommand implements Callable<Integer> {

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(names = "--json", description = "print the service's answer as it is")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    byte[] answer = Rest.get(Endpoints.read(home).cards() + "/runs");
    if (json) {
      System.out.write(answer);
      System.out.println();
      return HandoffCommand.DONE;
    }
    TextTable table = new TextTable("RUN", "STATUS", "NAME", "AT", "RESULT", "STARTED");
    for (JsonNode run : Json.tree(answer)) {
      String code = run.path("code").asString("");
      table.row(
          run.path("runId").asString(""),
          run.path("status").asString(""),
          run.path("name").asString(""),
          run.path("stage").asString(""),
          code.isEmpty() ? run.path("cardKey").asString("") : code,
          run.path("startedAt").asString(""));
    }
    table.print(System.out);
    return HandoffCommand.DONE;
  }
}
