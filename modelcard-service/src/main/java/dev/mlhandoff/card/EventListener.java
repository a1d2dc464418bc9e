package dev.mlhandoff.card;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.TransientException;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;

/**
 * The only writer of outcomes. The row that wins names its event, and the outcome is sent whenever
 * that event is processed: a crash between database and broker then loses nothing.
 */
class EventListener {

  private static final Logger log = LoggerFactory.getLogger(EventListener.class);

  private final RunStore store;
  private final ArtifactStore artifacts;
  private final MessagePublisher publisher;

  EventListener(RunStore store, ArtifactStore artifacts, MessagePublisher publisher) {
    this.store = store;
    this.artifacts = artifacts;
    this.publisher = publisher;
  }

  @KafkaListener(topics = "pipeline.events.v1")
  void on(ConsumerRecord<byte[], byte[]> record) {
    PipelineEvent event;
    try {
      event = Json.read(record.value(), PipelineEvent.class);
    } catch (JacksonException | IllegalArgumentException e) {
      log.warn("event at offset {} cannot be read and is left out", record.offset());
      return;
    }
    store.add(event);
    if (event instanceof DuplicateRequest repetition) {
      store.repeats(repetition);
      store.outcome(repetition.firstRunId()).ifPresent(outcome -> answer(repetition, outcome));
    } else if (event instanceof Rejected rejected) {
      end(rejected, rejection(rejected), null);
    } else if (event instanceof Promoted promoted) {
      promote(promoted);
    }
  }

  private void promote(Promoted promoted) {
    List<PipelineEvent> events = store.events(promoted.runId());
    ModelCard card =
        CardAssembler.assemble(events, "production")
            .orElseThrow(() -> new TransientException("events of the run are still missing", null));
    String key = "runs/" + promoted.runId() + "/card/evidence.json";
    byte[] evidence = Json.write(card.evidence());
    try {
      boolean first = artifacts.putIfAbsent(key, evidence, "application/json");
      log.info("{}: card evidence {}", promoted.runId(), first ? "written" : "was there");
    } catch (IOException e) {
      throw new TransientException("the artifact store did not answer", e);
    }
    ArtifactRef ref =
        new ArtifactRef(
            artifacts.uri(key), card.evidenceDigest(), evidence.length, "application/json");
    RunAccepted accepted = accepted(events);
    store.put(promoted.modelId(), promoted.runId(), card);
    ProjectOutcome outcome =
        new ProjectOutcome(
            promoted.runId(),
            promoted.runId(),
            Status.COMPLETED,
            promoted.modelId(),
            promoted.version(),
            promoted.modelId() + "/" + promoted.version(),
            ref,
            null,
            accepted == null ? null : accepted.request().correlationId(),
            accepted == null ? null : accepted.source(),
            promoted.occurredAt());
    end(promoted, outcome, card);
  }

  private void end(PipelineEvent event, ProjectOutcome outcome, @Nullable ModelCard card) {
    if (!store.ends(event.runId(), event.eventId(), outcome)) {
      return;
    }
    if (card != null) {
      publisher.send(Topics.MODEL_CARDS, String.valueOf(outcome.cardKey()), card);
    }
    publisher.send(Topics.PROJECT_OUTCOMES, event.runId(), outcome);
    for (DuplicateRequest repetition : store.repetitionsOf(event.runId())) {
      answer(repetition, outcome);
    }
  }

  /**
   * The outcome of the first run, under the id of the repeated request; sent again if its event or
   * the first run's last one is delivered again, for a crash may have come before the sending.
   */
  private void answer(DuplicateRequest repetition, ProjectOutcome first) {
    ProjectOutcome outcome =
        new ProjectOutcome(
            repetition.runId(),
            first.runId(),
            first.status(),
            first.modelId(),
            first.version(),
            first.cardKey(),
            first.card(),
            first.rejection(),
            repetition.correlationId(),
            repetition.source(),
            first.finishedAt());
    if (store.ends(repetition.runId(), repetition.eventId(), outcome)) {
      publisher.send(Topics.PROJECT_OUTCOMES, repetition.runId(), outcome);
    }
  }

  private ProjectOutcome rejection(Rejected rejected) {
    RunAccepted accepted = accepted(store.events(rejected.runId()));
    RequestSource source = accepted == null ? rejected.source() : accepted.source();
    return new ProjectOutcome(
        rejected.runId(),
        rejected.runId(),
        Status.REJECTED,
        accepted == null ? null : accepted.modelId(),
        accepted == null ? null : accepted.version(),
        null,
        null,
        new Rejection(
            rejected.code(),
            rejected.message(),
            rejected.pointer(),
            rejected.stage(),
            rejected.history()),
        rejected.correlationId(),
        source,
        rejected.occurredAt());
  }

  private static @Nullable RunAccepted accepted(List<PipelineEvent> events) {
    for (PipelineEvent event : events) {
      if (event instanceof RunAccepted found) {
        return found;
      }
    }
    return null;
  }
}
