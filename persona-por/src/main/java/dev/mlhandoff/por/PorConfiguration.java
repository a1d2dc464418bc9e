package dev.mlhandoff.por;

import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.CompactedTopic;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.S3ArtifactStore;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.runtime.StageRunner;
import dev.mlhandoff.runtime.StageRunners;
import dev.mlhandoff.runtime.StageRuntimeProperties;
import dev.mlhandoff.runtime.Work;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import software.amazon.awssdk.services.s3.S3Client;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PorProperties.class)
class PorConfiguration {

  @Bean
  DatasetCatalog datasetCatalog(PorProperties properties) throws IOException {
    return DatasetCatalog.read(properties.catalog());
  }

  @Bean
  S3Client sourceClient(StageRuntimeProperties runtime) {
    var artifacts = runtime.artifacts();
    return S3ArtifactStore.client(
        artifacts.endpoint(), artifacts.region(), artifacts.accessKey(), artifacts.secretKey());
  }

  @Bean
  QualityPolicy qualityPolicy(@Value("${handoff.policies.quality:}") String file)
      throws IOException {
    return QualityPolicy.load(file.isEmpty() ? null : Path.of(file));
  }

  @Bean
  FederationRules federationRules(
      DatasetCatalog catalog, ConsumerFactory<byte[], byte[]> consumers) {
    CompactedTopic<FeatureView> views = new CompactedTopic<>(consumers, Topics.FEATURE_VIEWS);
    return new FederationRules(catalog, () -> views.read().values());
  }

  @Bean
  PorListener porListener(
      StageRunners runners,
      DatasetCatalog catalog,
      PorProperties properties,
      JdbcClient jdbc,
      S3Client sourceClient,
      QualityPolicy policy,
      MeterRegistry registry,
      FederationRules federation,
      Clock clock) {
    PorStage stage =
        new PorStage(
            catalog,
            properties,
            new RunClaims(jdbc, clock),
            sourceClient,
            policy,
            new DataMetrics(registry),
            federation);
    StageRunner<ProjectRequest, PorOutput> runner =
        runners.create(
            new StageDefinition<>(
                "POR",
                StageIds.DATA_PIPELINE,
                Topics.PROJECT_REQUESTS,
                properties.deadline(),
                InputReader.requests(),
                PorOutput.class,
                stage,
                (work, output) -> List.of(route(work, output, clock)),
                (work, output) -> completion(output)));
    return new PorListener(runner);
  }

  private static Emission route(Work<ProjectRequest> work, PorOutput output, Clock clock) {
    String first = output.duplicateOf();
    if (first != null) {
      DuplicateRequest repeated =
          new DuplicateRequest(
              StageKeys.eventId(work.runId(), StageIds.DATA_PIPELINE, 1, "DuplicateRequest"),
              work.runId(),
              clock.instant(),
              first,
              work.source(),
              work.correlationId());
      return new Emission(Topics.PIPELINE_EVENTS, first, repeated);
    }
    Deliverable deliverable = Objects.requireNonNull(output.deliverable());
    StageHandoff handoff =
        new StageHandoff(
            work.runId(),
            null,
            1,
            "POR",
            "FAR",
            StageIds.FEATURE_ENGINEERING,
            "Build features for " + work.input().name() + ". " + deliverable.summary(),
            work.input(),
            Objects.requireNonNull(output.modelId()),
            Objects.requireNonNull(output.version()),
            List.of(deliverable));
    return new Emission(Topics.STAGE_FAR, work.runId(), handoff);
  }

  private static Optional<Completion> completion(PorOutput output) {
    Deliverable deliverable = output.deliverable();
    return deliverable == null
        ? Optional.empty()
        : Optional.of(
            new Completion(
                Objects.requireNonNull(output.modelId()),
                Objects.requireNonNull(output.version()),
                deliverable));
  }
}
