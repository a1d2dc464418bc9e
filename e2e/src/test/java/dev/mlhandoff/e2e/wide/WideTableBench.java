package dev.mlhandoff.e2e.wide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.ContractTopics;
import dev.mlhandoff.e2e.process.ServiceProcess;
import dev.mlhandoff.far.FarApplication;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.por.PorApplication;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends a wide and dirty table through POR and FAR, each in a JVM of its own with a small heap, and
 * prints their times as ratios to DuckDB aggregating the same files once, and the most memory that
 * each held. The memory is asserted, the times are not: {@code ./mvnw -pl e2e -am test
 * -Dtest=WideTableBench -Dsurefire.failIfNoSpecifiedTests=false}, with {@code -Dbench.rows=} and
 * {@code -Dbench.columns=} for another size.
 */
class WideTableBench {

  /** What a service of these may hold in megabytes: that of its container in the compose file. */
  private static final double BOUND = 896;

  private static final String HEAP = "192m";
  private static final List<String> JAVA =
      List.of(
          ServiceProcess.JAVA, "-Xmx" + HEAP, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final String REQUEST =
      """
      {"name": "Wide", "dataset": "wide", "target": "defaulted", "deadline": "none"}
      """;

  private final int rows = Integer.getInteger("bench.rows", 500_000);
  private final int columns = Integer.getInteger("bench.columns", 200);

  @TempDir Path folder;

  @Test
  void goesThroughDataAndFeaturesInBoundedMemory() throws Exception {
    EmbeddedPlatform platform = SharedPlatform.get();
    ContractTopics.createMissing(platform.broker().bootstrapServers());
    List<Path> files = WideTable.write(folder, columns, rows);
    store(platform, files);
    double once = WideTable.secondsToAggregate(files);
    Path catalog = Files.writeString(folder.resolve("catalog.yml"), WideTable.CATALOG);
    try (ServiceProcess por =
            ServiceProcess.start(
                JAVA,
                PorApplication.class,
                platform,
                folder,
                "por",
                "--handoff.por.catalog=" + catalog);
        ServiceProcess far =
            ServiceProcess.start(JAVA, FarApplication.class, platform, folder, "far")) {
      long start = publish(platform);
      long cleaned = handedOver(platform, Topics.STAGE_FAR.name(), por);
      report("POR", (cleaned - start) / 1e3, once, por);
      long computed = handedOver(platform, Topics.STAGE_ESC.name(), far);
      report("FAR", (computed - cleaned) / 1e3, once, far);
      System.out.printf(
          "%d columns, %d rows: DuckDB on its own reads and aggregates the files in %.1f s; both"
              + " stages take %.1f times as long%n",
          columns, rows, once, (computed - start) / 1e3 / once);
      assertThat(peakMegabytes(por)).as("resident memory of POR").isLessThan(BOUND);
      assertThat(peakMegabytes(far)).as("resident memory of FAR").isLessThan(BOUND);
    }
  }

  /** The most memory that was resident so far, as the kernel counts it. */
  private static double peakMegabytes(ServiceProcess persona) throws IOException {
    return persona.kilobytes("VmHWM") / 1024;
  }

  private static void report(String stage, double seconds, double once, ServiceProcess persona)
      throws Exception {
    System.out.printf(
        "%s: %.1f s, %.1f times DuckDB; at most %.0f MB resident, with a heap of %s%n",
        stage, seconds, seconds / once, peakMegabytes(persona), HEAP);
  }

  private static void store(EmbeddedPlatform platform, List<Path> files) throws Exception {
    try (S3ArtifactStore bucket =
        new S3ArtifactStore(
            EmbeddedPlatform.BUCKET,
            platform.objectStore().endpoint(),
            "us-east-1",
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY)) {
      for (Path file : files) {
        bucket.put("wide/" + file.getFileName(), file, "application/vnd.apache.parquet");
      }
    }
  }

  /** Returns when the broker took it, in milliseconds since the epoch. */
  private static long publish(EmbeddedPlatform platform) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.broker().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer
          .send(
              new ProducerRecord<>(
                  Topics.PROJECT_REQUESTS.name(), REQUEST.getBytes(StandardCharsets.UTF_8)))
          .get()
          .timestamp();
    }
  }

  /** Waits for the first handoff of a topic; returns when it was sent. */
  private static long handedOver(EmbeddedPlatform platform, String topic, ServiceProcess persona)
      throws Exception {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", platform.broker().bootstrapServers());
    settings.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of(topic, Topics.PIPELINE_EVENTS.name())
              .flatMap(name -> consumer.partitionsFor(name).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end && persona.isAlive()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.topic().equals(topic)) {
            return record.timestamp();
          }
          if (Json.read(record.value(), PipelineEvent.class) instanceof PipelineEvent.Rejected no) {
            throw new AssertionError(no + "\n" + persona.output());
          }
        }
      }
    }
    throw new AssertionError("nothing on " + topic + ": " + persona.output());
  }
}
