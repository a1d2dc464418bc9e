package dev.mlhandoff.card;

import dev.mlhandoff.card.lineage.RunEvents;
import dev.mlhandoff.card.lineage.RunEvents.StageData;
import dev.mlhandoff.card.lineage.RunEvents.StageRun;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RetrainOrdered;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.StageFailed;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TransientException;
import io.openlineage.client.OpenLineage.RunEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;

/**
 * Tells what happened as lineage: in a consumer group of its own, so that a backend that is down,
 * or an artifact that cannot be read, holds up neither a stage nor a card.
 */
class LineageListener {

  private static final Logger log = LoggerFactory.getLogger(LineageListener.class);

  private final ArtifactStore artifacts;
  private final RunEvents events;
  private final LineageTransport transport;

  LineageListener(ArtifactStore artifacts, RunEvents events, LineageTransport transport) {
    this.artifacts = artifacts;
    this.events = events;
    this.transport = transport;
  }

  @KafkaListener(topics = "pipeline.events.v1", groupId = "${spring.application.name}-lineage")
  void on(ConsumerRecord<byte[], byte[]> record) {
    Optional<PipelineEvent> event = EventListener.read(record);
    if (event.isEmpty()) {
      return;
    }
    Optional<RunEvent> told;
    try {
      told = told(event.get());
    } catch (TransientException e) {
      throw e;
    } catch (RuntimeException e) {
      log.error("{}: no lineage of {}", event.get().runId(), event.get().eventId(), e);
      return;
    }
    told.ifPresent(lineage -> transport.send(event.get().runId(), lineage));
  }

  private Optional<RunEvent> told(PipelineEvent event) {
    if (event instanceof RunAccepted || event instanceof RetrainOrdered) {
      return Optional.of(events.projectStarted(event.runId(), event.occurredAt()));
    }
    if (event instanceof StageStarted started) {
      return Optional.of(
          events.stageStarted(
              new StageRun(started.runId(), started.stage(), started.attempt()),
              started.occurredAt()));
    }
    if (event instanceof StageFailed failed) {
      return Optional.of(
          events.stageFailed(
              new StageRun(failed.runId(), failed.stage(), failed.attempt()),
              failed.occurredAt(),
              failed.code() + ": " + failed.message()));
    }
    if (event instanceof StageCompleted completed) {
      StageRun stage =
          new StageRun(
              completed.runId(),
              completed.deliverable().stage(),
              completed.deliverable().attempt());
      return Optional.of(events.stageCompleted(stage, completed.occurredAt(), data(completed)));
    }
    if (event instanceof Promoted) {
      return Optional.of(events.projectEnded(event.runId(), event.occurredAt(), null));
    }
    if (event instanceof Rejected rejected) {
      return Optional.of(
          events.projectEnded(
              rejected.runId(),
              rejected.occurredAt(),
              rejected.code() + ": " + rejected.message()));
    }
    return Optional.empty();
  }

  private StageData data(StageCompleted completed) {
    try {
      return new StageTables(artifacts, completed.modelId(), completed.deliverable()).read();
    } catch (RejectionException | SQLException | IllegalArgumentException e) {
      log.warn("{}: datasets are left out of the lineage: {}", completed.eventId(), e.toString());
      return new StageData(List.of(), List.of());
    } catch (IOException e) {
      throw new TransientException("the artifact store did not answer", e);
    }
  }
}
