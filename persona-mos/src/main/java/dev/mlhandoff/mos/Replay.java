package dev.mlhandoff.mos;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.mos.rollout.Arm;
import dev.mlhandoff.mos.rollout.ArmRecorder;
import dev.mlhandoff.mos.rollout.Evidence;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sends rows of the training part to the versions through the real endpoint, marked as replay. */
final class Replay {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final List<String> NOT_FEATURES =
      List.of("entity_key", "label", "holdout", "fold");

  private final URI inference;
  private final int requests;
  private final ArtifactStore artifacts;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private volatile @Nullable Sample latest;

  Replay(URI inference, int requests, ArtifactStore artifacts) {
    this.inference = inference;
    this.requests = requests;
    this.artifacts = artifacts;
  }

  /**
   * What the candidate and the incumbent answered to the same rows.
   *
   * @param incumbent the version that serves now, if there is one
   * @return empty if the candidate is not loaded yet, or nobody listens
   */
  Optional<Evidence> observe(StageHandoff handoff, Optional<String> incumbent)
      throws IOException, InterruptedException, RejectionException, SQLException {
    Sample sample = sample(handoff);
    ArmRecorder candidate = new ArmRecorder();
    ArmRecorder serving = new ArmRecorder();
    for (int i = 0; i < sample.records().size(); i++) {
      // In turn, so that what disturbs the machine disturbs both alike.
      if (!ask(handoff.modelId(), handoff.version(), sample, i, candidate)) {
        return Optional.empty();
      }
      if (incumbent.isPresent()) {
        ask(handoff.modelId(), incumbent.get(), sample, i, serving);
      }
    }
    // An incumbent that reads other features refuses these rows; then it says nothing here.
    Arm other = incumbent.isPresent() && serving.failures() == 0 ? serving.arm() : null;
    return Optional.of(new Evidence(candidate.arm(), other, true));
  }

  /** Rows of the features with this digest. */
  private record Sample(
      String digest, List<Map<String, @Nullable Object>> records, List<Integer> labels) {}

  /** Kept for the next step, and for the next try while no replica has loaded the candidate. */
  private Sample sample(StageHandoff handoff) throws IOException, RejectionException, SQLException {
    ArtifactRef ref = handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features");
    Sample sample = latest;
    if (sample == null || !sample.digest().equals(ref.sha256())) {
      sample = sample(ref);
      latest = sample;
    }
    return sample;
  }

  /** Rows of the training part, evenly spread in the order of their keys. */
  private Sample sample(ArtifactRef ref) throws IOException, RejectionException, SQLException {
    ParquetTable features = features(ref);
    double[] holdout = features.numbers("holdout");
    double[] labels = features.numbers("label");
    int[] training = IntStream.range(0, features.rows()).filter(i -> holdout[i] == 0).toArray();
    int rows = Math.min(requests, training.length);
    List<Map<String, @Nullable Object>> records = new ArrayList<>();
    List<Integer> outcomes = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int row = training[(int) ((long) i * training.length / rows)];
      records.add(record(features, row));
      outcomes.add((int) labels[row]);
    }
    return new Sample(ref.sha256(), records, outcomes);
  }

  /** Sends one row; false if the version is not there at all. */
  private boolean ask(String modelId, String version, Sample sample, int row, ArmRecorder answers)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try {
      HttpResponse<byte[]> response = send(modelId, version, sample.records().get(row));
      double latency = (System.nanoTime() - start) / NANOS_PER_MILLI;
      if (response.statusCode() == 404 && row == 0) {
        return false;
      }
      if (response.statusCode() == 200) {
        double probability =
            Json.tree(response.body()).path("predictions").path(0).path("probability").asDouble();
        answers.answered(String.valueOf(row), latency, probability, sample.labels().get(row));
      } else {
        answers.failed();
      }
    } catch (ConnectException e) {
      return false;
    } catch (HttpTimeoutException e) {
      answers.failed();
    }
    return true;
  }

  private HttpResponse<byte[]> send(
      String modelId, String version, Map<String, @Nullable Object> record)
      throws IOException, InterruptedException {
    URI address = inference.resolve("/models/%s/versions/%s/predict".formatted(modelId, version));
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

  private ParquetTable features(ArtifactRef ref)
      throws IOException, RejectionException, SQLException {
    Path file = Files.createTempFile("replay", ".parquet");
    try {
      artifacts.fetch(ref, file);
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
