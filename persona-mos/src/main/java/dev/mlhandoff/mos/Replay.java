package dev.mlhandoff.mos;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.mos.rollout.StepJudge.Observation;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sends rows of the training part to a candidate through the real endpoint, marked as replay. */
final class Replay {

  private static final int REQUESTS = 200;
  private static final List<String> NOT_FEATURES =
      List.of("entity_key", "label", "holdout", "fold");

  private final URI inference;
  private final ArtifactStore artifacts;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  Replay(URI inference, ArtifactStore artifacts) {
    this.inference = inference;
    this.artifacts = artifacts;
  }

  /** What the candidate answered; empty if it is not loaded yet or nobody listens. */
  Optional<Observation> observe(StageHandoff handoff)
      throws IOException, InterruptedException, RejectionException, SQLException {
    ParquetTable features = features(handoff);
    double[] holdout = features.numbers("holdout");
    int[] training = IntStream.range(0, features.rows()).filter(i -> holdout[i] == 0).toArray();
    int requests = Math.min(REQUESTS, training.length);
    double[] latencies = new double[requests];
    double[] probabilities = new double[requests];
    int[] labels = new int[requests];
    int errors = 0;
    for (int i = 0; i < requests; i++) {
      // Evenly spread over the rows, which are in the order of their keys.
      int row = training[(int) ((long) i * training.length / requests)];
      labels[i] = (int) features.numbers("label")[row];
      long start = System.nanoTime();
      HttpResponse<byte[]> response = send(handoff, record(features, row));
      latencies[i] = (System.nanoTime() - start) / 1e6;
      if (response.statusCode() == 404 && i == 0) {
        return Optional.empty();
      }
      if (response.statusCode() == 200) {
        probabilities[i] =
            Json.tree(response.body()).path("predictions").path(0).path("probability").asDouble();
      } else {
        errors++;
      }
    }
    return Optional.of(new Observation(errors, latencies, probabilities, labels));
  }

  private HttpResponse<byte[]> send(StageHandoff handoff, Map<String, @Nullable Object> record)
      throws IOException, InterruptedException {
    URI address =
        inference.resolve(
            "/models/%s/versions/%s/predict".formatted(handoff.modelId(), handoff.version()));
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("X-Handoff-Replay", "true")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    Json.write(Map.of("records", List.of(record)))))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private ParquetTable features(StageHandoff handoff)
      throws IOException, RejectionException, SQLException {
    Path file = Files.createTempFile("replay", ".parquet");
    try {
      artifacts.fetch(handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features"), file);
      return ParquetTable.read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Map<String, @Nullable Object> record(ParquetTable features, int row) {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    for (ColumnInfo column : features.columns()) {
      if (NOT_FEATURES.contains(column.name())) {
        continue;
      }
      if (column.isNumeric()) {
        double value = features.numbers(column.name())[row];
        record.put(column.name(), Double.isNaN(value) ? null : value);
      } else {
        record.put(column.name(), features.texts(column.name())[row]);
      }
    }
    return record;
  }
}
