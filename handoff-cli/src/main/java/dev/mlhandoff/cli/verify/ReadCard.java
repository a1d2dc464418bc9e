package dev.mlhandoff.cli.verify;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.Retraining;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A card as it was given, and what it names. */
final class ReadCard {

  /** The section of the evidence that holds a stage's summary, metrics and digests. */
  static final Map<String, String> SECTIONS =
      Map.of(
          StageIds.DATA_PIPELINE, "training_data",
          StageIds.FEATURE_ENGINEERING, "factors",
          StageIds.TRAINING, "quantitative_analyses",
          StageIds.INFERENCE, "inference",
          StageIds.DEPLOYMENT, "deployment");

  private static final MessageSchema SCHEMA = MessageSchema.of("model-card");

  private final JsonNode tree;
  private final ModelCard card;
  private final JsonNode evidence;
  private final SortedMap<String, SortedMap<String, ArtifactRef>> artifacts = new TreeMap<>();

  private ReadCard(JsonNode tree) throws IOException {
    this.tree = tree;
    this.card = Json.convert(tree, ModelCard.class);
    this.evidence = tree.path("evidence");
    for (Map.Entry<String, JsonNode> stage : status("artifacts").properties()) {
      SortedMap<String, ArtifactRef> roles = new TreeMap<>();
      for (Map.Entry<String, JsonNode> role : stage.getValue().properties()) {
        ArtifactRef ref = Json.convert(role.getValue(), ArtifactRef.class);
        if (ref.uri() == null || ref.sha256() == null) {
          throw new IOException(stage.getKey() + "/" + role.getKey() + " is no reference");
        }
        roles.put(role.getKey(), ref);
      }
      artifacts.put(stage.getKey(), roles);
    }
  }

  /**
   * Reads a card.
   *
   * @throws IOException if the content is no model card
   */
  static ReadCard of(byte[] content) throws IOException {
    try {
      JsonNode tree = Json.tree(content);
      List<MessageSchema.Violation> violations = SCHEMA.violations(tree);
      if (!violations.isEmpty()) {
        throw new IOException(
            "no model card: "
                + violations.stream()
                    .map(v -> v.pointer() + " " + v.message())
                    .collect(Collectors.joining("; ")));
      }
      return new ReadCard(tree);
    } catch (JacksonException e) {
      throw new IOException("no model card: " + e.getOriginalMessage(), e);
    }
  }

  JsonNode tree() {
    return tree;
  }

  ModelCard card() {
    return card;
  }

  JsonNode evidence() {
    return evidence;
  }

  JsonNode section(String stage) {
    return evidence.path(SECTIONS.getOrDefault(stage, ""));
  }

  JsonNode status(String name) {
    return tree.path("status").path(name);
  }

  String runId() {
    return status("run_id").asString("");
  }

  /** The references that the card names, by stage and role. */
  SortedMap<String, SortedMap<String, ArtifactRef>> artifacts() {
    return artifacts;
  }

  Optional<ArtifactRef> find(String stage, String role) {
    return Optional.ofNullable(artifacts.getOrDefault(stage, new TreeMap<>()).get(role));
  }

  /**
   * A reference that the card should name.
   *
   * @throws RejectionException ARTIFACT_MISSING if it does not
   */
  ArtifactRef artifact(String stage, String role) throws RejectionException {
    return find(stage, role)
        .orElseThrow(
            () ->
                new RejectionException(
                    "ARTIFACT_MISSING", "the card names no " + stage + "/" + role, ""));
  }

  boolean isRetrain() {
    return evidence.has("retraining");
  }

  /** The handoff on which the gates would judge this card's attempt. */
  StageHandoff handoff(JsonNode request) throws RejectionException {
    List<Deliverable> deliverables = new ArrayList<>();
    for (String stage :
        List.of(
            StageIds.DATA_PIPELINE,
            StageIds.FEATURE_ENGINEERING,
            StageIds.TRAINING,
            StageIds.QUALITY_GATE,
            StageIds.GOVERNANCE)) {
      deliverables.add(
          Deliverable.of(
              stage,
              stage,
              1,
              section(stage).path("summary").asString(stage),
              artifacts.getOrDefault(stage, new TreeMap<>()),
              Map.of()));
    }
    try {
      return new StageHandoff(
          runId(),
          null,
          evidence.path("metrics").path("attempt").asInt(1),
          "GATE",
          "GCA",
          StageIds.GOVERNANCE,
          "",
          Json.convert(request, ProjectRequest.class),
          evidence.path("model_details").path("model_id").asString(""),
          card.version(),
          deliverables,
          retraining());
    } catch (JacksonException e) {
      throw new RejectionException(
          "EVIDENCE_MISMATCH", "the gate report names no request of this form", "");
    }
  }

  private @Nullable Retraining retraining() {
    if (!isRetrain()) {
      return null;
    }
    JsonNode section = evidence.path("retraining");
    SortedMap<String, Double> statistics = new TreeMap<>();
    section
        .path("statistics")
        .properties()
        .forEach(e -> statistics.put(e.getKey(), e.getValue().asDouble()));
    String parent = section.path("parent_card").asString("");
    return new Retraining(
        parent.substring(parent.lastIndexOf('/') + 1),
        section.path("reason").asString(""),
        statistics,
        Json.convert(status("champion"), ArtifactRef.class));
  }
}
