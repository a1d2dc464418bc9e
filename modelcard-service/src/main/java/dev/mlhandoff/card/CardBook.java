package dev.mlhandoff.card;

import dev.mlhandoff.card.CardStore.Entry;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.RouteTable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
              refresh(entry, table);
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
    // The card of a version says how its retrains go.
    parentOf(run).flatMap(cards::ofRun).ifPresent(parent -> refresh(parent, route(modelId)));
    Optional<ModelCard> card = run.promotion().flatMap(promoted -> CardAssembler.assemble(run));
    if (card.isEmpty()) {
      cards.remove(run.runId());
      return;
    }
    put(modelId, run, card.get(), route(modelId));
  }

  private static Optional<String> parentOf(Run run) {
    return run.accepted().filter(origin -> origin.retraining() != null).map(Origin::parentRunId);
  }

  private @Nullable RouteTable route(String modelId) {
    return cards.route(modelId).orElse(null);
  }

  private void refresh(Entry entry, @Nullable RouteTable table) {
    runs.run(entry.runId()).ifPresent(run -> put(entry.modelId(), run, entry.card(), table));
  }

  private void put(String modelId, Run run, ModelCard card, @Nullable RouteTable table) {
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

  /** Every model's cards, the newest version first. */
  SortedMap<String, List<ModelCard>> byModel() {
    SortedMap<String, List<ModelCard>> models = new TreeMap<>();
    for (String modelId : cards.modelIds()) {
      models.put(modelId, cards.ofModel(modelId).stream().map(Entry::card).toList());
    }
    return models;
  }

  /** The newest route table of a model, if one has been seen. */
  Optional<RouteTable> routes(String modelId) {
    return cards.route(modelId);
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
