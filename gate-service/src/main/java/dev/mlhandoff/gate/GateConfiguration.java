package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.gate.quality.RulingMetric;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import dev.mlhandoff.runtime.Work;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two gates and their policies. */
@Configuration(proxyBeanMethods = false)
class GateConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Bean
  QualityPolicy qualityPolicy(@Value("${handoff.policies.quality:}") String file)
      throws IOException {
    QualityPolicy policy = QualityPolicy.load(path(file));
    RulingMetric.named(policy.rulingMetric());
    return policy;
  }

  @Bean
  GovernancePolicy governancePolicy(@Value("${handoff.policies.governance:}") String file)
      throws IOException {
    return GovernancePolicy.load(path(file));
  }

  @Bean
  GateMetrics gateMetrics(MeterRegistry registry) {
    return new GateMetrics(registry);
  }

  @Bean
  QualityListener qualityListener(
      StageRunners runners, QualityPolicy policy, GateMetrics metrics, Clock clock) {
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
                new QualityStage(policy, metrics),
                routing::route,
                (work, output) ->
                    Optional.of(
                        new Completion(
                            work.input().modelId(),
                            work.input().version(),
                            output.deliverable())))));
  }

  @Bean
  GovernanceListener governanceListener(
      StageRunners runners,
      GovernancePolicy policy,
      QualityPolicy quality,
      ParkedRuns parked,
      GateMetrics metrics,
      Clock clock) {
    GovernanceRouting routing = new GovernanceRouting(clock);
    return new GovernanceListener(
        runners.create(
            new StageDefinition<>(
                "GCA",
                StageIds.GOVERNANCE,
                Topics.STAGE_GCA,
                DEADLINE,
                InputReader.handoffs(),
                GovernanceOutput.class,
                new GovernanceStage(policy, quality, parked, metrics),
                routing::route,
                GateConfiguration::completion)));
  }

  /** A parked run completes the stage with its decision, a stopped one never. */
  private static Optional<Completion> completion(Work<StageHandoff> work, GovernanceOutput output) {
    return output.verdict() == GovernanceVerdict.PASSED
        ? Optional.of(
            new Completion(work.input().modelId(), work.input().version(), output.deliverable()))
        : Optional.empty();
  }

  private static @Nullable Path path(String file) {
    return file.isEmpty() ? null : Path.of(file);
  }
}
