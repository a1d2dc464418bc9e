package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.RunIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that decide about a parked run have in common. */
final class Decisions {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Parameters(paramLabel = "RUN", description = "the id of a parked run")
  private String run;

  @Option(
      names = "--by",
      paramLabel = "WHO",
      defaultValue = "${sys:user.name}",
      description = "who decides, as it shall stand on the card (default: you)")
  private String who;

  @Mixin private BrokerOptions broker;

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system")
  private Path home;

  /** Publishes a decision and shows what the gate answers. */
  int publish(Approval.Decision decision, String why) throws IOException, InterruptedException {
    if (!RunIds.isRunId(run)) {
      throw new IOException(run + " is no run id; `handoff runs` lists them");
    }
    Map<String, Object> properties = broker.client(() -> Endpoints.read(home).broker());
    properties.put("max.block.ms", "15000");
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> events =
            new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<TopicPartition> partitions =
          events.partitionsFor(Topics.PIPELINE_EVENTS.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      events.assign(partitions);
      events.seekToEnd(partitions);
      partitions.forEach(events::position);
      var place =
          producer
              .send(
                  new ProducerRecord<>(
                      Topics.GATE_APPROVALS.name(),
                      run.getBytes(StandardCharsets.UTF_8),
                      Json.write(new Approval(run, decision, who, why))))
              .get();
      return answer(events, "-" + place.partition() + "-" + place.offset());
    } catch (ExecutionException e) {
      throw new IOException("the broker did not take the decision: " + e.getCause(), e);
    }
  }

  /** Waits for the event about this very record. */
  private int answer(KafkaConsumer<byte[], byte[]> events, String position) throws IOException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      for (ConsumerRecord<byte[], byte[]> record : events.poll(Duration.ofMillis(200))) {
        PipelineEvent event = Json.read(record.value(), PipelineEvent.class);
        if (!event.runId().equals(run)) {
          continue;
        }
        if (event instanceof ApprovalDecided decided) {
          System.out.println(
              "%s: %s by %s; %s"
                  .formatted(
                      run,
                      decided.decision().name().toLowerCase(Locale.ROOT),
                      decided.who(),
                      String.join("; ", decided.reasons())));
          return HandoffCommand.DONE;
        }
        if (event instanceof ApprovalRefused refused && event.eventId().endsWith(position)) {
          throw new IOException(refused.code() + ": " + refused.message());
        }
      }
    }
    throw new IOException(
        "the decision is published, but the gate did not answer within %d s"
            .formatted(PATIENCE.toSeconds()));
  }
}
