package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.Candidate;
import dev.mlhandoff.esc.training.Configuration;
import dev.mlhandoff.esc.training.Failure;
import dev.mlhandoff.esc.training.Search;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The results of an attempt, by configuration and in the order of its trials.
 *
 * @param byConfiguration results of each configuration, one a fold
 */
record Trials(Map<String, List<TrialResult>> byConfiguration) {

  /**
   * @param results in the order of their trials
   */
  static Trials of(List<TrialResult> results) {
    Map<String, List<TrialResult>> grouped = new LinkedHashMap<>();
    for (TrialResult result : results) {
      grouped.computeIfAbsent(result.trial().configuration(), id -> new ArrayList<>()).add(result);
    }
    return new Trials(grouped);
  }

  List<TrialResult> all() {
    return byConfiguration.values().stream().flatMap(List::stream).toList();
  }

  int count() {
    return all().size();
  }

  /** Trials that a search proposed. */
  int searched() {
    return (int) all().stream().filter(result -> result.trial().round() > 0).count();
  }

  /** Configurations that failed on a fold, each with its first reason. */
  List<Failure> failures() {
    List<Failure> failures = new ArrayList<>();
    for (List<TrialResult> folds : byConfiguration.values()) {
      for (TrialResult result : folds) {
        TrialResult.Failure failure = result.failure();
        if (failure != null) {
          failures.add(
              new Failure(
                  configuration(folds),
                  "fold %d: %s, %s"
                      .formatted(result.trial().fold(), failure.code(), failure.message())));
          break;
        }
      }
    }
    return failures;
  }

  /** What the completed configurations reached. */
  List<Search.Observation> observations() {
    return completed().stream()
        .map(
            folds ->
                new Search.Observation(
                    configuration(folds),
                    folds.stream()
                        .mapToDouble(result -> result.metrics().getOrDefault("auc_roc", 0.5))
                        .average()
                        .orElse(0.5)))
        .toList();
  }

  /** The completed configurations with their out-of-fold predictions. */
  List<Candidate> candidates(TrainingTables.Prepared prepared, StageContext context)
      throws IOException, RejectionException {
    List<Candidate> candidates = new ArrayList<>();
    for (List<TrialResult> folds : completed()) {
      double[] outOfFold = new double[prepared.data().labels().length];
      for (TrialResult result : folds) {
        ArtifactRef predictions = Objects.requireNonNull(result.predictions());
        ByteBuffer content = ByteBuffer.wrap(context.read(predictions));
        for (int row : prepared.data().rows(result.trial().fold(), true)) {
          outOfFold[row] = content.getDouble();
        }
      }
      candidates.add(new Candidate(configuration(folds), outOfFold));
    }
    return candidates;
  }

  private List<List<TrialResult>> completed() {
    return byConfiguration.values().stream()
        .filter(folds -> folds.stream().allMatch(result -> result.failure() == null))
        .toList();
  }

  private static Configuration configuration(List<TrialResult> folds) {
    Trial trial = folds.get(0).trial();
    return new Configuration(trial.configuration(), trial.family(), trial.parameters());
  }
}
