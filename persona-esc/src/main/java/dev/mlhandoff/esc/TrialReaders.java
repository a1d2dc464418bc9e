package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.Work;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads trials and their results; ids of trials stand in artifact keys, so all is validated. */
final class TrialReaders {

  private static final MessageSchema TRIAL = MessageSchema.of("trial");
  private static final MessageSchema RESULT = MessageSchema.of("trial-result");

  private TrialReaders() {}

  static InputReader<Trial> trials() {
    return record -> {
      Trial trial = read(record, TRIAL, Trial.class);
      return new Work<>(
          trial.runId(),
          trial.attempt(),
          trial.trialId(),
          RunIds.source(record),
          trial.correlationId(),
          trial);
    };
  }

  static InputReader<TrialResult> results() {
    return record -> {
      TrialResult result = read(record, RESULT, TrialResult.class);
      Trial trial = result.trial();
      return new Work<>(
          trial.runId(),
          trial.attempt(),
          "round-" + trial.round(),
          RunIds.source(record),
          trial.correlationId(),
          result);
    };
  }

  private static <T> T read(
      ConsumerRecord<byte[], byte[]> record, MessageSchema schema, Class<T> type)
      throws RejectionException {
    try {
      JsonNode tree = Json.tree(record.value() == null ? new byte[0] : record.value());
      List<MessageSchema.Violation> violations = schema.violations(tree);
      if (!violations.isEmpty()) {
        throw new RejectionException(
            "INVALID_HANDOFF",
            violations.get(0).pointer() + ": " + violations.get(0).message(),
            violations.get(0).pointer());
      }
      return Json.convert(tree, type);
    } catch (JacksonException e) {
      throw new RejectionException("INVALID_HANDOFF", "the record is no JSON", "");
    }
  }
}
