package dev.mlhandoff.mos;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.mlhandoff.mos.monitoring.DriftResponse;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.WatchedGroup;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires what watches the predictions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MonitoringProperties.class)
class MonitoringConfiguration {

  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration CLEANING = Duration.ofHours(1);

  @Bean
  PredictionRecords predictionRecords(JdbcClient jdbc) {
    return new PredictionRecords(jdbc);
  }

  @Bean
  PredictionStore predictionStore(JdbcClient jdbc, DataSource dataSource, Clock clock) {
    return new PredictionStore(
        jdbc, new TransactionTemplate(new JdbcTransactionManager(dataSource)), clock);
  }

  @Bean
  @DependsOn("flywayInitializer")
  PredictionFeed predictionFeed(
      ConsumerFactory<byte[], byte[]> consumers, PredictionStore store, MeterRegistry registry) {
    return new PredictionFeed(consumers, new PredictionIntake(store, registry), store);
  }

  @Bean
  WatchedGroup predictionReaders() {
    return PredictionFeed.group();
  }

  @Bean
  RecurringTask<Void> predictionRetention(
      PredictionStore store, MonitoringProperties properties, Clock clock) {
    return Tasks.recurring("remove-old-predictions", FixedDelay.of(CLEANING))
        .execute(
            (instance, context) ->
                store.removeBefore(clock.instant().minus(properties.retention())));
  }

  @Bean
  MonitoredWindows monitoredWindows(JdbcClient jdbc) {
    return new MonitoredWindows(jdbc);
  }

  @Bean
  RecurringTask<Void> monitoring(
      Deployments deployments,
      PredictionRecords records,
      ArtifactStore artifacts,
      MonitoredWindows windows,
      JdbcClient jdbc,
      DataSource dataSource,
      MessagePublisher publisher,
      MeterRegistry registry,
      MonitoringProperties properties,
      Clock clock) {
    Outbox outbox = new Outbox(jdbc, publisher);
    Monitor monitor =
        new Monitor(
            deployments,
            records,
            new References(artifacts),
            windows,
            new DriftNotices(windows, outbox, properties.coolDown(), registry),
            outbox,
            new MonitoringMetrics(registry),
            new TransactionTemplate(new JdbcTransactionManager(dataSource)),
            properties,
            clock);
    return Tasks.recurring("judge-windows", FixedDelay.of(INTERVAL))
        .execute((instance, context) -> monitor.watchAll());
  }

  /** Asks for an answer to each confirmed drift until there is one. */
  @Bean
  RecurringTask<Void> driftResponse(
      MonitoredWindows windows, ObjectProvider<DriftResponse> responses) {
    return Tasks.recurring("answer-drift", FixedDelay.of(INTERVAL))
        .execute(
            (instance, context) ->
                windows
                    .unanswered()
                    .forEach(
                        drift -> {
                          responses.forEach(response -> response.confirmed(drift));
                          windows.answered(drift);
                        }));
  }

  @Bean
  MonitoringController monitoringController(
      Deployments deployments, MonitoredWindows windows, MonitoringProperties properties) {
    return new MonitoringController(deployments, windows, properties);
  }
}
