package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.Configuration;
import dev.mlhandoff.esc.training.Search;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.Tuning;
import dev.mlhandoff.messages.TuningBudget;
import dev.mlhandoff.runtime.Emission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an attempt was asked to do. An artifact, so that whoever takes the last result can carry the
 * run on.
 *
 * @param plannedAt from when the budget's seconds count
 * @param folds number of folds of the training part
 * @param learned what earlier attempts reached
 * @param learnedFrom numbers of those attempts
 */
record AttemptPlan(
    StageHandoff handoff,
    Instant plannedAt,
    int folds,
    List<Search.Observation> learned,
    List<Integer> learnedFrom) {

  boolean searches() {
    return handoff.attempt() > 1 || handoff.request().effectiveTuning() == Tuning.ALWAYS;
  }

  TuningBudget budget() {
    return handoff.request().effectiveTuningBudget();
  }

  ArtifactRef features() {
    return handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features");
  }

  /**
   * The trials of a round, one a configuration and fold.
   *
   * @param plan this plan as an artifact
   * @param firstIndex number of trials that the attempt had before
   */
  List<Trial> trials(
      ArtifactRef plan, int round, int firstIndex, List<Configuration> configurations) {
    List<Trial> trials = new ArrayList<>();
    for (Configuration configuration : configurations) {
      for (int fold = 0; fold < folds; fold++) {
        trials.add(
            new Trial(
                handoff.runId(),
                handoff.attempt(),
                configuration.id() + "-fold-" + fold,
                firstIndex + trials.size(),
                round,
                configurations.size() * folds,
                configuration.id(),
                configuration.family(),
                configuration.parameters(),
                fold,
                handoff.request().requirements().topFeatures(),
                handoff.request().requirements().precisionAtK(),
                handoff.request().seed(),
                features(),
                plan,
                handoff.request().correlationId()));
      }
    }
    return trials;
  }

  /** Trials go round the partitions, so that every replica has some of each kind. */
  static Emission emission(Trial trial) {
    return new Emission(Topics.ESC_TRIALS, trial.runId(), trial, trial.index() % Topics.PARTITIONS);
  }
}
