package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Failpoint;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RunSpans;
import dev.mlhandoff.runtime.StageDefectException;
import dev.mlhandoff.runtime.TransientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;

/**
 * The only writer of outcomes. An outcome's row names the record that decided it, and the outcome
 * is sent whenever that record is processed: a crash between database and broker loses nothing.
 */
class EventListener {

  private static final Logger log = LoggerFactory.getLogger(EventListener.class);

  private static final String PLACE = "model_card";

  /** Route and promotion are committed together; this is for the follower to catch up. */
  private static final Duration ROUTE_WAIT = Duration.ofSeconds(5);

  private static final Duration ROUTE_POLL = Duration.ofMillis(20);

  private final EventFold fold;
  private final CardBook cards;
  private final ArtifactStore artifacts;
  private final MessagePublisher publisher;
  private final RunMetrics metrics;
  private final RunSpans spans;

  EventListener(
      EventFold fold,
      CardBook cards,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      RunMetrics metrics,
      RunSpans spans) {
    this.fold = fold;
    this.cards = cards;
    this.artifacts = artifacts;
    this.publisher = publisher;
    this.metrics = metrics;
    this.spans = spans;
  }

  /** An outage is waited out, however long it takes; only a defect is dead-lettered. */
  @KafkaListener(topics = "pipeline.events.v1")
  void on(ConsumerRecord<byte[], byte[]> record) {
    try {
      handle(record);
    } catch (TransientException | NestedRuntimeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StageDefectException("an event could not be folded", e);
    }
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    EventPosition position = EventPosition.of(record);
    Optional<PipelineEvent> event = read(record);
    if (event.isEmpty()) {
      fold.skip(position);
      return;
    }
    if (event.get() instanceof Promoted promoted) {
      awaitRoute(promoted);
    }
    List<Decision> decided = fold.fold(new RecordedEvent(position, event.get()));
    metrics.folded(event.get());
    if (decided.isEmpty() && event.get() instanceof Promoted promoted) {
      log.warn("{}: promoted, but no outcome follows from its events", promoted.runId());
    }
    if (!decided.isEmpty()) {
      Failpoint.AFTER_ROW.hit(PLACE);
      decided.forEach(decision -> send(decision.outcome()));
      Failpoint.AFTER_SEND.hit(PLACE);
    }
  }

  /** Empty if the record holds no event that this version knows. */
  static Optional<PipelineEvent> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      PipelineEvent event = Json.read(record.value(), PipelineEvent.class);
      return Optional.ofNullable(event);
    } catch (JacksonException | IllegalArgumentException e) {
      log.warn(
          "{}-{}@{} cannot be read and is left out",
          record.topic(),
          record.partition(),
          record.offset());
      return Optional.empty();
    }
  }

  private void awaitRoute(Promoted promoted) {
    try {
      for (long waited = 0; waited < ROUTE_WAIT.toMillis(); waited += ROUTE_POLL.toMillis()) {
        if (cards.hasSeen(promoted.modelId(), promoted.revision())) {
          return;
        }
        Thread.sleep(ROUTE_POLL.toMillis());
      }
      log.warn(
          "{}: route revision {} has not been seen; the card follows it later",
          promoted.runId(),
          promoted.revision());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while waiting for a route", e);
    }
  }

  private void send(ProjectOutcome outcome) {
    if (outcome.card() != null && outcome.runId().equals(outcome.answeredBy())) {
      cards.announce(
          String.valueOf(outcome.modelId()),
          outcome.runId(),
          entry -> {
            keepEvidence(entry.runId(), Json.write(entry.card().evidence()));
            publisher.send(Topics.MODEL_CARDS, entry.key(), entry.card());
          });
    }
    publisher.send(Topics.PROJECT_OUTCOMES, outcome.runId(), outcome);
    metrics.sent(outcome);
    Rejection rejection = outcome.rejection();
    spans.ended(
        outcome.runId(),
        fold.began(outcome.runId()),
        outcome.finishedAt(),
        rejection == null ? null : rejection.code());
    log.info("{}: {}", outcome.runId(), outcome.status());
  }

  private void keepEvidence(String runId, byte[] evidence) {
    try {
      boolean first =
          artifacts.putIfAbsent(Outcomes.evidenceKey(runId), evidence, "application/json");
      log.debug("{}: card evidence {}", runId, first ? "written" : "was there");
    } catch (IOException e) {
      throw new TransientException("the artifact store did not answer", e);
    }
  }
}
