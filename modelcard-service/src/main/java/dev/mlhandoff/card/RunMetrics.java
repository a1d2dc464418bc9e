package dev.mlhandoff.card;

import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Measures runs that are open, outcomes by code, and how far the fold is behind the events. */
final class RunMetrics {

  /** The stage of a run that was accepted and has begun none. */
  private static final String NONE = "none";

  private static final List<String> STAGES =
      List.of(
          NONE,
          StageIds.DATA_PIPELINE,
          StageIds.FEATURE_ENGINEERING,
          StageIds.TRAINING,
          StageIds.QUALITY_GATE,
          StageIds.GOVERNANCE,
          StageIds.INFERENCE,
          StageIds.DEPLOYMENT);

  private static final double MILLIS = 1000;

  private final MeterRegistry registry;
  private final Clock clock;
  private final Timer lag;
  private final Snapshot<List<OpenRun>> open;

  RunMetrics(RunStore runs, MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
    this.open = new Snapshot<>(runs::open);
    this.lag =
        Timer.builder("handoff.card.lag")
            .description("from an event to its place in the run record")
            .serviceLevelObjectives(
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1))
            .register(registry);
    for (String stage : STAGES) {
      gauge("handoff.runs.open", stage, runs(stage, List::size))
          .description("runs without an outcome, by the newest stage that began")
          .register(registry);
      gauge("handoff.runs.silence", stage, runs(stage, this::silence))
          .description("time since the last event of the run that has been silent longest")
          .baseUnit("seconds")
          .register(registry);
    }
    // From the start, so that the first one is seen as a rise.
    outcomes(Status.COMPLETED, NONE);
    Gauge.builder("handoff.runs.parked", open, RunMetrics::parked)
        .description("runs that wait for a human")
        .register(registry);
  }

  void folded(PipelineEvent event) {
    Duration behind = Duration.between(event.occurredAt(), clock.instant());
    lag.record(behind.isNegative() ? Duration.ZERO : behind);
  }

  void sent(ProjectOutcome outcome) {
    Rejection rejection = outcome.rejection();
    outcomes(outcome.status(), rejection == null ? NONE : rejection.code()).increment();
  }

  private Counter outcomes(Status status, String code) {
    return registry.counter(
        "handoff.outcomes", "status", status.name().toLowerCase(Locale.ROOT), "code", code);
  }

  private Gauge.Builder<?> gauge(
      String name, String stage, ToDoubleFunction<Snapshot<List<OpenRun>>> value) {
    return Gauge.builder(name, open, value).tag("stage", stage);
  }

  private static ToDoubleFunction<Snapshot<List<OpenRun>>> runs(
      String stage, ToDoubleFunction<List<OpenRun>> figure) {
    return snapshot ->
        snapshot
            .get()
            .map(all -> all.stream().filter(r -> !r.parked() && stage.equals(r.stage())).toList())
            .map(figure::applyAsDouble)
            .orElse(Double.NaN);
  }

  private double silence(List<OpenRun> runs) {
    Instant now = clock.instant();
    return runs.stream()
        .mapToDouble(run -> Duration.between(run.lastEventAt(), now).toMillis() / MILLIS)
        .max()
        .orElse(0);
  }

  private static double parked(Snapshot<List<OpenRun>> snapshot) {
    return snapshot
        .get()
        .map(runs -> (double) runs.stream().filter(OpenRun::parked).count())
        .orElse(Double.NaN);
  }

  /**
   * A run without an outcome.
   *
   * @param stage the newest stage that began; {@code none} before the first
   */
  record OpenRun(String stage, boolean parked, Instant lastEventAt) {
    static OpenRun of(RunSummary summary, Instant lastEventAt) {
      String stage = summary.stage();
      return new OpenRun(
          stage == null ? NONE : stage, summary.status() == RunSummary.Status.PARKED, lastEventAt);
    }
  }
}
