package dev.mlhandoff.esc;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.tracking.mlflow.MlflowServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tracking: beside the stage, never in its way. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TrackingProperties.class)
class TrackingConfiguration {

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration SHUTDOWN = Duration.ofSeconds(2);

  @Bean
  @DependsOn("flywayInitializer")
  TrackingQueue trackingQueue(JdbcClient jdbc, MeterRegistry registry) {
    TrackingQueue queue = new TrackingQueue(jdbc);
    Gauge.builder("handoff.tracking.pending", queue, TrackingQueue::waiting)
        .description("attempts whose journal no tracking server has yet")
        .strongReference(true)
        .register(registry);
    return queue;
  }

  @Bean
  TrackingListener trackingListener(TrackingQueue queue, Clock clock) {
    return new TrackingListener(queue, clock);
  }

  /** Empty without a server: journals then wait for one. */
  @Bean(destroyMethod = "close")
  TrackingSchedule trackingSchedule(
      DataSource dataSource,
      TrackingQueue queue,
      TrackingProperties properties,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      MeterRegistry registry,
      Clock clock) {
    Optional<MlflowServer> server = properties.server();
    if (server.isEmpty()) {
      return new TrackingSchedule(null);
    }
    TrackingTask task =
        new TrackingTask(
            queue,
            new AttemptReplay(artifacts, server.get()),
            server.get(),
            publisher,
            registry,
            clock);
    Scheduler scheduler =
        Scheduler.create(dataSource)
            .tableName("esc.scheduled_tasks")
            .startTasks(
                Tasks.recurring("replay-journals", FixedDelay.of(INTERVAL))
                    .execute((instance, context) -> task.replayDue()))
            .pollingInterval(INTERVAL)
            .heartbeatInterval(HEARTBEAT)
            .shutdownMaxWait(SHUTDOWN)
            .threads(1)
            .build();
    scheduler.start();
    return new TrackingSchedule(scheduler);
  }

  /** The running scheduler, or none. */
  record TrackingSchedule(@org.jspecify.annotations.Nullable Scheduler scheduler)
      implements AutoCloseable {

    @Override
    public void close() {
      if (scheduler != null) {
        scheduler.stop();
      }
    }
  }
}
