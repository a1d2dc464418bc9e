package dev.mlhandoff.gate;

import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GateConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Bean
  GateListener gateListener(StageRunners runners, Clock clock) {
    GateRouting routing = new GateRouting(clock);
    return new GateListener(
        runners.create(
            new StageDefinition<>(
                "GATE",
                StageIds.QUALITY_GATE,
                Topics.STAGE_GATE,
                DEADLINE,
                InputReader.handoffs(),
                GateOutput.class,
                new GateStage(),
                routing::route,
                (work, output) ->
                    Optional.of(
                        new Completion(
                            work.input().modelId(),
                            work.input().version(),
                            output.deliverable())))));
  }
}
