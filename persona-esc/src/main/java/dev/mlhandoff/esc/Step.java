package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.StageDefinition.Completion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt goes on: with more trials, or with what it delivers.
 *
 * @param handoff what ESC was asked to do; null while there are trials
 * @param earlierMs time from the plan to this step
 */
record Step(
    List<Trial> trials,
    @Nullable StageHandoff handoff,
    @Nullable Deliverable deliverable,
    long earlierMs) {

  static Step of(List<Trial> trials) {
    return new Step(trials, null, null, 0);
  }

  List<Emission> emissions() {
    if (handoff == null || deliverable == null) {
      return trials.stream().map(AttemptPlan::emission).toList();
    }
    return List.of(
        new Emission(
            Topics.STAGE_GATE,
            handoff.runId(),
            handoff.next(
                "ESC",
                "GATE",
                StageIds.QUALITY_GATE,
                "Judge attempt " + handoff.attempt() + ". " + deliverable.summary(),
                deliverable)));
  }

  Optional<Completion> completion() {
    return handoff == null || deliverable == null
        ? Optional.empty()
        : Optional.of(new Completion(handoff.modelId(), handoff.version(), deliverable, earlierMs));
  }
}
