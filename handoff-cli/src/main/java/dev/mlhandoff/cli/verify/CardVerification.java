package dev.mlhandoff.cli.verify;

import dev.mlhandoff.runtime.ArtifactStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds a card against everything that it names. Changes nothing; may be done at any time. */
public final class CardVerification {

  private final ArtifactStore store;
  private final @Nullable Trail trail;
  private final Consumer<Line> listener;

  /**
   * @param trail null if no card service can be asked
   * @param listener told each line as soon as it is known
   */
  public CardVerification(ArtifactStore store, @Nullable Trail trail, Consumer<Line> listener) {
    this.store = store;
    this.trail = trail;
    this.listener = listener;
  }

  /** What the card service has from the topics. */
  public interface Trail {
    /** The record of a run. */
    JsonNode run(String runId) throws IOException, InterruptedException;

    /** The newest card of a run, as JSON. */
    byte[] card(String runId) throws IOException, InterruptedException;
  }

  /**
   * Every line, in the order in which it was looked at.
   *
   * @throws IOException if the content is no card, or the store cannot be reached
   */
  public List<Line> verify(byte[] content) throws IOException, InterruptedException {
    ReadCard card = ReadCard.of(content);
    Ledger ledger = new Ledger(listener);
    try (CardArtifacts artifacts = new CardArtifacts(store)) {
      CardItself.check(card, artifacts, ledger);
      new NamedArtifacts(card, artifacts, ledger).check();
      Map<String, Double> training = new GateFigures(card, artifacts, ledger).check();
      new StageFigures(card, artifacts, ledger).check(training);
      new FeatureLineage(card, artifacts, ledger).check();
      trail(card, ledger);
    }
    return ledger.lines();
  }

  private void trail(ReadCard card, Ledger ledger) throws InterruptedException {
    if (trail == null) {
      ledger.unchecked("status", "no card service to ask; name one with --cards");
      return;
    }
    try {
      RunTrail.check(card, trail.run(card.runId()), trail.card(card.runId()), ledger);
    } catch (IOException e) {
      ledger.broken("status", e);
    }
  }
}
