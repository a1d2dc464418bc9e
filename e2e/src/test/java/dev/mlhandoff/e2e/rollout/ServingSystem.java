package dev.mlhandoff.e2e.rollout;

import dev.mlhandoff.cli.ContractTopics;
import dev.mlhandoff.ior.IorApplication;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.MosApplication;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.PlatformOptions;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** IOR and MOS over a platform of their own. */
final class ServingSystem implements AutoCloseable {

  private final EmbeddedPlatform platform;
  private final ConfigurableApplicationContext inference;
  private final ConfigurableApplicationContext deployment;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<PipelineEvent> events = new ArrayList<>();

  ServingSystem(Path folder, int stepSamples) throws Exception {
    platform = EmbeddedPlatform.start(PlatformOptions.forTests(folder.resolve("platform")));
    ContractTopics.createMissing(platform.broker().bootstrapServers());
    inference =
        start(
            IorApplication.class,
            "persona-ior",
            folder,
            "--handoff.ior.concurrency=32",
            "--handoff.ior.queue-timeout=10s",
            "--spring.datasource.hikari.maximum-pool-size=24");
    deployment =
        start(
            MosApplication.class,
            "persona-mos",
            folder,
            "--handoff.mos.inference-url=" + predictions(),
            "--handoff.mos.step-samples=" + stepSamples,
            "--handoff.mos.step-timeout=1h",
            "--handoff.mos.route-settling=2s");
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                platform.broker().bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.PIPELINE_EVENTS.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  String predictions() {
    return address(inference);
  }

  String rollouts() {
    return address(deployment);
  }

  String database() {
    return platform.database().jdbcUrl();
  }

  ArtifactStore artifacts() {
    return deployment.getBean(ArtifactStore.class);
  }

  MessagePublisher publisher() {
    return deployment.getBean(MessagePublisher.class);
  }

  void order(StageHandoff handoff) {
    publisher().sendNow(Topics.STAGE_MOS, handoff.modelId(), handoff);
  }

  /** Events of one type so far, oldest first. */
  <E extends PipelineEvent> List<E> events(Class<E> type) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      events.add(Json.read(record.value(), PipelineEvent.class));
    }
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() throws IOException {
    consumer.close();
    deployment.close();
    inference.close();
    platform.close();
  }

  private ConfigurableApplicationContext start(
      Class<?> application, String name, Path folder, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.config.name=" + name,
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers(),
                "--spring.datasource.url=" + platform.database().jdbcUrl(),
                "--handoff.artifacts.endpoint=" + platform.objectStore().endpoint(),
                "--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY,
                "--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY,
                "--handoff.work-directory=" + folder));
    arguments.addAll(List.of(settings));
    return new SpringApplicationBuilder(application).run(arguments.toArray(String[]::new));
  }

  private static String address(ConfigurableApplicationContext service) {
    return "http://localhost:" + service.getEnvironment().getRequiredProperty("local.server.port");
  }
}
