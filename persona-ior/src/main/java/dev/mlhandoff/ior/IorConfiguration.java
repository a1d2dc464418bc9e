package dev.mlhandoff.ior;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;

@Configuration(proxyBeanMethods = false)
class IorConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Bean
  LoadedModels loadedModels(ArtifactStore artifacts) {
    return new LoadedModels(artifacts);
  }

  @Bean
  Routes routes(ConsumerFactory<byte[], byte[]> consumers, LoadedModels models) {
    return new Routes(consumers, models);
  }

  @Bean
  HealthIndicator routesHealthIndicator(Routes routes) {
    return () -> routes.isCaughtUp() ? Health.up().build() : Health.outOfService().build();
  }

  @Bean
  PredictionJournal predictionJournal(MessagePublisher publisher, MeterRegistry registry) {
    return new PredictionJournal(publisher, registry);
  }

  @Bean
  PredictController predictController(
      LoadedModels models, Routes routes, PredictionJournal journal, JdbcClient jdbc, Clock clock) {
    return new PredictController(models, routes, journal, jdbc, clock);
  }

  @Bean
  IorListener iorListener(StageRunners runners, LoadedModels models, Environment environment) {
    IorStage stage =
        new IorStage(
            models, () -> environment.getRequiredProperty("local.server.port", Integer.class));
    return new IorListener(
        runners.create(
            new StageDefinition<>(
                "IOR",
                StageIds.INFERENCE,
                Topics.STAGE_IOR,
                DEADLINE,
                InputReader.handoffs(),
                Deliverable.class,
                stage,
                (work, output) ->
                    List.of(
                        new Emission(
                            Topics.STAGE_MOS,
                            work.input().modelId(),
                            work.input()
                                .next(
                                    "IOR",
                                    "MOS",
                                    StageIds.DEPLOYMENT,
                                    "Bring this model into production. " + output.summary(),
                                    output))),
                (work, output) ->
                    Optional.of(
                        new Completion(work.input().modelId(), work.input().version(), output)))));
  }
}
