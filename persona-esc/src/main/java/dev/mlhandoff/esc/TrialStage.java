package dev.mlhandoff.esc;

import dev.mlhandoff.esc.training.Configuration;
import dev.mlhandoff.esc.training.FoldInput;
import dev.mlhandoff.esc.training.FoldScore;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import dev.mlhandoff.runtime.Work;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Trains one configuration on one fold, on the calling thread alone. */
final class TrialStage implements Stage<Trial, TrialResult> {

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5)
  };

  private final TrainingTables tables;
  private final String worker;
  private final MeterRegistry registry;

  /**
   * @param worker the name of this replica
   */
  TrialStage(TrainingTables tables, String worker, MeterRegistry registry) {
    this.tables = tables;
    this.worker = worker;
    this.registry = registry;
  }

  @Override
  public TrialResult run(Trial trial, StageContext context) throws Exception {
    TrainingTables.Prepared prepared = tables.get(trial.features(), context);
    FoldInput input = prepared.fold(trial.fold(), trial.topFeatures());
    FoldScore score =
        FoldScore.of(
            input,
            prepared.data().labels(input.validationRows()),
            new Configuration(trial.configuration(), trial.family(), trial.parameters()),
            trial.precisionAtK(),
            trial.seed(),
            System::nanoTime);
    duration(trial, TrialResult.Status.COMPLETED, Math.round(score.trainingMs()));
    ArtifactRef predictions =
        context.write("predictions.bin", bytes(score.scores()), "application/octet-stream");
    return new TrialResult(
        trial,
        TrialResult.Status.COMPLETED,
        score.metrics(),
        predictions,
        null,
        worker,
        score.trainingMs(),
        score.predictionMicros());
  }

  /** A trial that failed is an answer like another; the run goes on without it. */
  List<Emission> failed(Work<Trial> work, RejectionException failure) {
    duration(work.input(), TrialResult.Status.FAILED, 0);
    return List.of(
        answer(
            new TrialResult(
                work.input(),
                TrialResult.Status.FAILED,
                new TreeMap<>(),
                null,
                new TrialResult.Failure(failure.code(), failure.reason()),
                worker,
                0,
                0)));
  }

  /** Families are few: a trial names one that this version knows. */
  private void duration(Trial trial, TrialResult.Status status, long millis) {
    Timer.builder("handoff.trials")
        .description("training time of a trial; 0 if it failed")
        .tags("family", trial.family(), "status", status.name().toLowerCase(Locale.ROOT))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(millis, TimeUnit.MILLISECONDS);
  }

  static Emission answer(TrialResult result) {
    return new Emission(Topics.ESC_TRIAL_RESULTS, result.trial().runId(), result);
  }

  private static byte[] bytes(double[] scores) {
    ByteBuffer buffer = ByteBuffer.allocate(scores.length * Double.BYTES);
    buffer.asDoubleBuffer().put(scores);
    return buffer.array();
  }
}
