package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything the shell must know of one stage.
 *
 * @param persona persona id
 * @param stage stage id; also a part of artifact keys
 * @param topic the topic it works on
 * @param deadline longest time one piece of work may take
 * @param outputType what the manifest is read back as
 * @param routing turns input and output into records; pure, called again after a redelivery
 * @param completion what the stage delivered, if it delivered anything
 * @param failure what is sent when the work cannot be done; {@code null} rejects the run
 */
public record StageDefinition<I, O>(
    String persona,
    String stage,
    Topic<?> topic,
    Duration deadline,
    InputReader<I> reader,
    Class<O> outputType,
    Stage<I, O> work,
    Routing<I, O> routing,
    Completions<I, O> completion,
    @Nullable Failure<I> failure) {

  /** A stage whose failure rejects the run. */
  public StageDefinition(
      String persona,
      String stage,
      Topic<?> topic,
      Duration deadline,
      InputReader<I> reader,
      Class<O> outputType,
      Stage<I, O> work,
      Routing<I, O> routing,
      Completions<I, O> completion) {
    this(persona, stage, topic, deadline, reader, outputType, work, routing, completion, null);
  }

  /** Turns input and output into the records to send. */
  @FunctionalInterface
  public interface Routing<I, O> {
    List<Emission> route(Work<I> work, O output);
  }

  /** Names what was delivered. */
  @FunctionalInterface
  public interface Completions<I, O> {
    Optional<Completion> of(Work<I> work, O output);
  }

  /** Turns a failure into the records to send, for work whose failure is an answer. */
  @FunctionalInterface
  public interface Failure<I> {
    List<Emission> answer(Work<I> work, RejectionException failure);
  }

  /**
   * A deliverable and the model version it belongs to.
   *
   * @param earlierMs time that earlier parts of the stage's work took
   */
  public record Completion(
      String modelId, String version, Deliverable deliverable, long earlierMs) {

    public Completion(String modelId, String version, Deliverable deliverable) {
      this(modelId, version, deliverable, 0);
    }
  }

  /** Gives an event of this stage its deterministic id. */
  String eventId(Work<?> work, Class<? extends PipelineEvent> type) {
    return StageKeys.eventId(work.runId(), stage, work.attempt(), type.getSimpleName());
  }
}
