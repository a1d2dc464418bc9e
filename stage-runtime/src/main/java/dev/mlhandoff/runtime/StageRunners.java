package dev.mlhandoff.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/** Makes the runners of a service, and cancels their work when the service stops. */
public final class StageRunners implements ApplicationListener<ContextClosedEvent> {

  private final ArtifactStore artifacts;
  private final MessagePublisher publisher;
  private final MeterRegistry registry;
  private final Commits commits;
  private final RunSpans spans;
  private final AbandonedWork abandoned;
  private final Duration grace;
  private final Path workRoot;
  private final Duration longestDeadline;
  private final Clock clock;
  private final List<StageRunner<?, ?>> runners = new ArrayList<>();
  private final List<StageWorker<?, ?>> workers = new ArrayList<>();
  private final Map<String, StageMetrics> metrics = new HashMap<>();
  private volatile boolean stopping;

  StageRunners(
      ArtifactStore artifacts,
      MessagePublisher publisher,
      MeterRegistry registry,
      Commits commits,
      RunSpans spans,
      AbandonedWork abandoned,
      Duration grace,
      Path workRoot,
      Duration longestDeadline,
      Clock clock) {
    this.artifacts = artifacts;
    this.publisher = publisher;
    this.registry = registry;
    this.commits = commits;
    this.spans = spans;
    this.abandoned = abandoned;
    this.grace = grace;
    this.workRoot = workRoot;
    this.longestDeadline = longestDeadline;
    this.clock = clock;
  }

  /**
   * A runner for a stage.
   *
   * @throws IllegalArgumentException if the deadline does not fit into the poll interval
   */
  public <I, O> StageRunner<I, O> create(StageDefinition<I, O> definition) {
    if (definition.deadline().compareTo(longestDeadline) > 0) {
      throw new IllegalArgumentException(
          "deadline %s of stage %s is over %s: raise spring.kafka.consumer.max-poll-interval"
              .formatted(definition.deadline(), definition.stage(), longestDeadline));
    }
    // From the start, so that the first one is seen as a rise.
    registry.counter("handoff.failed.deliveries", "topic", definition.topic().name());
    registry.counter("handoff.dead.letters", "topic", definition.topic().name());
    StageWorker<I, O> worker =
        new StageWorker<>(definition, artifacts, publisher, workRoot, abandoned, grace, clock);
    StageRunner<I, O> runner =
        new StageRunner<>(
            definition,
            worker,
            publisher,
            // Runners of one stage count together: a registry ignores the second of two gauges.
            metrics.computeIfAbsent(definition.stage(), stage -> new StageMetrics(registry, stage)),
            commits,
            spans,
            clock);
    workers.add(worker);
    runners.add(runner);
    return runner;
  }

  /** Who works here, by persona id. */
  SortedMap<String, Persona> personas() {
    SortedMap<String, Persona> personas = new TreeMap<>();
    for (StageRunner<?, ?> runner : runners) {
      personas.computeIfAbsent(runner.persona(), Persona::of);
    }
    return personas;
  }

  Optional<StageRunner<?, ?>> forTopic(String topic) {
    for (StageRunner<?, ?> runner : runners) {
      if (runner.worksOn(topic)) {
        return Optional.of(runner);
      }
    }
    return Optional.empty();
  }

  /** From then on nothing is given up: whoever gets the record next does the work. */
  boolean isStopping() {
    return stopping;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    stopping = true;
    workers.forEach(StageWorker::stop);
  }
}
