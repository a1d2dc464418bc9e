package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.ServingModel;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
final class Routes implements RoutedModels, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Routes.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final LoadedModels models;
  private final Map<String, Served> tables = new ConcurrentHashMap<>();
  private final Map<String, RouteTable> waiting = new HashMap<>();
  private volatile boolean running;
  private volatile boolean caughtUp;

  Routes(ConsumerFactory<byte[], byte[]> consumers, LoadedModels models) {
    this.consumers = consumers;
    this.models = models;
  }

  /** A route table together with its versions: a request that holds it needs nothing else. */
  record Served(RouteTable table, Map<String, ServingModel> versions) {

    ServingModel version(String version) {
      return Objects.requireNonNull(versions.get(version), version);
    }
  }

  /** Whether everything that was in the topic at the start has been read. */
  @Override
  public boolean isCaughtUp() {
    return caughtUp;
  }

  @Override
  public Optional<Served> find(String modelId) {
    return Optional.ofNullable(tables.get(modelId));
  }

  @Override
  public SortedSet<String> modelIds() {
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
        take(record);
      }
      waiting.values().removeIf(this::follow);
      if (!caughtUp) {
        caughtUp =
            waiting.isEmpty()
                && ends.entrySet().stream()
                    .allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
      }
    }
  }

  /** Only the newest revision of a model is followed; what lies between is skipped. */
  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      RouteTable table = Json.read(record.value(), RouteTable.class);
      waiting.merge(
          Objects.requireNonNull(table.modelId()),
          table,
          (a, b) -> b.revision() > a.revision() ? b : a);
    } catch (JacksonException | NullPointerException e) {
      log.error("no route at offset {}: {}", record.offset(), e.toString());
    }
  }

  /** Whether the table is dealt with; if not, its bundles may be fetched later. */
  private boolean follow(RouteTable table) {
    Served before = tables.get(table.modelId());
    RouteTable known = before == null ? null : before.table();
    if (known != null && known.revision() >= table.revision()) {
      return true;
    }
    Map<String, ServingModel> versions = new HashMap<>();
    try {
      for (Route route : table.routes()) {
        versions.put(
            route.version(),
            models.load(table.modelId(), route.version(), route.bundle(), route.featureDigest()));
      }
    } catch (IOException e) {
      log.warn("bundles of {} cannot be fetched yet: {}", table.modelId(), e.toString());
      return false;
    } catch (RejectionException | BundleException e) {
      // What serves goes on serving: a route that cannot be followed changes nothing.
      log.error("cannot follow revision {} of {}", table.revision(), table.modelId(), e);
      return true;
    }
    tables.put(table.modelId(), new Served(table, Map.copyOf(versions)));
    Set<String> routed = table.routes().stream().map(Route::version).collect(Collectors.toSet());
    if (known != null) {
      // Only what a route named before is forgotten: a version under measurement has none yet.
      for (Route route : known.routes()) {
        if (!routed.contains(route.version())) {
          models.forget(table.modelId(), route.version());
        }
      }
    }
    return true;
  }
}
