package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.InvalidMessageException;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.StageHandoff;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.core.JacksonException;

/** Turns a record into work; nothing but bytes is trusted of what a producer sent. */
@FunctionalInterface
public interface InputReader<I> {

  /**
   * @throws RejectionException if the record cannot be worked on
   */
  Work<I> read(ConsumerRecord<byte[], byte[]> record) throws RejectionException;

  /** Reads what users publish; the run id comes from the record's position, never from the user. */
  static InputReader<ProjectRequest> requests() {
    return record -> {
      try {
        ProjectRequest request = ProjectRequests.parse(record.value());
        return new Work<>(
            RunIds.of(record), 1, RunIds.source(record), request.correlationId(), request);
      } catch (InvalidMessageException e) {
        throw RejectionException.of(e);
      }
    };
  }

  /** Reads the handoff of the stage before. */
  static InputReader<StageHandoff> handoffs() {
    return record -> {
      try {
        StageHandoff handoff = Json.read(record.value(), StageHandoff.class);
        if (!RunIds.isRunId(handoff.runId()) || handoff.attempt() < 1) {
          throw new RejectionException(
              "INVALID_HANDOFF", "the handoff names no run or attempt", "");
        }
        RequestSource source = RunIds.source(record);
        return new Work<>(
            handoff.runId(),
            handoff.attempt(),
            source,
            Objects.requireNonNull(handoff.request()).correlationId(),
            handoff);
      } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
        throw new RejectionException("INVALID_HANDOFF", "the record is no handoff", "");
      }
    };
  }
}
