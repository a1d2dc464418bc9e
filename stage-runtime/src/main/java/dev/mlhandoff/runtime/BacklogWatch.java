package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Measures again and again what the groups of this service have still to do. On a thread of its
 * own, for a listener's consumer is busy while its record is worked on.
 */
final class BacklogWatch implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(BacklogWatch.class);
  private static final long STOP_MS = 1000;

  private final KafkaListenerEndpointRegistry listeners;
  private final List<WatchedGroup> others;
  private final Supplier<BacklogReader> readers;
  private final BacklogMetrics metrics;
  private final Duration interval;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopped = lock.newCondition();
  private volatile boolean running;
  private volatile Thread thread = new Thread(this::run, "backlog");

  BacklogWatch(
      KafkaListenerEndpointRegistry listeners,
      List<WatchedGroup> others,
      Supplier<BacklogReader> readers,
      BacklogMetrics metrics,
      Duration interval) {
    this.listeners = listeners;
    this.others = List.copyOf(others);
    this.readers = readers;
    this.metrics = metrics;
    this.interval = interval;
  }

  /** Stops after the listeners, so that it never delays their end. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    running = true;
    thread = new Thread(this::run, "backlog");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void stop() {
    running = false;
    lock.lock();
    try {
      stopped.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    while (running) {
      try (BacklogReader reader = readers.get()) {
        while (running) {
          measure(reader);
          pause();
        }
      } catch (RuntimeException e) {
        metrics.unknown();
        log.warn("cannot say what waits: {}", e.toString());
        pause();
      }
    }
  }

  private void measure(BacklogReader reader) {
    for (Map.Entry<String, Set<String>> group : groups().entrySet()) {
      metrics.members(group.getKey(), reader.members(group.getKey()));
      reader
          .backlogs(group.getKey(), group.getValue())
          .forEach((topic, backlog) -> metrics.backlog(group.getKey(), topic, backlog));
      for (Topic<?> topic : Topics.withDeadLetters()) {
        if (group.getValue().contains(topic.name())) {
          metrics.deadLetters(topic.name(), reader.kept(topic.deadLetterName()));
        }
      }
    }
  }

  private Map<String, Set<String>> groups() {
    Map<String, Set<String>> groups = new TreeMap<>();
    for (MessageListenerContainer container : listeners.getListenerContainers()) {
      String[] topics = container.getContainerProperties().getTopics();
      String group = container.getGroupId();
      if (topics != null && group != null) {
        groups.computeIfAbsent(group, name -> new TreeSet<>()).addAll(Set.of(topics));
      }
    }
    for (WatchedGroup other : others) {
      groups.computeIfAbsent(other.name(), name -> new TreeSet<>()).addAll(other.topics());
    }
    return groups;
  }

  private void pause() {
    lock.lock();
    try {
      long left = interval.toNanos();
      while (running && left > 0) {
        left = stopped.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    } finally {
      lock.unlock();
    }
  }
}
