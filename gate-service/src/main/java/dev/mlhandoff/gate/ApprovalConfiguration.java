package dev.mlhandoff.gate;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Parked runs, the decisions about them, and the timer that ends their wait. */
@Configuration(proxyBeanMethods = false)
class ApprovalConfiguration {

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration SHUTDOWN = Duration.ofSeconds(10);

  @Bean
  ParkedRuns parkedRuns(JdbcClient jdbc, DataSource dataSource, Clock clock) {
    return new ParkedRuns(
        jdbc, new TransactionTemplate(new JdbcTransactionManager(dataSource)), clock);
  }

  @Bean
  ApprovalListener approvalListener(
      ParkedRuns parked, ArtifactStore artifacts, MessagePublisher publisher) {
    return new ApprovalListener(parked, new ApprovalRouting(artifacts), publisher);
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  @DependsOn("flywayInitializer")
  Scheduler expiryScheduler(DataSource dataSource, ParkedRuns parked, MessagePublisher publisher) {
    ExpiryTask expiry = new ExpiryTask(parked, publisher);
    RecurringTask<Void> task =
        Tasks.recurring("expire-parked-runs", FixedDelay.of(INTERVAL))
            .execute((instance, context) -> expiry.run());
    return Scheduler.create(dataSource)
        .tableName("gate.scheduled_tasks")
        .startTasks(task)
        .pollingInterval(INTERVAL)
        .heartbeatInterval(HEARTBEAT)
        .shutdownMaxWait(SHUTDOWN)
        .threads(1)
        .build();
  }
}
