package dev.mlhandoff.card;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.RetrainOrdered;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.Retraining;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a run began: with a request that was accepted, or with an order to train a version again.
 *
 * @param source the request's record; null for a retrain, which has none
 * @param parentRunId the run that a retrain follows
 * @param inherited what a retrain takes over from the data stages
 */
record Origin(
    String runId,
    Instant occurredAt,
    ProjectRequest request,
    @Nullable RequestSource source,
    String modelId,
    String version,
    @Nullable String parentRunId,
    @Nullable Retraining retraining,
    List<Deliverable> inherited) {

  /** The first event of these that begins a run. */
  static Optional<Origin> of(List<PipelineEvent> events) {
    for (PipelineEvent event : events) {
      if (event instanceof RunAccepted e) {
        return Optional.of(
            new Origin(
                e.runId(),
                e.occurredAt(),
                e.request(),
                e.source(),
                e.modelId(),
                e.version(),
                e.parentRunId(),
                null,
                List.of()));
      }
      if (event instanceof RetrainOrdered e) {
        return Optional.of(
            new Origin(
                e.runId(),
                e.occurredAt(),
                e.request(),
                null,
                e.modelId(),
                e.version(),
                e.parentRunId(),
                e.retraining(),
                e.inherited()));
      }
    }
    return Optional.empty();
  }

  /** The stages that a retrain does not do again. */
  Set<String> inheritedStages() {
    return inherited.stream().map(Deliverable::stage).collect(Collectors.toSet());
  }
}
