package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.StageProgress;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.RunIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A request that was published, and what becomes of it. */
final class Submission {

  private static final long PROGRESS_MILLIS = 1500;
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> client;
  private final String runId;
  private final long publishedAt;

  private Submission(Map<String, Object> client, String runId, long publishedAt) {
    this.client = client;
    this.runId = runId;
    this.publishedAt = publishedAt;
  }

  /**
   * Publishes a request as it is.
   *
   * @param client what a client needs to connect
   * @throws IOException if it is too large for the topic, or the broker does not take it
   */
  static Submission publish(Map<String, Object> client, byte[] request)
      throws IOException, InterruptedException {
    if (request.length > Topics.MAX_REQUEST_RECORD_BYTES) {
      throw new IOException(
          "the request has %d bytes; the topic takes at most %d"
              .formatted(request.length, Topics.MAX_REQUEST_RECORD_BYTES));
    }
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("max.block.ms", "15000");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      RecordMetadata place =
          producer.send(new ProducerRecord<>(Topics.PROJECT_REQUESTS.name(), null, request)).get();
      return new Submission(
          Map.copyOf(client),
          RunIds.of(place.topic(), place.partition(), place.offset(), place.timestamp()),
          place.timestamp());
    } catch (ExecutionException e) {
      throw new IOException("the broker did not take the request: " + e.getCause(), e);
    }
  }

  String runId() {
    return runId;
  }

  long publishedAt() {
    return publishedAt;
  }

  /** Follows the run until its outcome. */
  ProjectOutcome await(Consumer<String> say) {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      seek(consumer);
      long lastProgress = 0;
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.key() == null
              || !new String(record.key(), StandardCharsets.UTF_8).equals(runId)) {
            continue;
          }
          if (record.topic().equals(Topics.PROJECT_OUTCOMES.name())) {
            return Json.read(record.value(), ProjectOutcome.class);
          }
          PipelineEvent event = Json.read(record.value(), PipelineEvent.class);
          if (event instanceof StageProgress) {
            if (record.timestamp() - lastProgress < PROGRESS_MILLIS) {
              continue;
            }
            lastProgress = record.timestamp();
          }
          String line = describe(event);
          if (!line.isEmpty()) {
            say.accept("%5.1f s  %s".formatted((record.timestamp() - publishedAt) / 1000.0, line));
          }
        }
      }
    }
  }

  private void seek(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(Topics.PIPELINE_EVENTS.name(), Topics.PROJECT_OUTCOMES.name())) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> since = new HashMap<>();
    partitions.forEach(partition -> since.put(partition, publishedAt));
    Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(since);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp offset = offsets.get(partition);
      if (offset == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, offset.offset());
      }
    }
  }

  private static String describe(PipelineEvent event) {
    if (event instanceof StageStarted started) {
      return started.persona() + "  started " + started.stage();
    }
    if (event instanceof StageProgress progress) {
      return "%s  %3.0f %%  %s"
          .formatted(progress.persona(), 100 * progress.fraction(), progress.message());
    }
    if (event instanceof StageCompleted completed) {
      return completed.deliverable().persona() + "  done: " + completed.deliverable().summary();
    }
    if (event instanceof GateEvaluated gate) {
      return "gate  attempt %d %s, quality score %.4f against %.2f"
          .formatted(gate.attempt(), gate.verdict(), gate.score(), gate.threshold());
    }
    if (event instanceof GovernanceEvaluated audit) {
      return "GCA  audit %s, %d checks%s"
          .formatted(audit.verdict(), audit.checks().size(), because(audit.reasons()));
    }
    if (event instanceof RunParked parked) {
      return "GCA  parked until %s; decide with: handoff approve %s%s, or: handoff reject %s"
          .formatted(
              parked.expiresAt(),
              parked.runId(),
              parked.needs() == Approval.Decision.WAIVE ? " --waive --why TEXT" : "",
              parked.runId());
    }
    if (event instanceof ApprovalDecided decided) {
      return "GCA  %s by %s: %s"
          .formatted(
              decided.decision().name().toLowerCase(Locale.ROOT), decided.who(), decided.why());
    }
    if (event instanceof ApprovalRefused refused) {
      return "GCA  decision of %s refused, %s: %s"
          .formatted(refused.who(), refused.code(), refused.message());
    }
    if (event instanceof DeploymentChanged changed) {
      return "MOS  " + changed.to() + ": " + changed.reason();
    }
    return "";
  }

  private static String because(List<String> reasons) {
    return reasons.isEmpty() ? "" : ": " + String.join("; ", reasons);
  }
}
