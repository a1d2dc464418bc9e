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
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IorProperties.class)
class IorConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  /** A batch that takes longer goes on with the next order. */
  private static final Duration BATCH_DEADLINE = Duration.ofMinutes(25);

  @Bean
  LoadedModels loadedModels(ArtifactStore artifacts, IorProperties properties) {
    return new LoadedModels(artifacts, properties.validation().policy());
  }

  @Bean
  Routes routes(ConsumerFactory<byte[], byte[]> consumers, LoadedModels models) {
    return new Routes(consumers, models);
  }

  @Bean
  HealthIndicator routesHealthIndicator(RoutedModels routes) {
    return () -> routes.isCaughtUp() ? Health.up().build() : Health.outOfService().build();
  }

  @Bean
  PredictionJournal predictionJournal(
      MessagePublisher publisher, IorProperties properties, MeterRegistry registry, Clock clock) {
    return new PredictionJournal(
        publisher, properties.samplingRate(), properties.logBuffer(), registry, clock);
  }

  @Bean
  OnlineFeatures onlineFeatures(JdbcClient jdbc, IorProperties properties, Clock clock) {
    return new OnlineFeatures(jdbc, properties.staleAfter(), clock);
  }

  @Bean
  Shadow shadow(
      Router router, OnlineFeatures features, PredictionJournal journal, MeterRegistry registry) {
    return new Shadow(router, features, journal, registry);
  }

  @Bean
  Router router(RoutedModels routes, LoadedModels models) {
    return new Router(routes, models);
  }

  @Bean
  Predictor predictor(
      Router router, OnlineFeatures features, PredictionJournal journal, Shadow shadow) {
    return new Predictor(router, features, journal, shadow);
  }

  @Bean
  PredictController predictController(Predictor predictor, Router router, RoutedModels routes) {
    return new PredictController(predictor, router, routes);
  }

  @Bean
  OpenInferenceController openInferenceController(
      Predictor predictor, Router router, RoutedModels routes, Environment environment) {
    return new OpenInferenceController(
        predictor, router, routes, environment.getRequiredProperty("spring.application.version"));
  }

  @Bean
  OpenApiController openApiController() {
    return new OpenApiController();
  }

  @Bean
  Refusals refusals() {
    return new Refusals();
  }

  @Bean
  @Order(0)
  RequestBodyFilter requestBodyFilter(IorProperties properties) {
    return new RequestBodyFilter((int) properties.maxRequestSize().toBytes());
  }

  @Bean
  @Order(1)
  AdmissionFilter admissionFilter(IorProperties properties, MeterRegistry registry) {
    return new AdmissionFilter(
        properties.concurrency(), properties.queue(), properties.queueTimeout(), registry);
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

  @Bean
  BatchListener batchListener(
      StageRunners runners,
      LoadedModels models,
      OnlineFeatures features,
      ArtifactStore artifacts,
      IorProperties properties,
      MeterRegistry registry,
      Clock clock) {
    return new BatchListener(
        runners.create(
            new StageDefinition<>(
                "IOR",
                BatchStage.STAGE,
                Topics.BATCH_ORDERS,
                BATCH_DEADLINE,
                BatchStage.reader(),
                BatchStage.Scored.class,
                new BatchStage(
                    models,
                    new BatchScoring(artifacts, features, properties.batchPartRows()),
                    registry),
                BatchStage::route,
                (work, scored) -> Optional.empty(),
                (work, failure) -> BatchStage.alert(work, failure, clock))));
  }
}
