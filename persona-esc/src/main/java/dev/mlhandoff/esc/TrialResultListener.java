package dev.mlhandoff.esc;

import dev.mlhandoff.messages.PipelineEvent.StageProgress;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.runtime.StageRunner;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Collects the answers to trials; the one that completes a round carries the run on. */
class TrialResultListener {

  private final InputReader<TrialResult> reader;
  private final TrialResults results;
  private final StageRunner<TrialResult, Step> runner;
  private final MessagePublisher publisher;
  private final Clock clock;

  TrialResultListener(
      InputReader<TrialResult> reader,
      TrialResults results,
      StageRunner<TrialResult, Step> runner,
      MessagePublisher publisher,
      Clock clock) {
    this.reader = reader;
    this.results = results;
    this.runner = runner;
    this.publisher = publisher;
    this.clock = clock;
  }

  @KafkaListener(
      topics = "esc.trial-results.v1",
      groupId = "${spring.application.name}-results",
      concurrency = "2")
  void on(ConsumerRecord<byte[], byte[]> record) {
    TrialResult result;
    try {
      result = reader.read(record).input();
    } catch (RejectionException e) {
      runner.handle(record);
      return;
    }
    String position = record.topic() + "-" + record.partition() + "@" + record.offset();
    boolean completesRound = results.add(result, position);
    publisher.sendNow(progress(result));
    if (completesRound) {
      runner.handle(record);
    }
  }

  private StageProgress progress(TrialResult result) {
    Trial trial = result.trial();
    int done = results.count(trial.runId(), trial.attempt());
    int planned = trial.index() - trial.index() % trial.roundSize() + trial.roundSize();
    return new StageProgress(
        StageKeys.eventId(
            trial.runId(), StageIds.TRAINING, trial.attempt(), "trial-" + trial.trialId()),
        trial.runId(),
        clock.instant(),
        StageIds.TRAINING,
        "ESC",
        trial.attempt(),
        0.1 + 0.7 * Math.min(1, (double) done / planned),
        "%d of %d trials%s"
            .formatted(done, planned, trial.round() == 0 ? "" : ", search round " + trial.round()));
  }
}
