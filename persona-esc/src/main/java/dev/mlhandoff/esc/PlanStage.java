package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.Configuration;
import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import dev.mlhandoff.esc.training.Search;
import dev.mlhandoff.esc.training.TrainingData;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Requirements;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Checks what is to be trained, and plans the trials that an attempt begins with. */
final class PlanStage implements Stage<StageHandoff, Step> {

  private final TrainingTables tables;

  PlanStage(TrainingTables tables) {
    this.tables = tables;
  }

  @Override
  public Step run(StageHandoff handoff, StageContext context) throws Exception {
    Requirements requirements = handoff.request().requirements();
    List<String> unknown =
        requirements.models().stream()
            .filter(name -> !ModelFamilies.names().contains(name))
            .toList();
    if (!unknown.isEmpty()) {
      throw new RejectionException(
          "UNKNOWN_MODEL",
          "no model family " + unknown + ", only " + ModelFamilies.names(),
          "/requirements/models");
    }
    ArtifactRef features = handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features");
    TrainingData data = tables.get(features, context).data();
    if (!data.hasBothClasses()) {
      throw new RejectionException(
          "SINGLE_CLASS_TARGET", "every training row has the same label", "/target");
    }
    if (!data.hasFeaturesInEveryFold()) {
      throw new RejectionException(
          "NO_FEATURES",
          "there is no feature to train on: every column has one value alone or identifies its rows",
          "/dataset");
    }
    List<Search.Observation> learned = new ArrayList<>();
    List<Integer> learnedFrom = new ArrayList<>();
    for (Deliverable earlier : handoff.deliverables()) {
      if (earlier.stage().equals(StageIds.TRAINING)) {
        learned.addAll(observations(earlier, context));
        learnedFrom.add(earlier.attempt());
      }
    }
    AttemptPlan plan =
        new AttemptPlan(handoff, context.clock().instant(), data.folds(), learned, learnedFrom);
    ArtifactRef written = context.write("plan.json", Json.writePretty(plan), "application/json");
    List<Configuration> first = Search.beginning(requirements.models(), learned);
    context.progress(
        0.05, "planned %d trials on %d folds".formatted(first.size() * plan.folds(), plan.folds()));
    return Step.of(plan.trials(written, 0, 0, first));
  }

  private static List<Search.Observation> observations(Deliverable earlier, StageContext context)
      throws IOException, RejectionException {
    ExperimentReport report =
        Json.read(context.read(earlier.artifact("experiment-report")), ExperimentReport.class);
    return report.leaderboard().stream()
        .filter(LeaderboardEntry::completed)
        .map(
            entry ->
                new Search.Observation(
                    new Configuration(entry.id(), entry.family(), entry.parameters()),
                    entry.meanAuc()))
        .toList();
  }
}
