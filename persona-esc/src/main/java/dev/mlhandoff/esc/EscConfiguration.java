package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EscProperties.class)
class EscConfiguration {

  @Bean
  EscListener escListener(StageRunners runners, EscProperties properties) {
    return new EscListener(
        runners.create(
            new StageDefinition<>(
                "ESC",
                StageIds.TRAINING,
                Topics.STAGE_ESC,
                properties.deadline(),
                InputReader.handoffs(),
                Deliverable.class,
                new EscStage(properties),
                (work, output) ->
                    List.of(
                        new Emission(
                            Topics.STAGE_GATE,
                            work.runId(),
                            work.input()
                                .next(
                                    "ESC",
                                    "GATE",
                                    StageIds.QUALITY_GATE,
                                    "Judge attempt " + work.attempt() + ". " + output.summary(),
                                    output))),
                (work, output) ->
                    Optional.of(
                        new Completion(work.input().modelId(), work.input().version(), output)))));
  }
}
