package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.Candidate;
import dev.mlhandoff.esc.training.Configuration;
import dev.mlhandoff.esc.training.Effort;
import dev.mlhandoff.esc.training.Experiment;
import dev.mlhandoff.esc.training.Failure;
import dev.mlhandoff.esc.training.Search;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Requirements;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.messages.Tuning;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Carries an attempt on once a round is complete: with the next round, or to its end. */
final class RoundStage implements Stage<TrialResult, Step> {

  private final TrialResults results;
  private final TrainingTables tables;
  private final int threads;

  /**
   * @param threads models trained at the same time while the attempt is concluded
   */
  RoundStage(TrialResults results, TrainingTables tables, int threads) {
    this.results = results;
    this.tables = tables;
    this.threads = threads;
  }

  @Override
  public Step run(TrialResult last, StageContext context) throws Exception {
    Trial trial = last.trial();
    AttemptPlan plan = Json.read(context.read(trial.plan()), AttemptPlan.class);
    Trials trials = Trials.of(results.of(trial.runId(), trial.attempt()));
    for (Failure failure : trials.failures()) {
      if (failure.configuration().id().equals(ModelFamilies.BASELINE)) {
        throw new RejectionException(
            "BASELINE_FAILED", "the baseline could not be trained: " + failure.reason(), "");
      }
    }
    long elapsedMs = Duration.between(plan.plannedAt(), context.clock().instant()).toMillis();
    int searched = trials.searched();
    int affordable = (plan.budget().trials() - searched) / plan.folds();
    boolean late = elapsedMs >= plan.budget().seconds() * 1000L;
    if (plan.searches() && affordable > 0 && !late) {
      List<Configuration> next = propose(plan, trial.round() + 1, affordable, trials);
      if (!next.isEmpty()) {
        return Step.of(plan.trials(trial.plan(), trial.round() + 1, trials.count(), next));
      }
    }
    Effort effort =
        new Effort(
            plan.handoff().request().effectiveTuning() == Tuning.ALWAYS ? "always" : "on-failure",
            plan.searches() ? plan.budget().trials() : 0,
            plan.searches() ? plan.budget().seconds() : 0,
            trial.round(),
            searched,
            plan.searches() && affordable > 0 && late,
            plan.learnedFrom());
    return new Step(List.of(), plan.handoff(), conclude(plan, trials, effort, context), elapsedMs);
  }

  private static List<Configuration> propose(
      AttemptPlan plan, int round, int affordable, Trials trials) {
    StageHandoff handoff = plan.handoff();
    List<Search.Observation> observations = new ArrayList<>(plan.learned());
    observations.addAll(trials.observations());
    return new Search(
            handoff.request().requirements().models(), handoff.attempt(), handoff.request().seed())
        .propose(round, affordable, observations);
  }

  private Deliverable conclude(AttemptPlan plan, Trials trials, Effort effort, StageContext context)
      throws Exception {
    Requirements requirements = plan.handoff().request().requirements();
    TrainingTables.Prepared prepared = tables.get(plan.features(), context);
    List<Candidate> candidates = trials.candidates(prepared, context);
    Experiment experiment =
        new Experiment(
            prepared.data(),
            fold -> prepared.fold(fold, requirements.topFeatures()),
            requirements.topFeatures(),
            requirements.precisionAtK(),
            plan.handoff().request().seed(),
            threads,
            context::progress);
    Experiment.Result result =
        experiment.conclude(
            plan.handoff().attempt(),
            candidates,
            trials.failures(),
            effort,
            plan.features().sha256(),
            sources(plan, context));
    return Delivery.of(plan, trials, prepared.data(), result, context);
  }

  /** The source columns of each candidate feature, as the feature architect declared them. */
  private static Map<String, List<String>> sources(AttemptPlan plan, StageContext context)
      throws IOException, RejectionException {
    ArtifactRef definitions =
        plan.handoff().deliverable(StageIds.FEATURE_ENGINEERING).artifacts().get("feature-set");
    Map<String, List<String>> sources = new TreeMap<>();
    if (definitions != null) {
      for (JsonNode definition : Json.tree(context.read(definitions))) {
        List<String> columns = new ArrayList<>();
        definition.path("sources").forEach(column -> columns.add(column.asString("")));
        sources.put(definition.path("name").asString(""), columns);
      }
    }
    return sources;
  }
}
