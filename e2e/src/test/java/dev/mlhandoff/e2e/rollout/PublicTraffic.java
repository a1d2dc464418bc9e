package dev.mlhandoff.e2e.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PredictionLabel;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Clients that each ask again soon after an answer, by entity and now and then without one, and
 * keep every answer.
 */
final class PublicTraffic implements AutoCloseable {

  private static final int CLIENTS = 16;
  private static final int EVERY = 10;
  // Without a pause the clients take the processor from the monitoring, which then reads what was
  // answered a minute ago, and every step of a rollout waits for it.
  private static final long PAUSE_MS = 50;
  private static final long LAST_ANSWERS_SECONDS = 30;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;
  private final Versions versions;
  private final MessagePublisher publisher;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger next = new AtomicInteger();
  private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
  private volatile boolean labelling;

  PublicTraffic(String predictions, Versions versions, MessagePublisher publisher) {
    this.address = URI.create(predictions + "/predict");
    this.versions = versions;
    this.publisher = publisher;
    for (int i = 0; i < CLIENTS; i++) {
      ScheduledFuture<?> unused =
          clients.scheduleWithFixedDelay(this::ask, 0, PAUSE_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** What was answered; the entity is -1 where none was named. */
  record Answer(int entity, String version, String arm) {}

  /** Whether the true outcomes of what is asked from now on are published. */
  void label(boolean on) {
    labelling = on;
  }

  /** Requests that were not answered with 200. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  List<Answer> answers() {
    return List.copyOf(answers);
  }

  /** Forgets the answers so far. */
  void forget() {
    answers.clear();
  }

  @Override
  public void close() {
    clients.shutdown();
    try {
      if (!clients.awaitTermination(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)) {
        clients.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    int number = next.getAndIncrement();
    int entity = number % OnlineRows.ENTITIES;
    boolean named = number % EVERY != 0;
    String subject =
        named
            ? "\"entities\":[\"e" + entity + "\"]"
            : "\"records\":[{\"x\":" + OnlineRows.x(entity) + "}]";
    try {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(address)
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"" + Versions.MODEL + "\"," + subject + "}"))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      take(response, entity, named);
    } catch (IOException | RuntimeException e) {
      failures.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(HttpResponse<byte[]> response, int entity, boolean named) {
    if (response.statusCode() != 200) {
      failures.add(response.statusCode() + " " + new String(response.body(), UTF_8));
      return;
    }
    JsonNode prediction = Json.tree(response.body()).path("predictions").path(0);
    answers.add(
        new Answer(
            named ? entity : -1,
            prediction.path("version").asString(),
            prediction.path("arm").asString()));
    if (labelling) {
      String id = prediction.path("predictionId").asString();
      publisher.sendSoon(
          Topics.PREDICTION_LABELS,
          id,
          new PredictionLabel(id, versions.outcome(entity), null),
          () -> {});
    }
  }
}
