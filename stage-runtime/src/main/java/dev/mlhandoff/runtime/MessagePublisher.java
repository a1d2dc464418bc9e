package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Sends messages as plain JSON with CloudEvents 1.0 binary-mode headers and a W3C {@code
 * traceparent} whose trace id follows from the run, so that all hops of a run are one trace.
 */
public final class MessagePublisher {

  private static final long SEND_TIMEOUT_SECONDS = 60;

  private final KafkaOperations<byte[], byte[]> transactional;
  private final KafkaOperations<byte[], byte[]> immediate;
  private final String source;
  private final Clock clock;
  private final Map<Alert.Kind, Counter> alerts = new EnumMap<>(Alert.Kind.class);

  /**
   * @param transactional joins the transaction of the calling thread
   * @param immediate sends outside any transaction
   * @param source name of the service, for {@code ce_source}
   */
  public MessagePublisher(
      KafkaOperations<byte[], byte[]> transactional,
      KafkaOperations<byte[], byte[]> immediate,
      String source,
      MeterRegistry registry,
      Clock clock) {
    this.transactional = transactional;
    this.immediate = immediate;
    this.source = source;
    for (Alert.Kind kind : Alert.Kind.values()) {
      // From the start, so that the first alert of a kind is seen as a rise.
      alerts.put(kind, registry.counter("handoff.alerts", "kind", kind.name()));
    }
    this.clock = clock;
  }

  /** Sends within the transaction of the calling thread. */
  public void send(Topic<?> topic, String key, Object payload) {
    send(new Emission(topic, key, payload));
  }

  /** Sends within the transaction of the calling thread, to the partition it names if any. */
  public void send(Emission emission) {
    await(transactional.send(record(emission)));
  }

  /** Sends an event within the transaction of the calling thread. */
  public void send(PipelineEvent event) {
    send(Topics.PIPELINE_EVENTS, keyOf(event), event);
  }

  /**
   * Sends at once and waits for the broker, outside any transaction.
   *
   * @return where the record stands
   */
  public RecordMetadata sendNow(Topic<?> topic, String key, Object payload) {
    return await(immediate.send(record(new Emission(topic, key, payload)))).getRecordMetadata();
  }

  /**
   * Hands a record to the producer, outside any transaction, and does not wait for the broker.
   *
   * @param lost called, on another thread, if the broker does not take it
   */
  public void sendSoon(Topic<?> topic, String key, Object payload, Runnable lost) {
    CompletableFuture<?> sent = immediate.send(record(new Emission(topic, key, payload)));
    sent.exceptionally(
        failure -> {
          lost.run();
          return null;
        });
  }

  /** Sends an event at once, outside any transaction. */
  public void sendNow(PipelineEvent event) {
    sendNow(Topics.PIPELINE_EVENTS, keyOf(event), event);
  }

  /** Sends several records in a transaction of their own. */
  public void sendTogether(Iterable<Emission> emissions) {
    transactional.executeInTransaction(
        operations -> {
          for (Emission emission : emissions) {
            await(operations.send(record(emission)));
          }
          return true;
        });
  }

  private static String keyOf(PipelineEvent event) {
    // A repeated request is folded by the partition of the run that answers it.
    return event instanceof PipelineEvent.DuplicateRequest duplicate
        ? duplicate.firstRunId()
        : event.runId();
  }

  private ProducerRecord<byte[], byte[]> record(Emission emission) {
    Topic<?> topic = emission.topic();
    Object payload = emission.payload();
    if (payload instanceof Alert alert) {
      Optional.ofNullable(alerts.get(alert.kind())).ifPresent(Counter::increment);
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic.name(), emission.partition(), utf8(emission.key()), Json.write(payload));
    String type =
        payload instanceof PipelineEvent event
            ? event.getClass().getSimpleName()
            : topic.valueType().getSimpleName();
    String id =
        payload instanceof PipelineEvent event
            ? event.eventId()
            : Digests.sha256(record.value()).substring(0, 32);
    header(record, "ce_specversion", "1.0");
    header(record, "ce_id", id);
    header(record, "ce_source", "/" + source);
    header(record, "ce_type", "dev.mlhandoff." + type + ".v1");
    header(record, "ce_time", clock.instant().toString());
    header(record, "content-type", "application/json");
    header(record, "traceparent", RunTrace.traceparent(payload, emission.key()));
    return record;
  }

  private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, utf8(value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T await(CompletableFuture<T> sent) {
    try {
      return sent.get(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while sending", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TransientException("the broker did not take a record", e);
    }
  }
}
