package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.annotation.KafkaListener;

/** A service of one stage, whose work each test decides by the run's id. */
@SpringBootConfiguration
@EnableAutoConfiguration
class SampleService {

  static final Duration DEADLINE = Duration.ofSeconds(2);

  /** What is to be done, by run id; work of a run that is not named here succeeds. */
  static final Map<String, Stage<StageHandoff, Deliverable>> WORK = new ConcurrentHashMap<>();

  /** What happens before the output is routed, by run id. */
  static final Map<String, Runnable> BEFORE_ROUTING = new ConcurrentHashMap<>();

  /** What happens once the output has been sent, by run id. */
  static final Map<String, Runnable> AFTER_SENDING = new ConcurrentHashMap<>();

  @Bean
  Listener sampleListener(StageRunners runners) {
    return new Listener(
        runners.create(
            new StageDefinition<>(
                "FAR",
                StageIds.FEATURE_ENGINEERING,
                Topics.STAGE_FAR,
                DEADLINE,
                InputReader.handoffs(),
                Deliverable.class,
                (handoff, context) ->
                    WORK.getOrDefault(handoff.runId(), (in, ctx) -> delivered(in))
                        .run(handoff, context),
                (work, output) -> {
                  BEFORE_ROUTING.getOrDefault(work.runId(), () -> {}).run();
                  return List.of(
                      new Emission(
                          Topics.STAGE_ESC,
                          work.runId(),
                          work.input().next("FAR", "ESC", StageIds.TRAINING, "train", output)));
                },
                (work, output) -> {
                  AFTER_SENDING.getOrDefault(work.runId(), () -> {}).run();
                  return Optional.of(new Completion("sample", "1.0.0", output));
                })));
  }

  static Deliverable delivered(StageHandoff handoff) {
    return Deliverable.of(
        StageIds.FEATURE_ENGINEERING, "FAR", handoff.attempt(), "done", Map.of(), Map.of());
  }

  static final class Listener {

    private final StageRunner<StageHandoff, Deliverable> runner;

    Listener(StageRunner<StageHandoff, Deliverable> runner) {
      this.runner = runner;
    }

    @KafkaListener(topics = "stage.far.v1")
    void on(ConsumerRecord<byte[], byte[]> record) {
      runner.handle(record);
    }
  }
}
