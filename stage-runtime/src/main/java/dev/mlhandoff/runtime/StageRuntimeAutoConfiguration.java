package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.AfterRollbackProcessor;
import org.springframework.kafka.listener.DefaultAfterRollbackProcessor;
import org.springframework.kafka.support.ExponentialBackOffWithMaxRetries;
import org.springframework.kafka.transaction.KafkaTransactionManager;

/** Wires the shell into a service; the container factory stays Spring Boot's own. */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@EnableConfigurationProperties(StageRuntimeProperties.class)
@Import(PersonaEndpoint.class)
public class StageRuntimeAutoConfiguration {

  private static final Duration POLL_MARGIN = Duration.ofMinutes(1);
  private static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMinutes(5);

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  ArtifactStore artifactStore(StageRuntimeProperties properties) {
    var artifacts = properties.artifacts();
    if ("file".equals(artifacts.uri().getScheme())) {
      return new FileArtifactStore(Path.of(artifacts.uri()));
    }
    return new S3ArtifactStore(
        artifacts.uri().getHost(),
        artifacts.endpoint(),
        artifacts.region(),
        artifacts.accessKey(),
        artifacts.secretKey());
  }

  @Bean
  MessagePublisher messagePublisher(
      KafkaTemplate<byte[], byte[]> template,
      @Value("${spring.application.name}") String service,
      MeterRegistry registry,
      Clock clock) {
    // The factory's own settings: only they know the certificates of an SSL bundle.
    Map<String, Object> plain =
        new HashMap<>(template.getProducerFactory().getConfigurationProperties());
    // What reports progress must not open the transaction that waits for the work.
    plain.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    plain.put(ProducerConfig.CLIENT_ID_CONFIG, service + "-progress");
    KafkaTemplate<byte[], byte[]> immediate =
        new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(plain));
    return new MessagePublisher(template, immediate, service, registry, clock);
  }

  @Bean
  RunSpans runSpans(
      @Value("${spring.application.name}") String service, StageRuntimeProperties properties) {
    return RunSpans.of(service, properties.tracing().endpoint());
  }

  @Bean
  AbandonedWork abandonedWorkHealthIndicator(MeterRegistry registry) {
    return new AbandonedWork(registry);
  }

  @Bean
  ListenerHealth listenersHealthIndicator(KafkaListenerEndpointRegistry listeners) {
    return new ListenerHealth(listeners);
  }

  @Bean
  BacklogWatch backlogWatch(
      KafkaListenerEndpointRegistry listeners,
      ObjectProvider<WatchedGroup> others,
      ConsumerFactory<byte[], byte[]> consumers,
      KafkaAdmin admin,
      MeterRegistry registry,
      StageRuntimeProperties properties,
      Clock clock) {
    Properties smallest = new Properties();
    // At least one batch comes whatever the limit; the first record's time is all that is wanted.
    smallest.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "1");
    smallest.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
    return new BacklogWatch(
        listeners,
        others.orderedStream().toList(),
        () ->
            new BacklogReader(
                Admin.create(new HashMap<>(admin.getConfigurationProperties())),
                consumers.createConsumer(null, null, "-backlog", smallest)),
        new BacklogMetrics(registry, clock),
        properties.backlogInterval());
  }

  @Bean
  StageRunners stageRunners(
      ArtifactStore artifacts,
      MessagePublisher publisher,
      MeterRegistry registry,
      KafkaTransactionManager<?, ?> transactions,
      RunSpans spans,
      AbandonedWork abandoned,
      StageRuntimeProperties properties,
      KafkaProperties kafka,
      Clock clock) {
    Object pollInterval =
        kafka.buildConsumerProperties().get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
    Duration longest =
        pollInterval == null
            ? DEFAULT_POLL_INTERVAL
            : Duration.ofMillis(Long.parseLong(pollInterval.toString()));
    Path work = properties.workDirectory();
    Commits commits = new Commits();
    transactions.addListener(commits);
    return new StageRunners(
        artifacts,
        publisher,
        registry,
        commits,
        spans,
        abandoned,
        properties.cancellationGrace(),
        work == null ? Path.of(System.getProperty("java.io.tmpdir"), "ml-handoff") : work,
        longest.minus(POLL_MARGIN),
        clock);
  }

  @Bean
  AfterRollbackProcessor<Object, Object> afterRollbackProcessor(
      KafkaTemplate<byte[], byte[]> template,
      StageRunners runners,
      MeterRegistry registry,
      StageRuntimeProperties properties) {
    StageRuntimeProperties.Retry retry = properties.retry();
    ExponentialBackOffWithMaxRetries backOff =
        new ExponentialBackOffWithMaxRetries(retry.retries());
    backOff.setInitialInterval(retry.initialInterval().toMillis());
    backOff.setMultiplier(2);
    backOff.setMaxInterval(retry.maxInterval().toMillis());
    DefaultAfterRollbackProcessor<Object, Object> processor =
        new DefaultAfterRollbackProcessor<>(
            new GivenUpRecords(template, runners, registry), backOff, template, true);
    processor.setRetryListeners(
        (record, failure, delivery) ->
            registry.counter("handoff.failed.deliveries", "topic", record.topic()).increment());
    processor.addNotRetryableExceptions(StageDefectException.class);
    return processor;
  }
}
