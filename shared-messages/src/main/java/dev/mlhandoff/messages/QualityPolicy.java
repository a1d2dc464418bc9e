package dev.mlhandoff.messages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What the operator demands of every attempt, from a YAML file; a request's {@link
 * QualityGatePolicy} may only tighten it. The one source of the lowest threshold, for whoever
 * accepts requests and for the gate.
 *
 * @param rulingMetric {@code auc_roc} or {@code average_precision}
 * @param threshold the lowest score that passes, in [0, 1]
 * @param dimensions by name: discrimination, calibration, stability and evidence
 * @param leakSuspicion AUC-ROC in [0, 1] above which a single feature is a suspected leak
 * @param nonInferiorityMargin how far the 95 % interval of a retrained version's ruling metric less
 *     that of the version that serves may reach below 0, in [0, 1]
 */
public record QualityPolicy(
    String name,
    String version,
    String rulingMetric,
    double threshold,
    SortedMap<String, Dimension> dimensions,
    double leakSuspicion,
    double nonInferiorityMargin) {

  private static final SortedSet<String> DIMENSIONS =
      new TreeSet<>(java.util.List.of("discrimination", "calibration", "stability", "evidence"));

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /**
   * One part of the score.
   *
   * @param measure how its score in [0, 1] is computed
   * @param minimum what it must reach by itself, in [0, 1]
   * @param retry whether training may try again after a failure
   */
  public record Dimension(String measure, double minimum, boolean retry) {}

  public QualityPolicy {
    dimensions = new TreeMap<>(dimensions);
    if (!dimensions.keySet().equals(DIMENSIONS)) {
      throw new IllegalArgumentException(
          "the dimensions are " + DIMENSIONS + ", not " + dimensions.keySet());
    }
    for (Map.Entry<String, Dimension> dimension : dimensions.entrySet()) {
      unit("minimum of " + dimension.getKey(), dimension.getValue().minimum());
    }
    unit("threshold", threshold);
    unit("leakSuspicion", leakSuspicion);
    unit("nonInferiorityMargin", nonInferiorityMargin);
  }

  /** The policy of a file, or the one that comes with this module. */
  public static QualityPolicy load(@Nullable Path file) throws IOException {
    if (file != null) {
      return read(Files.readAllBytes(file), String.valueOf(file.getFileName()));
    }
    try (InputStream content = QualityPolicy.class.getResourceAsStream("/policies/quality.yml")) {
      if (content == null) {
        throw new IOException("the quality policy is missing from the class path");
      }
      return read(content.readAllBytes(), "quality.yml");
    }
  }

  /** The threshold of a request: its own, or the policy's where that is higher. */
  public double thresholdOf(QualityGatePolicy request) {
    return Math.max(threshold, request.threshold());
  }

  /** Whether a request asks for less; one that keeps the default asks for nothing. */
  public boolean isLoosenedBy(QualityGatePolicy request) {
    return request.threshold() < threshold
        && request.threshold() != QualityGatePolicy.DEFAULT.threshold();
  }

  private static QualityPolicy read(byte[] content, String name) throws IOException {
    try {
      return YAML.readValue(content, QualityPolicy.class);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("quality policy " + name + ": " + e.getMessage(), e);
    }
  }

  private static void unit(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(what + " must be in [0, 1], not " + value);
    }
  }
}
