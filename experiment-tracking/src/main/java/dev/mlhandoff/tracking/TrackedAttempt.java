package dev.mlhandoff.tracking;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a replay must know of an attempt beyond its journal: everything that differs between two
 * equal attempts.
 *
 * @param runId the run; together with the journal's attempt it names the attempt for good
 * @param startedAt when the work began
 * @param finishedAt when the work ended; every metric carries this time, so that a repetition is
 *     recognised
 * @param trainingSeconds how long the trials trained, by trial; may name none
 */
public record TrackedAttempt(
    String runId, Instant startedAt, Instant finishedAt, Map<String, Double> trainingSeconds) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads the file that holds what the journal leaves out: {@code runId}, {@code plannedAt} and
   * {@code concludedAt}, and {@code trainingMs} in {@code timings} by trial.
   *
   * @throws IllegalArgumentException if it is not such a file
   */
  public static TrackedAttempt ofMetadata(byte[] content) {
    try {
      JsonNode metadata = JSON.readTree(content);
      Map<String, Double> seconds = new TreeMap<>();
      metadata
          .path("timings")
          .properties()
          .forEach(
              timing ->
                  seconds.put(
                      timing.getKey(), timing.getValue().path("trainingMs").asDouble(0) / 1000));
      return new TrackedAttempt(
          metadata.path("runId").asString(),
          Instant.parse(metadata.path("plannedAt").asString()),
          Instant.parse(metadata.path("concludedAt").asString()),
          seconds);
    } catch (JacksonException | java.time.DateTimeException e) {
      throw new IllegalArgumentException("not the metadata of an attempt: " + e.getMessage(), e);
    }
  }
}
