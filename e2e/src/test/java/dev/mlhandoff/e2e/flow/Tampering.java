package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.cli.verify.CardVerification;
import dev.mlhandoff.cli.verify.Line;
import dev.mlhandoff.cli.verify.Line.State;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A finished run's card and artifacts, copied and changed: what of it does verification find. */
final class Tampering {

  private final Path folder;
  private final String run;
  private final byte[] card;
  private final String cards;
  private final FileArtifactStore copy;
  private final Path home;

  Tampering(FlowSystem system, String run, Path folder) throws Exception {
    this.folder = folder;
    this.run = run;
    this.cards = system.services().cards();
    this.card = Http.get(cards + "/cards/" + run).getBytes(UTF_8);
    this.copy = new FileArtifactStore(folder.resolve("store"));
    this.home = Home.write(folder.resolve("home"), system);
    Backends backends = system.backends();
    S3ArtifactStore store =
        new S3ArtifactStore(
            "handoff",
            backends.objectStore(),
            "us-east-1",
            backends.accessKey(),
            backends.secretKey());
    for (String key : store.list("runs/" + run + "/")) {
      copy.putIfAbsent(key, store.find(key).orElseThrow(), "");
    }
  }

  void check() throws Exception {
    freshCardHolds();
    lineageIsTold();
    flippedByte();
    missingArtifact();
    editedMetric();
    editedCard();
    editedStatus();
  }

  private void freshCardHolds() throws Exception {
    Path file = Files.write(folder.resolve("card.json"), card);
    String told = command(0, file.toString(), "--cards", cards, "--artifacts", storeAddress());
    assertThat(told).contains("0 do not, 0 could not be checked");
    assertThat(told.lines())
        .anyMatch(line -> line.startsWith("holds      artifact training/model-bundle: "))
        .anyMatch(
            line -> line.startsWith("holds      artifact data_pipeline/feature-definitions: "))
        .anyMatch(line -> line.startsWith("holds      artifact feature_engineering/skew: "))
        .anyMatch(line -> line.startsWith("holds      metric quantitative_analyses/auc_roc: "))
        .anyMatch(line -> line.startsWith("holds      metric training_data/prevalence: "))
        .anyMatch(line -> line.startsWith("holds      metric metrics/dimensions/discrimination: "))
        .anyMatch(line -> line.startsWith("holds      check reproducible: "))
        .anyMatch(line -> line.matches("holds      lineage .* <- entities.income <- .*: income"))
        .anyMatch(line -> line.startsWith("holds      deployment_status: "));
  }

  private void lineageIsTold() {
    assertThat(Command.run(0, "lineage", "income", "--home", home.toString()).lines())
        .anyMatch(line -> line.startsWith("feature income of "))
        .anyMatch(line -> line.startsWith("  <- column entities.income"))
        .anyMatch(line -> line.matches("    <- source .*: income"))
        .anyMatch(line -> line.startsWith("  -> model column income of "));
  }

  private void flippedByte() throws Exception {
    Path bundle = stored("training", "model-bundle");
    byte[] content = Files.readAllBytes(bundle);
    byte[] flipped = content.clone();
    flipped[flipped.length / 2] ^= 1;
    Files.write(bundle, flipped);
    assertThat(failures(card))
        .contains("artifact training/model-bundle")
        .doesNotContain("artifact training/oof-predictions", "evidence digest");
    Path file = Files.write(folder.resolve("flipped.json"), card);
    assertThat(command(1, file.toString(), "--artifacts", storeAddress(), "--home", "" + folder))
        .containsPattern("FAILS      artifact training/model-bundle: ARTIFACT_CORRUPT");
    Files.write(bundle, content);
  }

  private void missingArtifact() throws Exception {
    Path quarantine = stored("data_pipeline", "quarantine");
    byte[] content = Files.readAllBytes(quarantine);
    Files.delete(quarantine);
    assertThat(failures(card)).contains("artifact data_pipeline/quarantine");
    Files.write(quarantine, content);
  }

  /** Even where the digest, and the stored evidence, were made to fit. */
  private void editedMetric() throws Exception {
    byte[] edited =
        edited(
            tree ->
                ((ObjectNode) tree.at("/evidence/quantitative_analyses/metrics"))
                    .put("auc_roc", 0.99));
    assertThat(failures(edited))
        .containsExactlyInAnyOrder(
            "evidence digest", "stored evidence", "metric quantitative_analyses/auc_roc");

    ObjectNode fitted = (ObjectNode) Json.tree(edited);
    byte[] evidence = Json.write(Json.read(edited, ModelCard.class).evidence());
    fitted.put("evidence_digest", Digests.sha256(evidence));
    Path stored = folder.resolve("store/runs/" + run + "/card/evidence.json");
    byte[] before = Files.readAllBytes(stored);
    Files.write(stored, evidence);
    assertThat(failures(Json.write(fitted)))
        .containsExactly("metric quantitative_analyses/auc_roc");
    Files.write(stored, before);
  }

  private void editedCard() throws Exception {
    assertThat(failures(edited(tree -> object(tree, "/evidence").put("intended_use", "Any."))))
        .contains("evidence digest", "intended_use");
    assertThat(failures(edited(tree -> ((ObjectNode) tree).put("quality_score", 0.99))))
        .containsExactly("quality_score");
    assertThat(failures(edited(tree -> ((ObjectNode) tree).put("model_name", "FLOW of a project"))))
        .containsExactly("project");
    assertThat(
            failures(
                edited(
                    tree ->
                        object(tree, "/status/artifacts/training/model-bundle").put("bytes", 1))))
        .containsExactly("artifact training/model-bundle");
  }

  /** What no digest covers is held against the card service. */
  private void editedStatus() throws Exception {
    byte[] edited =
        edited(
            tree -> {
              ((ObjectNode) tree).put("deployment_status", "canary");
              object(tree, "/status").put("accepted_at", "2020-01-01T00:00:00Z");
            });
    Path file = Files.write(folder.resolve("status.json"), edited);
    assertThat(command(1, file.toString(), "--cards", cards, "--artifacts", storeAddress()).lines())
        .filteredOn(line -> line.startsWith("FAILS"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("deployment_status"),
            line -> assertThat(line).contains("status/accepted_at"));
  }

  private List<String> failures(byte[] content) throws Exception {
    return new CardVerification(copy, null, line -> {})
        .verify(content).stream()
            .filter(line -> line.state() == State.FAILS)
            .map(Line::subject)
            .toList();
  }

  private byte[] edited(Consumer<JsonNode> edit) {
    JsonNode tree = Json.tree(card);
    edit.accept(tree);
    return Json.write(tree);
  }

  private static ObjectNode object(JsonNode tree, String pointer) {
    return (ObjectNode) tree.at(pointer);
  }

  private Path stored(String stage, String role) {
    String uri = Json.tree(card).at("/status/artifacts/" + stage + "/" + role + "/uri").asString();
    return folder.resolve("store").resolve(uri.substring(uri.indexOf("/runs/") + 1));
  }

  private String storeAddress() {
    return folder.resolve("store").toUri().toString();
  }

  private static String command(int status, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "verify";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Command.run(status, all);
  }
}
