package dev.mlhandoff.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The system of a home, used and started again. */
class SystemFlowTest {

  @TempDir private Path folder;
  private Path home = Path.of("");
  private OwnDataset own = new OwnDataset("", folder);
  private Path request = Path.of("");

  @BeforeEach
  void writeFiles() throws Exception {
    home = folder.resolve("home");
    own = OwnDataset.ofTheDocumentation(folder);
    request =
        Files.writeString(
            folder.resolve("request.json"),
            "{\"name\": \"Kept\", \"dataset\": \"elsewhere\", \"target\": \"churned\","
                + " \"deadline\": \"Sprint 44\"}");
  }

  @Test
  void aSecondStartFindsTheRunsOfTheFirst() throws Exception {
    String run;
    try (EmbeddedSystem first = start()) {
      assertThat(first.endpoints().process()).isPresent();
      CommandRun submitted = run("submit", request.toString(), "--wait", "--json");
      assertThat(submitted.status()).as(submitted.err()).isEqualTo(HandoffCommand.REJECTED);
      JsonNode outcome = Json.tree(submitted.out().getBytes(StandardCharsets.UTF_8));
      assertThat(outcome.at("/rejection/code").asString()).isEqualTo("UNKNOWN_DATASET");
      run = outcome.get("runId").asString();

      assertThat(run("status", run).out()).contains(run, "UNKNOWN_DATASET", "/dataset");
      assertThat(run("status", "run-unheard-of").status()).isEqualTo(HandoffCommand.FAILED);
      assertThat(run("status", "run-unheard-of").err()).contains("there is no such thing");
      assertThat(run("status", "../../x?y").err()).contains("no run or model is called ../../x?y");
      assertThat(run("card", run).status()).isEqualTo(HandoffCommand.FAILED);
      assertThat(run("up").err()).contains("runs in " + home + " already");
      assertTooLargeIsRefused();
    }
    assertThat(run("runs").err()).contains("nothing runs in " + home);
    try (EmbeddedSystem second = start()) {
      assertThat(second.endpoints().process()).isPresent();
      assertThat(run("runs").out()).contains("STATUS", run, "REJECTED", "UNKNOWN_DATASET");
      JsonNode runs = Json.tree(run("runs", "--json").out().getBytes(StandardCharsets.UTF_8));
      assertThat(runs).hasSize(1);
      CommandRun again = run("submit", request.toString(), "--wait");
      assertThat(again.out()).contains("rejected at data_pipeline: UNKNOWN_DATASET");
      aDatasetOfTheirOwnGoesTheWayThatIsDocumented(second.endpoints());
    }
  }

  /** Every command of the page, but those that start and stop the system, which is running. */
  private void aDatasetOfTheirOwnGoesTheWayThatIsDocumented(Endpoints running) throws Exception {
    List<String> commands = own.commands();
    assertThat(commands.get(0)).startsWith("up ");
    assertThat(commands.get(commands.size() - 1)).startsWith("down ");
    for (String command : commands.subList(1, commands.size() - 1)) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.replaceAll(word -> word.startsWith("gym/") ? folder.resolve(word).toString() : word);
      words.set(words.indexOf("--home") + 1, home.toString());
      CommandRun done = CommandRun.of(words.toArray(String[]::new));
      assertThat(done.status()).as(command + ": " + done.out() + done.err()).isZero();
    }
    assertThat(folder.resolve("gym/card.html")).content().contains("Who leaves the gym");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(running.predict() + "/predict"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(own.question()))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"probability\"").doesNotContain("warnings\":[{");
  }

  private void assertTooLargeIsRefused() throws Exception {
    Path huge = folder.resolve("huge.json");
    Files.writeString(huge, " ".repeat(Topics.MAX_REQUEST_RECORD_BYTES + 1));
    CommandRun refused = run("submit", huge.toString(), "--wait");
    assertThat(refused.status()).isEqualTo(HandoffCommand.FAILED);
    assertThat(refused.err()).contains("262145 bytes", "at most 262144");
  }

  private EmbeddedSystem start() throws Exception {
    SystemOptions options =
        CommandLine.populateCommand(
            new SystemOptions(),
            "--home=" + home,
            "--kafka-port=0",
            "--postgres-port=0",
            "--s3-port=0",
            "--http-port=0");
    return EmbeddedSystem.start(options, own.catalog(), line -> {});
  }

  private CommandRun run(String command, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = command;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--home";
    all[all.length - 1] = home.toString();
    return CommandRun.of(all);
  }
}
