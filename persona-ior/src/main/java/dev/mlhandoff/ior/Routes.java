package dev.mlhandoff.ior;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.core.JacksonException;

/**
 * Follows the whole routes topic by assignment, without a group: every replica sees every route. A
 * lower revision than one already seen is ignored.
 */
final class Routes implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Routes.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final LoadedModels models;
  private final Map<String, RouteTable> tables = new ConcurrentHashMap<>();
  private volatile boolean running;
  private volatile boolean caughtUp;

  Routes(ConsumerFactory<byte[], byte[]> consumers, LoadedModels models) {
    this.consumers = consumers;
    this.models = models;
  }

  /** Whether everything that was in the topic at the start has been read. */
  boolean isCaughtUp() {
    return caughtUp;
  }

  Optional<RouteTable> find(String modelId) {
    return Optional.ofNullable(tables.get(modelId));
  }

  SortedSet<String> modelIds() {
    return new TreeSet<>(tables.keySet());
  }

  @Override
  public void start() {
    running = true;
    Thread reader = new Thread(this::follow, "routes");
    reader.setDaemon(true);
    reader.start();
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void follow() {
    while (running) {
      try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(null, "-routes")) {
        follow(consumer);
      } catch (RuntimeException e) {
        log.warn("lost the routes topic, reading it again: {}", e.toString());
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.SERVING_ROUTES.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    while (running) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        apply(record);
      }
      if (!caughtUp) {
        caughtUp =
            ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
      }
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      RouteTable table = Json.read(record.value(), RouteTable.class);
      RouteTable known = tables.get(table.modelId());
      if (known != null && known.revision() >= table.revision()) {
        return;
      }
      for (Route route : table.routes()) {
        models.load(table.modelId(), route.version(), route.bundle());
      }
      tables.put(table.modelId(), table);
      models.keepOnly(
          table.modelId(), table.routes().stream().map(Route::version).collect(Collectors.toSet()));
    } catch (JacksonException | IOException | RejectionException | BundleException e) {
      // What serves goes on serving: a route that cannot be followed changes nothing.
      log.error("cannot follow route at offset {}: {}", record.offset(), e.toString());
    }
  }
}
