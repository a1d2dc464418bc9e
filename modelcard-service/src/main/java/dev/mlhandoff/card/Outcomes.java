package dev.mlhandoff.card;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Derives the one outcome of a run from its events. */
final class Outcomes {

  private final UnaryOperator<String> address;

  /**
   * @param address gives the artifact store's address of a key
   */
  Outcomes(UnaryOperator<String> address) {
    this.address = address;
  }

  /** Where the evidence of a run's card lies. */
  static String evidenceKey(String runId) {
    return "runs/" + runId + "/card/evidence.json";
  }

  /** The outcome, once a terminal decision and all that it rests on is known. */
  Optional<ProjectOutcome> of(Run run) {
    PipelineEvent ending = run.ending().map(RecordedEvent::event).orElse(null);
    Origin accepted = run.accepted().orElse(null);
    if (ending instanceof Rejected rejected) {
      return Optional.of(rejected(rejected, run));
    }
    if (ending instanceof Promoted promoted && accepted != null) {
      return CardAssembler.assemble(run).map(card -> completed(promoted, accepted, card));
    }
    return Optional.empty();
  }

  /** The outcome of the first run, under the id of the request that repeats it. */
  static ProjectOutcome repeated(DuplicateRequest repetition, ProjectOutcome first) {
    return new ProjectOutcome(
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
  }

  private ProjectOutcome completed(Promoted promoted, Origin accepted, ModelCard card) {
    ArtifactRef evidence =
        new ArtifactRef(
            address.apply(evidenceKey(promoted.runId())),
            card.evidenceDigest(),
            Json.write(card.evidence()).length,
            "application/json");
    return new ProjectOutcome(
        promoted.runId(),
        promoted.runId(),
        Status.COMPLETED,
        accepted.modelId(),
        accepted.version(),
        accepted.modelId() + "/" + accepted.version(),
        evidence,
        null,
        accepted.request().correlationId(),
        accepted.source(),
        promoted.occurredAt());
  }

  private static ProjectOutcome rejected(Rejected rejected, Run run) {
    Origin accepted = run.accepted().orElse(null);
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
        rejected.correlationId() == null && accepted != null
            ? accepted.request().correlationId()
            : rejected.correlationId(),
        accepted == null ? rejected.source() : accepted.source(),
        rejected.occurredAt());
  }
}
