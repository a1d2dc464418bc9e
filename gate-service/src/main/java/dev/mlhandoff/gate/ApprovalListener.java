package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.MessageSchema.Violation;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.runtime.TransientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.messaging.converter.MessageConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Takes decisions about parked runs. The row decides whether one counts; what follows is sent in
 * the record's transaction and again if the same record comes again, so a crash in between loses
 * nothing and doubles nothing.
 */
class ApprovalListener {

  private static final Logger log = LoggerFactory.getLogger(ApprovalListener.class);
  private static final MessageSchema SCHEMA = MessageSchema.of("approval");

  private final ParkedRuns parked;
  private final ApprovalRouting routing;
  private final MessagePublisher publisher;

  ApprovalListener(ParkedRuns parked, ApprovalRouting routing, MessagePublisher publisher) {
    this.parked = parked;
    this.routing = routing;
    this.publisher = publisher;
  }

  @KafkaListener(topics = "gate.approvals.v1")
  void on(ConsumerRecord<byte[], byte[]> record) {
    Instant at = Instant.ofEpochMilli(record.timestamp());
    String position = record.partition() + "-" + record.offset();
    JsonNode content = content(record);
    String runId = runId(content, record);
    List<Violation> violations = SCHEMA.violations(content);
    if (!violations.isEmpty()) {
      String wrong =
          violations.stream()
              .map(violation -> violation.pointer() + ": " + violation.message())
              .collect(Collectors.joining("; "));
      refuse(
          runId, null, content.path("who").asString(""), "INVALID_APPROVAL", wrong, position, at);
      return;
    }
    Approval approval = Json.convert(content, Approval.class);
    ParkedRuns.Answer answer = parked.decide(approval, position);
    if (answer instanceof ParkedRuns.Answer.Refused refused) {
      refuse(
          runId,
          approval.decision(),
          approval.who(),
          refused.code(),
          refused.message(),
          position,
          at);
    } else if (answer instanceof ParkedRuns.Answer.Decided decided) {
      log.info("{}: {} by {}", runId, approval.decision(), approval.who());
      try {
        for (Emission emission : routing.route(decided.run(), approval, at)) {
          publisher.send(emission.topic(), emission.key(), emission.payload());
        }
      } catch (IOException e) {
        throw new TransientException("the artifact store did not answer", e);
      }
    }
  }

  private void refuse(
      String runId,
      Approval.@Nullable Decision decision,
      String who,
      String code,
      String message,
      String position,
      Instant at) {
    publisher.send(
        new ApprovalRefused(
            StageKeys.eventId(runId, StageIds.GOVERNANCE, 1, "ApprovalRefused-" + position),
            runId,
            at,
            decision,
            who,
            code,
            message));
  }

  private static JsonNode content(ConsumerRecord<byte[], byte[]> record) {
    try {
      return record.value() == null ? Json.mapper().createObjectNode() : Json.tree(record.value());
    } catch (JacksonException e) {
      return Json.mapper().createObjectNode();
    }
  }

  /** The run of the value, or else of the key; a record that names none has nobody to answer to. */
  private static String runId(JsonNode content, ConsumerRecord<byte[], byte[]> record) {
    String named = content.path("runId").asString("");
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (RunIds.isRunId(named)) {
      return named;
    }
    if (RunIds.isRunId(key)) {
      return key;
    }
    throw new MessageConversionException("the approval names no run");
  }
}
