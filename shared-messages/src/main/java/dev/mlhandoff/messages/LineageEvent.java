package dev.mlhandoff.messages;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A run event of OpenLineage, as any reader of that format takes it; the specification says what
 * the parts hold.
 *
 * @param eventTime ISO 8601, with an offset
 * @param eventType START, RUNNING, COMPLETE, ABORT, FAIL or OTHER
 * @param run id of the run, and its facets; that of a stage names the project's run as its parent
 * @param job namespace and name of what ran
 * @param producer who wrote the event
 * @param schemaURL address of the schema of the event
 */
public record LineageEvent(
    String eventTime,
    String eventType,
    JsonNode run,
    JsonNode job,
    List<JsonNode> inputs,
    List<JsonNode> outputs,
    String producer,
    String schemaURL) {

  public LineageEvent {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
