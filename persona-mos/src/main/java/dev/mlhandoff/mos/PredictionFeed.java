package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.PredictionStore.OvertakenException;
import dev.mlhandoff.runtime.WatchedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Reads the prediction log and the true outcomes. The consumer group shares the partitions out over
 * the replicas; how far each was read stands in the database, beside what was read. The group's own
 * offsets are for those who watch its lag.
 */
final class PredictionFeed implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PredictionFeed.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final WatchedGroup GROUP =
      new WatchedGroup(
          "persona-mos-predictions",
          Set.of(Topics.PREDICTIONS.name(), Topics.PREDICTION_LABELS.name()));
  private static final String BATCH = "1000";

  /**
   * The broker gathers about a batch before it answers, or half a second: under steady traffic each
   * record or two would otherwise be a transaction and a commit of their own.
   */
  private static final String BATCH_BYTES = "500000";

  private static final String LONGEST_WAIT_MS = "500";
  private static final String LONGEST_BATCH_MS = "60000";

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final PredictionIntake intake;
  private final PredictionStore store;
  private volatile boolean running;
  private volatile Thread reader = new Thread(this::run, "predictions");

  PredictionFeed(
      ConsumerFactory<byte[], byte[]> consumers, PredictionIntake intake, PredictionStore store) {
    this.consumers = consumers;
    this.intake = intake;
    this.store = store;
  }

  /** The group that reads, for those who watch its lag. */
  static WatchedGroup group() {
    return GROUP;
  }

  @Override
  public void start() {
    running = true;
    reader = new Thread(this::run, "predictions");
    reader.setDaemon(true);
    reader.start();
  }

  @Override
  public void stop() {
    running = false;
    try {
      reader.join(STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After a failure the partitions are assigned anew, and read from where the database stands. */
  private void run() {
    while (running) {
      try (Consumer<byte[], byte[]> consumer =
          consumers.createConsumer(GROUP.name(), null, "-predictions", settings())) {
        follow(consumer);
      } catch (OvertakenException e) {
        log.info("{}; reading on from the stored position", e.getMessage());
      } catch (RuntimeException e) {
        log.warn("lost the predictions, reading on: {}", e.toString());
        pause();
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    consumer.subscribe(
        GROUP.topics(),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            seek(consumer, partitions);
          }

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was read is stored, with its position.
          }
        });
    while (running) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      if (!polled.isEmpty()) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        polled.forEach(records::add);
        intake.take(records);
        consumer.commitAsync();
      }
    }
  }

  private void seek(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      OptionalLong stored = store.position(partition.topic(), partition.partition());
      if (stored.isPresent() && stored.getAsLong() > ends.getOrDefault(partition, Long.MAX_VALUE)) {
        log.warn("{} ends before what was read of it: it is read from its start", partition);
        store.forgetPosition(partition.topic(), partition.partition());
        stored = OptionalLong.empty();
      }
      if (stored.isPresent()) {
        consumer.seek(partition, stored.getAsLong());
      } else {
        consumer.seekToBeginning(List.of(partition));
      }
    }
  }

  private static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
    settings.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BATCH_BYTES);
    settings.setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_WAIT_MS);
    settings.setProperty(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, LONGEST_BATCH_MS);
    return settings;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
