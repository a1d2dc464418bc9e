package dev.mlhandoff.far;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.CompactedTopic;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageRunners;
import dev.mlhandoff.runtime.StageRuntimeProperties;
import dev.mlhandoff.runtime.Work;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;

@Configuration(proxyBeanMethods = false)
class FarConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(20);

  @Bean
  FeatureRegistry featureRegistry(JdbcClient jdbc) {
    return new FeatureRegistry(jdbc);
  }

  @Bean
  OnlineImports onlineImports(JdbcTemplate jdbc) {
    return new OnlineImports(jdbc);
  }

  @Bean
  RegistryRebuild registryRebuild(
      FeatureRegistry registry, ConsumerFactory<byte[], byte[]> consumers) {
    return new RegistryRebuild(registry, new CompactedTopic<>(consumers, Topics.FEATURE_VIEWS));
  }

  @Bean
  FeatureViewController featureViewController(
      FeatureRegistry registry, ArtifactStore artifacts, StageRuntimeProperties runtime) {
    Path work = runtime.workDirectory();
    return new FeatureViewController(
        registry,
        new PointInTimeValues(
            artifacts, work == null ? Path.of(System.getProperty("java.io.tmpdir")) : work));
  }

  @Bean
  RegistryListener registryListener(
      StageRunners runners, FeatureRegistry registry, OnlineImports imports) {
    return new RegistryListener(
        runners.create(
            new StageDefinition<>(
                "FAR",
                "feature_registry",
                Topics.FEATURE_VIEWS,
                DEADLINE,
                RegistryStage.reader(),
                RegistryStage.Registered.class,
                new RegistryStage(registry, imports),
                (work, registered) ->
                    registered.alerts().stream()
                        .map(alert -> new Emission(Topics.ALERTS, alert.modelId(), alert))
                        .toList(),
                (work, registered) -> Optional.empty(),
                // The run goes on without its entry; the record is dead-lettered.
                (work, failure) -> List.of())));
  }

  @Bean
  FarListener farListener(
      StageRunners runners, JdbcTemplate jdbc, OnlineImports imports, MeterRegistry registry) {
    return new FarListener(
        runners.create(
            new StageDefinition<>(
                "FAR",
                StageIds.FEATURE_ENGINEERING,
                Topics.STAGE_FAR,
                DEADLINE,
                InputReader.handoffs(),
                FarOutput.class,
                new FarStage(new OnlineTable(jdbc), imports, registry),
                FarConfiguration::route,
                (work, output) ->
                    Optional.of(
                        new Completion(
                            work.input().modelId(),
                            work.input().version(),
                            output.deliverable())))));
  }

  private static List<Emission> route(Work<StageHandoff> work, FarOutput output) {
    List<Emission> emissions = new ArrayList<>();
    Deliverable deliverable = output.deliverable();
    emissions.add(
        new Emission(
            Topics.STAGE_ESC,
            work.runId(),
            work.input()
                .next(
                    "FAR",
                    "ESC",
                    StageIds.TRAINING,
                    "Train models on these features. " + deliverable.summary(),
                    deliverable)));
    output.views().stream()
        .map(view -> new Emission(Topics.FEATURE_VIEWS, view.key(), view))
        .forEach(emissions::add);
    return emissions;
  }
}
