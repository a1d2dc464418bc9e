package dev.mlhandoff.cli.traffic;

import dev.mlhandoff.messages.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Sends requests when they are due, whether or not earlier ones have been answered; what a slow
 * server delays counts from when it was due.
 */
public final class OpenLoop {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final int TOO_MANY = 429;

  private final URI address;
  private final String model;
  private final BiConsumer<String, Case> onAnswer;
  private final Counts counts = new Counts();
  private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * @param address of the prediction endpoint
   * @param onAnswer told the prediction id and the case of each answer, on any thread
   */
  public OpenLoop(URI address, String model, BiConsumer<String, Case> onAnswer) {
    this.address = address;
    this.model = model;
    this.onAnswer = onAnswer;
  }

  public Counts counts() {
    return counts;
  }

  /** Why the last request was not answered, if one was not. */
  public @Nullable String problem() {
    return problem.get();
  }

  /**
   * Sends for a while; returns once every answer is there, or is overdue.
   *
   * @param ratePerSecond above 0
   * @param count how many requests
   */
  public void run(World world, double ratePerSecond, long count) throws InterruptedException {
    long start = System.nanoTime();
    for (long i = 0; i < count; i++) {
      long due = start + (long) (i / ratePerSecond * TimeUnit.SECONDS.toNanos(1));
      long wait = due - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      send(world.next(), due);
    }
    long patience = System.nanoTime() + TIMEOUT.toNanos();
    while (counts.settled() < count && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private void send(Case asked, long due) {
    byte[] body =
        Json.write(
            Map.of(
                "model",
                model,
                "records",
                List.of(asked.features()),
                "entities",
                List.of(asked.entity())));
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    counts.sent();
    var unused =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
            .whenComplete((response, failure) -> settle(asked, due, response, failure));
  }

  private void settle(
      Case asked, long due, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (response == null) {
      problem.set(String.valueOf(failure));
      counts.failed();
      return;
    }
    try {
      if (response.statusCode() == OK) {
        String id =
            Json.tree(response.body())
                .path("predictions")
                .path(0)
                .path("predictionId")
                .asString("");
        counts.answered(System.nanoTime() - due);
        onAnswer.accept(id, asked);
      } else {
        problem.set(
            response.statusCode() + " " + Json.tree(response.body()).path("detail").asString(""));
        if (response.statusCode() == UNAVAILABLE || response.statusCode() == TOO_MANY) {
          counts.refused();
        } else {
          counts.failed();
        }
      }
    } catch (JacksonException e) {
      problem.set("the answer is not JSON");
      counts.failed();
    }
  }
}
