package dev.mlhandoff.card;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RunIds;
import org.apache.kafka.clients.producer.RecordMetadata;
import tools.jackson.databind.JsonNode;

/** Publishes what people write on the board, exactly as any Kafka client would. */
final class BoardPublisher {

  private final MessagePublisher publisher;

  BoardPublisher(MessagePublisher publisher) {
    this.publisher = publisher;
  }

  /**
   * Publishes a request that keeps the schema.
   *
   * @return the id of the run that it becomes
   */
  String request(JsonNode request) {
    String name = Json.convert(request, ProjectRequest.class).name();
    RecordMetadata place =
        publisher.sendNow(Topics.PROJECT_REQUESTS, ProjectRequests.modelId(name), request);
    return RunIds.of(place.topic(), place.partition(), place.offset(), place.timestamp());
  }

  /** Publishes a decision about a parked run; whether it changes anything is the gate's to say. */
  void decide(Approval approval) {
    publisher.sendNow(Topics.GATE_APPROVALS, approval.runId(), approval);
  }
}
