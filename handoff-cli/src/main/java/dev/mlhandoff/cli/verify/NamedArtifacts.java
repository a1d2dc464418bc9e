package dev.mlhandoff.cli.verify;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads every artifact that a card names, and holds it against the digest in the evidence. */
final class NamedArtifacts {

  private final ReadCard card;
  private final CardArtifacts artifacts;
  private final Ledger ledger;

  NamedArtifacts(ReadCard card, CardArtifacts artifacts, Ledger ledger) {
    this.card = card;
    this.artifacts = artifacts;
    this.ledger = ledger;
  }

  void check() {
    card.artifacts()
        .forEach(
            (stage, roles) -> {
              SortedMap<String, String> digests = digests(stage);
              roles.forEach((role, ref) -> check(stage, role, ref, digests.remove(role)));
              digests.forEach(
                  (role, digest) ->
                      ledger.fails(
                          subject(stage, role),
                          "the evidence has the digest %s, the status no reference"
                              .formatted(digest)));
            });
    for (Map.Entry<String, String> section : ReadCard.SECTIONS.entrySet()) {
      if (!card.artifacts().containsKey(section.getKey())) {
        ledger.fails("artifacts " + section.getKey(), "the status names none");
      }
    }
    JsonNode champion = card.status("champion");
    if (card.isRetrain()) {
      String digest = card.evidence().path("retraining").path("champion_sha256").asString("");
      if (champion.isObject()) {
        check("champion", "model-bundle", Json.convert(champion, ArtifactRef.class), digest);
      } else {
        ledger.fails("artifact champion/model-bundle", "the status names none");
      }
    }
  }

  private void check(String stage, String role, ArtifactRef ref, @Nullable String digest) {
    String subject = subject(stage, role);
    if (digest != null && !digest.equals(ref.sha256())) {
      ledger.fails(
          subject, "the evidence has the digest %s, the status %s".formatted(digest, ref.sha256()));
      return;
    }
    try {
      long bytes = Files.size(artifacts.fetch(ref));
      if (bytes == ref.bytes()) {
        ledger.holds(subject, "%s, %d bytes".formatted(ref.sha256(), bytes));
      } else {
        ledger.fails(subject, "the card says %d bytes, it has %d".formatted(ref.bytes(), bytes));
      }
    } catch (RejectionException e) {
      ledger.fails(subject, e.code() + ": " + e.reason());
    } catch (IOException e) {
      ledger.broken(subject, e);
    }
  }

  /** What the evidence says; roles that end in -metadata, and decided reports, are not in it. */
  private SortedMap<String, String> digests(String stage) {
    SortedMap<String, String> digests = new TreeMap<>();
    JsonNode named =
        ReadCard.SECTIONS.containsKey(stage)
            ? card.section(stage).path("evidence_sha256")
            : card.evidence().path("gates").path(stage);
    named.properties().forEach(e -> digests.put(e.getKey(), e.getValue().asString("")));
    if (stage.equals(StageIds.QUALITY_GATE)) {
      String report = card.evidence().path("metrics").path("evidence_sha256").asString("");
      digests.put("gate-report", report);
    }
    return digests;
  }

  private static String subject(String stage, String role) {
    return "artifact " + stage + "/" + role;
  }
}
