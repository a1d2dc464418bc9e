package dev.mlhandoff.cli.verify;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.Persona;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Whether a card agrees with itself, and with the evidence that was stored with it. */
final class CardItself {

  private static final Set<String> KEYS =
      Set.of(
          "model_name",
          "version",
          "pipeline_stages",
          "quality_score",
          "deployment_status",
          "evidence",
          "evidence_digest",
          "status");

  private CardItself() {}

  static void check(ReadCard read, CardArtifacts artifacts, Ledger ledger) throws IOException {
    ModelCard card = read.card();
    Set<String> strange = new TreeSet<>(read.tree().propertyNames());
    strange.removeAll(KEYS);
    if (!strange.isEmpty()) {
      ledger.fails("card", "it has keys that no card has: " + strange);
    }
    String digest = Digests.sha256(Json.write(card.evidence()));
    if (digest.equals(card.evidenceDigest())) {
      ledger.holds("evidence digest", digest);
    } else {
      ledger.fails(
          "evidence digest",
          "the card says %s, its evidence has %s".formatted(card.evidenceDigest(), digest));
    }
    stored(read, digest, artifacts, ledger);
    JsonNode evidence = read.evidence();
    JsonNode details = evidence.path("model_details");
    ledger.same(
        "model_name",
        ProjectRequests.modelId(card.modelName()),
        details.path("model_id").asString(""),
        "model_details");
    ledger.same("version", card.version(), details.path("version").asString(""), "model_details");
    ledger.same(
        "quality_score",
        card.qualityScore(),
        evidence.path("metrics").path("quality_score").asDouble(Double.NaN),
        "metrics");
    ledger.same(
        "pipeline_stages",
        card.pipelineStages().stream().map(PipelineStage::stage).toList(),
        StageIds.OF_THE_CARD,
        "every card");
    for (PipelineStage stage : card.pipelineStages()) {
      persona(stage, ledger);
      ledger.same(
          "pipeline_stages/" + stage.stage() + "/summary_length",
          stage.summaryLength(),
          read.section(stage.stage()).path("summary").asString("").length(),
          "the summary");
    }
  }

  private static void persona(PipelineStage stage, Ledger ledger) {
    String subject = "pipeline_stages/" + stage.stage() + "/persona";
    try {
      ledger.same(subject, stage.stage(), Persona.of(stage.persona()).stage(), stage.persona());
    } catch (IllegalArgumentException e) {
      ledger.broken(subject, e);
    }
  }

  /** What was stored when the card was made says the same. */
  private static void stored(ReadCard read, String digest, CardArtifacts artifacts, Ledger ledger)
      throws IOException {
    String key = "runs/" + read.runId() + "/card/evidence.json";
    Optional<byte[]> content = artifacts.find(key);
    if (content.isEmpty()) {
      ledger.fails("stored evidence", "there is no " + key);
      return;
    }
    String found = Digests.sha256(content.get());
    if (found.equals(digest)) {
      ledger.holds("stored evidence", key + " is the card's evidence");
    } else {
      ledger.fails(
          "stored evidence",
          "%s has the digest %s, the card's evidence %s".formatted(key, found, digest));
    }
  }
}
