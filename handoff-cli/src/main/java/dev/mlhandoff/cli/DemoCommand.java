package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Starts everything, publishes the sample request and shows it through to the card. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Everything embedded: sample data, sample request, card and a model that answers.")
final class DemoCommand implements Callable<Integer> {

  private static final String SAMPLE_ENTITY = "C000000";

  @Mixin private SystemOptions system;

  @Option(names = "--exit", description = "stop when the card is there")
  private boolean exit;

  @Option(names = "-o", description = "write the card as JSON to this file")
  private @Nullable Path output;

  @Override
  public Integer call() throws Exception {
    try (EmbeddedSystem running = EmbeddedSystem.start(system, null, DemoCommand::say)) {
      Endpoints endpoints = running.endpoints();
      Submission submission =
          Submission.publish(Map.of("bootstrap.servers", endpoints.broker()), request());
      say("published the sample request as " + submission.runId());
      ProjectOutcome outcome = submission.await(DemoCommand::say);
      int status = Outcomes.show(outcome);
      if (status == HandoffCommand.DONE) {
        double seconds = (System.currentTimeMillis() - submission.publishedAt()) / 1000.0;
        byte[] card = Rest.get(endpoints.cards() + "/cards/" + submission.runId());
        if (output != null) {
          Files.write(output, card);
        }
        say(
            new String(
                Rest.get(endpoints.cards() + "/cards/" + submission.runId() + "?format=md"),
                StandardCharsets.UTF_8));
        predict(endpoints, outcome);
        say(
            "request to card: %.1f s; resident memory of the JVM at its peak: %d MiB"
                .formatted(seconds, residentMiB()));
        say("card     " + endpoints.cards() + "/cards/" + submission.runId() + "?format=html");
        say("predict  POST " + endpoints.predict() + "/predict");
        say("broker   " + endpoints.broker());
      }
      if (!exit) {
        say("stop with Ctrl-C");
        Thread.currentThread().join();
      }
      return status;
    }
  }

  private static void predict(Endpoints endpoints, ProjectOutcome outcome)
      throws IOException, InterruptedException {
    byte[] question =
        Json.write(
            Map.of("model", String.valueOf(outcome.modelId()), "entities", List.of(SAMPLE_ENTITY)));
    JsonNode answer =
        Json.tree(Rest.post(endpoints.predict() + "/predict", question))
            .path("predictions")
            .path(0);
    if (!answer.path("version").asString("").equals(outcome.version())) {
      throw new IOException("another version answered than the one on the card: " + answer);
    }
    say(
        "version %s answers: %s has a probability of %.4f"
            .formatted(outcome.version(), SAMPLE_ENTITY, answer.path("probability").asDouble()));
  }

  private static byte[] request() throws IOException {
    try (InputStream content = DemoCommand.class.getResourceAsStream("/sample-request.json")) {
      if (content == null) {
        throw new IOException("the sample request is missing from the class path");
      }
      return content.readAllBytes();
    }
  }

  /** Largest resident memory of this JVM where the system tells it, otherwise the heap in use. */
  private static long residentMiB() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        }
      }
    }
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
