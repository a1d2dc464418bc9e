package dev.mlhandoff.card;

import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of one run: the set of its events. In which order and how often they arrived
 * makes no difference; of an event that was recorded twice the earlier record counts.
 */
final class Run {

  private final List<RecordedEvent> recorded;

  private Run(List<RecordedEvent> recorded) {
    this.recorded = recorded;
  }

  /**
   * The run of these events.
   *
   * @throws IllegalArgumentException if there are none
   */
  static Run of(Collection<RecordedEvent> events) {
    Map<String, RecordedEvent> distinct = new HashMap<>();
    for (RecordedEvent event : events) {
      distinct.merge(
          event.event().eventId(),
          event,
          (a, b) -> a.position().compareTo(b.position()) <= 0 ? a : b);
    }
    if (distinct.isEmpty()) {
      throw new IllegalArgumentException("a run has at least one event");
    }
    return new Run(
        distinct.values().stream().sorted(Comparator.comparing(RecordedEvent::position)).toList());
  }

  String runId() {
    return recorded.get(0).event().runId();
  }

  /** Everything that happened, in the order of the records. */
  List<PipelineEvent> events() {
    return recorded.stream().map(RecordedEvent::event).toList();
  }

  /** The events of a kind, in the order of the records. */
  <E extends PipelineEvent> List<E> events(Class<E> kind) {
    return recorded.stream()
        .map(RecordedEvent::event)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** How the run began, once that is known. */
  Optional<Origin> accepted() {
    return Origin.of(events());
  }

  /** The repetition of an earlier request that this run is, if it is one. */
  Optional<RecordedEvent> repetition() {
    return recorded.stream().filter(r -> r.event() instanceof DuplicateRequest).findFirst();
  }

  /** The first terminal decision; what is decided later changes no outcome. */
  Optional<RecordedEvent> ending() {
    return recorded.stream()
        .filter(r -> r.event() instanceof Promoted || r.event() instanceof Rejected)
        .findFirst();
  }

  /** What the run waits for, if it waits for a human. */
  Optional<RunParked> parked() {
    RunParked waiting = null;
    for (PipelineEvent event : events()) {
      if (event instanceof RunParked parked) {
        waiting = parked;
      } else if (event instanceof ApprovalDecided) {
        waiting = null;
      }
    }
    return ending().isPresent() ? Optional.empty() : Optional.ofNullable(waiting);
  }

  /** The promotion that ended the run, if one did. */
  Optional<Promoted> promotion() {
    return ending()
        .map(RecordedEvent::event)
        .filter(Promoted.class::isInstance)
        .map(Promoted.class::cast);
  }

  /** What happened up to the terminal decision: what a card may rest on. */
  List<PipelineEvent> untilEnding() {
    EventPosition end = ending().map(RecordedEvent::position).orElse(null);
    return recorded.stream()
        .filter(r -> end == null || r.position().compareTo(end) <= 0)
        .map(RecordedEvent::event)
        .toList();
  }
}
