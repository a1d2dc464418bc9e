package dev.mlhandoff.gate;

import dev.mlhandoff.gate.quality.RulingMetric;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GateConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Bean
  QualityPolicy qualityPolicy(@Value("${handoff.policies.quality:}") String file)
      throws IOException {
    QualityPolicy policy = QualityPolicy.load(file.isEmpty() ? null : Path.of(file));
    RulingMetric.named(policy.rulingMetric());
    return policy;
  }

  @Bean
  QualityListener qualityListener(StageRunners runners, QualityPolicy policy, Clock clock) {
    QualityRouting routing = new QualityRouting(clock);
    return new QualityListener(
        runners.create(
            new StageDefinition<>(
                "GATE",
                StageIds.QUALITY_GATE,
                Topics.STAGE_GATE,
                DEADLINE,
                InputReader.handoffs(),
                QualityOutput.class,
                new QualityStage(policy),
                routing::route,
                (work, output) ->
                    Optional.of(
                        new Completion(
                            work.input().modelId(),
                            work.input().version(),
                            output.deliverable())))));
  }
}
