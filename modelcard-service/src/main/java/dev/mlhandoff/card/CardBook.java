package dev.mlhandoff.card;

import dev.mlhandoff.card.CardStore.Entry;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.RouteTable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps every card in step with the route that serves. A change is stored first and announced
 * afterwards, under a lock of its model, so that an older state never follows a newer one.
 */
final class CardBook {

  private final CardStore cards;
  private final RunStore runs;
  private final TransactionTemplate transaction;

  CardBook(CardStore cards, RunStore runs, TransactionTemplate transaction) {
    this.cards = cards;
    this.runs = runs;
    this.transaction = transaction;
  }

  /** Takes a route table, and brings the model's cards in step if it is newer than the known. */
  void follow(RouteTable table) {
    transaction.executeWithoutResult(
        status -> {
          cards.lock(table.modelId());
          if (cards.put(table)) {
            for (Entry entry : cards.ofModel(table.modelId())) {
              runs.run(entry.runId())
                  .ifPresent(
                      run ->
                          cards.put(
                              new Entry(
                                  entry.modelId(),
                                  entry.runId(),
                                  CardStatus.apply(
                                      entry.card(), run, table, retrainsOf(entry.runId())))));
            }
          }
        });
  }

  /** Writes the card that a run earned, or takes away one that it did not; joins a transaction. */
  void fold(Run run) {
    String modelId = run.accepted().map(accepted -> accepted.modelId()).orElse(null);
    if (modelId == null) {
      return;
    }
    cards.lock(modelId);
    parentOf(run).ifPresent(parent -> refresh(modelId, parent));
    Optional<ModelCard> card = run.promotion().flatMap(promoted -> CardAssembler.assemble(run));
    if (card.isEmpty()) {
      cards.remove(run.runId());
      return;
    }
    put(modelId, run, card.get());
  }

  private static Optional<String> parentOf(Run run) {
    return run.accepted().filter(origin -> origin.retraining() != null).map(Origin::parentRunId);
  }

  /** The card of a version says how its retrains go. */
  private void refresh(String modelId, String runId) {
    cards
        .ofRun(runId)
        .ifPresent(entry -> runs.run(runId).ifPresent(run -> put(modelId, run, entry.card())));
  }

  private void put(String modelId, Run run, ModelCard card) {
    RouteTable table = cards.route(modelId).orElse(null);
    cards.put(
        new Entry(
            modelId, run.runId(), CardStatus.apply(card, run, table, retrainsOf(run.runId()))));
  }

  private List<Run> retrainsOf(String runId) {
    return runs.retrainsOf(runId).stream().flatMap(id -> runs.run(id).stream()).toList();
  }

  /** Whether the route table of this revision, or a newer one, has been seen. */
  boolean hasSeen(String modelId, long revision) {
    return cards.route(modelId).map(table -> table.revision() >= revision).orElse(false);
  }

  /** Sends the newest state of a run's card. */
  void announce(String modelId, String runId, Consumer<Entry> send) {
    transaction.executeWithoutResult(
        status -> {
          cards.lock(modelId);
          cards
              .ofRun(runId)
              .ifPresent(
                  entry -> {
                    send.accept(entry);
                    cards.announced(entry);
                  });
        });
  }

  /** Sends every card that changed since it was last sent. */
  void announceChanges(Consumer<Entry> send) {
    for (Entry changed : cards.notAnnounced()) {
      announce(changed.modelId(), changed.runId(), send);
    }
  }

  List<String> modelIds() {
    return cards.modelIds();
  }

  Optional<ModelCard> ofRun(String runId) {
    return cards.ofRun(runId).map(Entry::card);
  }

  Optional<ModelCard> find(String modelId, String version) {
    return cards.find(modelId, version);
  }

  /** The card of the version that serves; the newest one if none does. */
  Optional<ModelCard> ofModel(String modelId) {
    List<ModelCard> all = cards.ofModel(modelId).stream().map(Entry::card).toList();
    return all.stream()
        .filter(card -> card.deploymentStatus().equals("production"))
        .findFirst()
        .or(() -> all.stream().findFirst());
  }
}
