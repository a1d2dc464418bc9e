package dev.mlhandoff.card;

import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.PipelineEvent.RetrainOrdered;
import dev.mlhandoff.messages.PipelineEvent.StageProgress;
import dev.mlhandoff.messages.ProjectOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Folds events into runs, outcomes and cards. What is stored follows from the set of events alone:
 * neither their order nor their repetition changes it.
 */
final class EventFold {

  private final RunStore runs;
  private final CardBook cards;
  private final Outcomes outcomes;
  private final TransactionTemplate transaction;

  EventFold(RunStore runs, CardBook cards, Outcomes outcomes, TransactionTemplate transaction) {
    this.runs = runs;
    this.cards = cards;
    this.outcomes = outcomes;
    this.transaction = transaction;
  }

  /**
   * Folds one event.
   *
   * @return the outcomes that this record decides, now or at an earlier delivery; they must be sent
   */
  List<Decision> fold(RecordedEvent recorded) {
    List<Decision> decided = transaction.execute(status -> foldAll(recorded));
    return decided == null ? List.of() : decided;
  }

  /** When the first of a run's events happened. */
  Instant began(String runId) {
    return runs.run(runId).orElseThrow().events().stream()
        .map(PipelineEvent::occurredAt)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Passes over a record that is no event. */
  void skip(EventPosition position) {
    runs.folded(position);
  }

  private List<Decision> foldAll(RecordedEvent recorded) {
    runs.add(recorded);
    runs.folded(recorded.position());
    if (recorded.event() instanceof StageProgress) {
      return List.of();
    }
    if (recorded.event() instanceof RetrainOrdered retrain) {
      runs.retrains(retrain.runId(), retrain.parentRunId());
    }
    List<Decision> decisions = new ArrayList<>();
    if (recorded.event() instanceof DuplicateRequest repetition) {
      runs.repeats(repetition.runId(), repetition.firstRunId());
      repeat(repetition.runId(), runs.decision(repetition.firstRunId()).orElse(null))
          .ifPresent(decisions::add);
    } else {
      Run run = runs.run(recorded.event().runId()).orElseThrow();
      Optional<Decision> decision =
          outcomes
              .of(run)
              .map(outcome -> new Decision(run.ending().orElseThrow().position(), outcome));
      decision.ifPresent(runs::put);
      decision.ifPresent(decisions::add);
      cards.fold(run);
      runs.put(RunRecords.summary(run, decision.map(Decision::outcome).orElse(null)));
      for (String waiting : runs.repetitionsOf(run.runId())) {
        repeat(waiting, decision.orElse(null)).ifPresent(decisions::add);
      }
    }
    return decisions.stream().filter(d -> d.position().equals(recorded.position())).toList();
  }

  /** A repetition is answered by whichever came later: itself, or the outcome it waits for. */
  private Optional<Decision> repeat(String runId, @Nullable Decision first) {
    Run run = runs.run(runId).orElseThrow();
    RecordedEvent recorded = run.repetition().orElseThrow();
    Optional<Decision> decision = Optional.empty();
    if (first != null && recorded.event() instanceof DuplicateRequest repetition) {
      ProjectOutcome outcome = Outcomes.repeated(repetition, first.outcome());
      decision = Optional.of(new Decision(first.position().max(recorded.position()), outcome));
      decision.ifPresent(runs::put);
    }
    runs.put(RunRecords.summary(run, decision.map(Decision::outcome).orElse(null)));
    return decision;
  }
}
