package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The gauges of what waits; without a measurement they are not a number, never an old one. */
final class BacklogMetrics {

  private static final double MILLIS = 1000;

  private final MeterRegistry registry;
  private final Clock clock;
  private final Map<String, Backlog> backlogs = new ConcurrentHashMap<>();
  private final Set<String> registered = ConcurrentHashMap.newKeySet();
  private final Map<String, Double> members = new ConcurrentHashMap<>();
  private final Map<String, Double> deadLetters = new ConcurrentHashMap<>();

  BacklogMetrics(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  void backlog(String group, String topic, Backlog measured) {
    String key = group + "/" + topic;
    backlogs.put(key, measured);
    if (registered.add(key)) {
      Gauge.builder("handoff.backlog.records", backlogs, known -> records(known.get(key)))
          .description("offsets between what is committed and the end of the topic")
          .tags("group", group, "topic", topic)
          .register(registry);
      Gauge.builder("handoff.backlog.age", backlogs, known -> age(known.get(key)))
          .description("how long the oldest record that is not done has waited")
          .baseUnit("seconds")
          .tags("group", group, "topic", topic)
          .register(registry);
    }
  }

  void members(String group, int measured) {
    if (members.put(group, (double) measured) == null) {
      Gauge.builder("handoff.group.members", members, known -> known.getOrDefault(group, 0.0))
          .description("consumers in the group, over all replicas")
          .tag("group", group)
          .register(registry);
    }
  }

  void deadLetters(String topic, long measured) {
    if (deadLetters.put(topic, (double) measured) == null) {
      Gauge.builder(
              "handoff.dead.letters.kept", deadLetters, known -> known.getOrDefault(topic, 0.0))
          .description("offsets that the dead-letter topic holds")
          .tag("topic", topic)
          .register(registry);
    }
  }

  /** The broker does not answer. */
  void unknown() {
    backlogs.clear();
    members.replaceAll((key, known) -> Double.NaN);
    deadLetters.replaceAll((key, known) -> Double.NaN);
  }

  private static double records(@Nullable Backlog known) {
    return known == null ? Double.NaN : known.records();
  }

  private double age(@Nullable Backlog known) {
    return known == null ? Double.NaN : known.age(clock.instant()).toMillis() / MILLIS;
  }
}
