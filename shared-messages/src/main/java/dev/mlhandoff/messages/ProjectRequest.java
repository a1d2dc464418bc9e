package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user publishes: four keys are enough, everything else has the scenario's figures as
 * default.
 *
 * @param name the project's name, free text
 * @param dataset a name of the dataset catalog
 * @param target a target that the catalog defines for that dataset
 * @param deadline free text; an ISO date also flags a run that ends after it
 * @param seed seed of everything random in the run
 * @param correlationId the requester's own id; a repetition within 24 hours joins the first run
 * @param tuning when hyperparameters are searched; null is {@link Tuning#ON_FAILURE}
 * @param tuningBudget what a search may spend; null is {@link TuningBudget#DEFAULT}
 * @param federatedFeatures features of other projects; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProjectRequest(
    String name,
    String dataset,
    String target,
    String deadline,
    Requirements requirements,
    QualityGatePolicy qualityGate,
    Rollout rollout,
    long seed,
    @Nullable String correlationId,
    @Nullable Tuning tuning,
    @Nullable TuningBudget tuningBudget,
    @Nullable List<FederatedFeatures> federatedFeatures) {

  /** The seed of a request that names none. */
  public static final long DEFAULT_SEED = 42;

  /** A request with the four keys of the scenario and every default. */
  public static ProjectRequest of(String name, String dataset, String target, String deadline) {
    return new ProjectRequest(
        name,
        dataset,
        target,
        deadline,
        Requirements.DEFAULT,
        QualityGatePolicy.DEFAULT,
        Rollout.DEFAULT,
        DEFAULT_SEED,
        null,
        null,
        null,
        null);
  }

  /** Features of other projects; empty for none. */
  public List<FederatedFeatures> effectiveFederatedFeatures() {
    return Objects.requireNonNullElse(federatedFeatures, List.of());
  }

  /** When hyperparameters are searched, with the default filled in. */
  public Tuning effectiveTuning() {
    return Objects.requireNonNullElse(tuning, Tuning.ON_FAILURE);
  }

  /** What a search may spend, with the default filled in. */
  public TuningBudget effectiveTuningBudget() {
    return Objects.requireNonNullElse(tuningBudget, TuningBudget.DEFAULT);
  }

  /** Reads what a user wrote, field by field, and fills in the defaults. */
  @JsonCreator
  static ProjectRequest read(
      @JsonProperty("name") String name,
      @JsonProperty("dataset") String dataset,
      @JsonProperty("target") String target,
      @JsonProperty("deadline") String deadline,
      @JsonProperty("requirements") @Nullable PartialRequirements requirements,
      @JsonProperty("qualityGate") @Nullable PartialQualityGate qualityGate,
      @JsonProperty("rollout") @Nullable Rollout rollout,
      @JsonProperty("seed") @Nullable Long seed,
      @JsonProperty("correlationId") @Nullable String correlationId,
      @JsonProperty("tuning") @Nullable Tuning tuning,
      @JsonProperty("tuningBudget") @Nullable PartialTuningBudget tuningBudget,
      @JsonProperty("federatedFeatures") @Nullable List<FederatedFeatures> federatedFeatures) {
    return new ProjectRequest(
        name,
        dataset,
        target,
        deadline,
        requirements == null ? Requirements.DEFAULT : requirements.complete(),
        qualityGate == null ? QualityGatePolicy.DEFAULT : qualityGate.complete(),
        rollout == null ? Rollout.DEFAULT : rollout,
        seed == null ? DEFAULT_SEED : seed,
        correlationId,
        tuning,
        tuningBudget == null ? null : tuningBudget.complete(),
        federatedFeatures == null || federatedFeatures.isEmpty() ? null : federatedFeatures);
  }

  /** Requirements of which a user may have named only some. */
  record PartialRequirements(
      @Nullable Integer topFeatures,
      @Nullable Integer folds,
      @Nullable Double precisionAtK,
      @Nullable List<String> models,
      @Nullable Integer latencyTargetMs) {

    Requirements complete() {
      Requirements defaults = Requirements.DEFAULT;
      return new Requirements(
          Objects.requireNonNullElse(topFeatures, defaults.topFeatures()),
          Objects.requireNonNullElse(folds, defaults.folds()),
          Objects.requireNonNullElse(precisionAtK, defaults.precisionAtK()),
          Objects.requireNonNullElse(models, defaults.models()),
          Objects.requireNonNullElse(latencyTargetMs, defaults.latencyTargetMs()));
    }
  }

  /** A gate policy of which a user may have named only one part. */
  record PartialQualityGate(@Nullable Double threshold, @Nullable Integer maxAttempts) {

    QualityGatePolicy complete() {
      QualityGatePolicy defaults = QualityGatePolicy.DEFAULT;
      return new QualityGatePolicy(
          Objects.requireNonNullElse(threshold, defaults.threshold()),
          Objects.requireNonNullElse(maxAttempts, defaults.maxAttempts()));
    }
  }

  /** A budget of which a user may have named only one part. */
  record PartialTuningBudget(@Nullable Integer trials, @Nullable Integer seconds) {

    TuningBudget complete() {
      TuningBudget defaults = TuningBudget.DEFAULT;
      return new TuningBudget(
          Objects.requireNonNullElse(trials, defaults.trials()),
          Objects.requireNonNullElse(seconds, defaults.seconds()));
    }
  }
}
