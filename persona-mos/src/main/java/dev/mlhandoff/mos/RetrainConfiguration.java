package dev.mlhandoff.mos;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.mlhandoff.mos.monitoring.DriftResponse;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires what trains models again. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetrainProperties.class)
class RetrainConfiguration {

  @Bean
  Retrains retrains(
      JdbcClient jdbc,
      DataSource dataSource,
      Deployments deployments,
      RetrainProperties properties,
      Clock clock) {
    // Settings that contradict each other are refused now, not at the first order.
    properties.feedback();
    return new Retrains(
        jdbc,
        new TransactionTemplate(new JdbcTransactionManager(dataSource)),
        deployments,
        properties.bounds(),
        clock);
  }

  @Bean
  RetrainOrders retrainOrders(Retrains retrains, MeterRegistry registry) {
    return new RetrainOrders(retrains, registry);
  }

  /** A drift that lasts is confirmed again and again; the bounds decide what follows. */
  @Bean
  DriftResponse retrainAfterDrift(RetrainOrders orders) {
    return drift ->
        orders.order(
            "drift/" + drift.id(),
            drift.modelId(),
            drift.version(),
            drift.reason(),
            drift.statistics());
  }

  @Bean
  RecurringTask<Void> retrainTask(
      Retrains retrains,
      Deployments deployments,
      PredictionRecords records,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      RetrainProperties properties,
      Clock clock) {
    RetrainTask task =
        new RetrainTask(
            retrains,
            new RetrainAssembly(deployments, records, artifacts, properties),
            publisher,
            properties.patience(),
            clock);
    return Tasks.recurring("advance-retrains", FixedDelay.of(properties.interval()))
        .execute((instance, context) -> task.advanceAll());
  }

  @Bean
  RetrainController retrainController(
      RetrainOrders orders, Retrains retrains, Deployments deployments, Clock clock) {
    return new RetrainController(orders, retrains, deployments, clock);
  }

  @Bean
  RetrainOutcomeListener retrainOutcomeListener(Retrains retrains) {
    return new RetrainOutcomeListener(retrains);
  }
}
