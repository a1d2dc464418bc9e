package dev.mlhandoff.mos;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RunSpans;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageRunners;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MosProperties.class)
class MosConfiguration {

  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration BATCH_RETRY = Duration.ofMinutes(1);
  private static final Duration AB_TEST_INTERVAL = Duration.ofSeconds(1);

  // A task that died with its replica is taken over after six missed heartbeats; the library's own
  // five minutes between them would leave a rollout standing for half an hour.
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration SHUTDOWN = Duration.ofSeconds(10);

  /** The deployment was recorded; the scheduler does the rest. */
  record Staged(String runId) {}

  @Bean
  QualityPolicy qualityPolicy(@Value("${handoff.policies.quality:}") String file)
      throws IOException {
    return QualityPolicy.load(file.isEmpty() ? null : Path.of(file));
  }

  @Bean
  RouteRows routeRows(JdbcClient jdbc) {
    return new RouteRows(jdbc);
  }

  @Bean
  AbTestRows abTestRows(JdbcClient jdbc) {
    return new AbTestRows(jdbc);
  }

  @Bean
  LiveTraffic liveTraffic(JdbcClient jdbc) {
    return new LiveTraffic(jdbc);
  }

  @Bean
  Deployments deployments(
      JdbcClient jdbc, RouteRows routes, AbTestRows tests, DataSource dataSource, Clock clock) {
    return new Deployments(jdbc, routes, tests, transactions(dataSource), clock);
  }

  @Bean
  AbTests abTests(
      AbTestRows rows,
      Deployments deployments,
      RouteRows routes,
      DataSource dataSource,
      Clock clock) {
    return new AbTests(rows, deployments, routes, transactions(dataSource), clock);
  }

  @Bean
  AbTestController abTestController(AbTests tests, AbTestRows rows) {
    return new AbTestController(tests, rows);
  }

  @Bean
  RecurringTask<Void> abTestTask(
      AbTests tests,
      AbTestRows rows,
      JdbcClient jdbc,
      Deployments deployments,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      MosProperties properties,
      Clock clock) {
    AbTestTask task =
        new AbTestTask(
            tests,
            rows,
            new LabelledTraffic(jdbc, properties.routeSettling()),
            deployments,
            artifacts,
            publisher,
            clock);
    return Tasks.recurring("advance-ab-tests", FixedDelay.of(AB_TEST_INTERVAL))
        .execute((instance, context) -> task.advanceAll());
  }

  @Bean
  RecurringTask<Void> rollbackMeasurementTask(
      Deployments deployments,
      LiveTraffic traffic,
      MessagePublisher publisher,
      MeterRegistry registry,
      MosProperties properties,
      Clock clock) {
    RollbackMeasurement measurement =
        new RollbackMeasurement(
            deployments, traffic, publisher, registry, properties.routeSettling(), clock);
    return Tasks.recurring("measure-rollbacks", FixedDelay.of(AB_TEST_INTERVAL))
        .execute((instance, context) -> measurement.measureAll());
  }

  @Bean
  RecurringTask<Void> rolloutTask(
      Deployments deployments,
      LiveTraffic traffic,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      RunSpans spans,
      MosProperties properties,
      MonitoringProperties monitoring,
      QualityPolicy quality,
      Clock clock) {
    RolloutTask rollout =
        new RolloutTask(
            deployments,
            new Announcer(
                deployments, new DeploymentReport(artifacts, monitoring), publisher, spans),
            traffic,
            new Replay(properties.inferenceUrl(), properties.replayRequests(), artifacts),
            properties,
            quality,
            clock);
    return Tasks.recurring("advance-deployments", FixedDelay.of(INTERVAL))
        .execute((instance, context) -> rollout.advanceAll());
  }

  @Bean
  BatchOrders batchOrders(Deployments deployments, MessagePublisher publisher, Clock clock) {
    return new BatchOrders(deployments, publisher, clock);
  }

  @Bean
  BatchController batchController(
      BatchOrders orders, Deployments deployments, ArtifactStore artifacts) {
    return new BatchController(orders, deployments, artifacts);
  }

  /** What was due while no replica ran, or the broker did not answer, is ordered later. */
  @Bean
  RecurringTask<Void> batchTask(BatchOrders orders, MosProperties properties) {
    return Tasks.recurring("order-batches", Schedules.cron(properties.batchCron(), ZoneOffset.UTC))
        .onFailure(new FailureHandler.OnFailureRetryLater<>(BATCH_RETRY))
        .execute((instance, context) -> orders.orderAll());
  }

  /** Runs every task of the service; each on one replica at a time. */
  @Bean(initMethod = "start", destroyMethod = "stop")
  @DependsOn("flywayInitializer")
  Scheduler scheduler(DataSource dataSource, List<RecurringTask<?>> tasks) {
    return Scheduler.create(dataSource)
        .tableName("mos.scheduled_tasks")
        .startTasks(tasks)
        .pollingInterval(INTERVAL)
        .heartbeatInterval(HEARTBEAT)
        .shutdownMaxWait(SHUTDOWN)
        .threads(tasks.size())
        .build();
  }

  @Bean
  DeploymentMetrics deploymentMetrics(JdbcClient jdbc, MeterRegistry registry) {
    return new DeploymentMetrics(jdbc, registry);
  }

  @Bean
  RolloutController rolloutController(Deployments deployments) {
    return new RolloutController(deployments);
  }

  @Bean
  MosListener mosListener(StageRunners runners, Deployments deployments) {
    return new MosListener(
        runners.create(
            new StageDefinition<>(
                "MOS",
                StageIds.DEPLOYMENT,
                Topics.STAGE_MOS,
                DEADLINE,
                InputReader.handoffs(),
                Staged.class,
                (handoff, context) -> {
                  deployments.stage(handoff);
                  return new Staged(handoff.runId());
                },
                (work, output) -> List.of(),
                (work, output) -> Optional.empty())));
  }

  private static TransactionTemplate transactions(DataSource dataSource) {
    return new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }
}
