package dev.mlhandoff.far;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class FarConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(20);

  @Bean
  FarListener farListener(StageRunners runners, JdbcTemplate jdbc, MeterRegistry registry) {
    return new FarListener(
        runners.create(
            new StageDefinition<>(
                "FAR",
                StageIds.FEATURE_ENGINEERING,
                Topics.STAGE_FAR,
                DEADLINE,
                InputReader.handoffs(),
                Deliverable.class,
                new FarStage(new OnlineTable(jdbc), registry),
                (work, output) ->
                    List.of(
                        new Emission(
                            Topics.STAGE_ESC,
                            work.runId(),
                            work.input()
                                .next(
                                    "FAR",
                                    "ESC",
                                    StageIds.TRAINING,
                                    "Train models on these features. " + output.summary(),
                                    output))),
                (work, output) ->
                    Optional.of(
                        new Completion(work.input().modelId(), work.input().version(), output)))));
  }
}
