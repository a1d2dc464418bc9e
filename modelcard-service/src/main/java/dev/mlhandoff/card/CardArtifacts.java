package dev.mlhandoff.card;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The artifacts that a card names; each one's digest is checked. */
final class CardArtifacts {

  private final ArtifactStore store;
  private final JsonNode named;

  CardArtifacts(ArtifactStore store, ModelCard card) {
    this.store = store;
    this.named = Json.tree(Json.write(card.status())).path("artifacts");
  }

  Optional<ArtifactRef> find(String stage, String role) {
    JsonNode found = named.path(stage).path(role);
    return found.isObject()
        ? Optional.of(Json.convert(found, ArtifactRef.class))
        : Optional.empty();
  }

  /**
   * A reference.
   *
   * @throws RejectionException ARTIFACT_MISSING if the card does not name it
   */
  ArtifactRef ref(String stage, String role) throws RejectionException {
    return find(stage, role)
        .orElseThrow(
            () ->
                new RejectionException(
                    "ARTIFACT_MISSING", "the card names no " + stage + "/" + role, ""));
  }

  JsonNode json(String stage, String role) throws IOException, RejectionException {
    return Json.tree(store.read(ref(stage, role)));
  }
}
